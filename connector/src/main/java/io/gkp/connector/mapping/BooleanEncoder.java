package io.gkp.connector.mapping;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** {@code t} or {@code f}. */
final class BooleanEncoder implements ValueEncoder {
  @Override
  public String encode(String text) throws Unrepresentable {
    if (text.equals("t") || text.equals("f")) {
      return text;
    }
    throw Unrepresentable.because(LossyReason.MALFORMED);
  }

  @Override
  public void write(String encoded, JsonGenerator out) throws IOException {
    out.writeBoolean(encoded.equals("t"));
  }
}
