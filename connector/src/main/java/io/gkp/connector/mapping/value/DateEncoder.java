package io.gkp.connector.mapping.value;

/** A {@code date} or {@code timestamp} of the years 0001 to 9999, as Postgres prints it. */
class DateEncoder implements ValueEncoder {
  @Override
  public String encode(String text) throws Unrepresentable {
    // Postgres pads years to four digits; longer ones move the first dash.
    if (text.length() >= "0001-01-01".length() && text.charAt(4) == '-') {
      if (text.endsWith(" BC")) {
        throw Unrepresentable.because(LossyReason.YEAR_RANGE);
      }
      return text;
    }
    throw Unrepresentable.because(
        switch (text) {
          case "infinity", "-infinity" -> LossyReason.INFINITY;
          default -> text.indexOf('-') > 4 ? LossyReason.YEAR_RANGE : LossyReason.MALFORMED;
        });
  }
}
