package io.gkp.connector.mapping.value;

/** A {@code json} or {@code jsonb} document, raw, on one line. */
final class JsonEncoder implements ValueEncoder {
  @Override
  public String encode(String text) throws Unrepresentable {
    return JsonDocument.compact(text);
  }

  @Override
  public void write(String encoded, JsonLine out) {
    out.raw(encoded);
  }
}
