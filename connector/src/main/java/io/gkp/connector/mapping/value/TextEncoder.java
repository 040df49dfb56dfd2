package io.gkp.connector.mapping.value;

import io.gkp.connector.wire.Tuple;

/** Any type whose Postgres text is the value. */
final class TextEncoder implements ValueEncoder {
  @Override
  public String encode(String text) {
    return text;
  }

  @Override
  public boolean writeBytes(Tuple row, int i, JsonLine out) {
    return out.string(row.data(), row.start(i), row.length(i)) || row.isUtf8(i);
  }
}
