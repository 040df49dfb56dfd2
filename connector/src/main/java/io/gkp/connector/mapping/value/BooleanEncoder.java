package io.gkp.connector.mapping.value;

import io.gkp.connector.wire.Tuple;

/** {@code t} or {@code f}. */
final class BooleanEncoder implements ValueEncoder {
  private static final String TRUE = "true";
  private static final String FALSE = "false";

  @Override
  public String encode(String text) throws Unrepresentable {
    if (text.equals("t") || text.equals("f")) {
      return text;
    }
    throw Unrepresentable.because(LossyReason.MALFORMED);
  }

  @Override
  public void write(String encoded, JsonLine out) {
    out.raw(encoded.equals("t") ? TRUE : FALSE);
  }

  @Override
  public boolean writeBytes(Tuple row, int i, JsonLine out) {
    byte first = row.length(i) == 1 ? row.data()[row.start(i)] : 0;
    out.raw(first == 't' ? TRUE : FALSE);
    return first == 't' || first == 'f';
  }
}
