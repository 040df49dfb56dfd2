package io.gkp.connector.mapping.value;

/** A {@code time} without zone. */
final class TimeEncoder implements ValueEncoder {
  @Override
  public String encode(String text) throws Unrepresentable {
    if (text.startsWith("24")) {
      throw Unrepresentable.because(LossyReason.HOUR_24);
    }
    return text;
  }
}
