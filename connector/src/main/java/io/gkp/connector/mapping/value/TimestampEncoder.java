package io.gkp.connector.mapping.value;

/** A {@code timestamptz}; its zone {@code +00} becomes {@code +00:00}. */
final class TimestampEncoder extends DateEncoder {
  @Override
  public String encode(String text) throws Unrepresentable {
    String checked = super.encode(text);
    char sign = checked.charAt(checked.length() - 3);
    return sign == '+' || sign == '-' ? checked + ":00" : checked;
  }
}
