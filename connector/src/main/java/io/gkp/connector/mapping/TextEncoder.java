package io.gkp.connector.mapping;

/** Any type whose Postgres text is the value. */
final class TextEncoder implements ValueEncoder {
  @Override
  public String encode(String text) {
    return text;
  }
}
