package io.gkp.connector.mapping;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a row says about its values: {@code _cdc_unavailable} and {@code _cdc_lossy}. */
final class RowRemarks implements LossySink {
  private record Lossy(String column, String text, LossyReason reason) {}

  private final List<String> unavailable = new ArrayList<>();
  private final List<Lossy> lossy = new ArrayList<>();
  private int lossyValues;

  void clear() {
    unavailable.clear();
    lossy.clear();
    lossyValues = 0;
  }

  void unavailable(String column) {
    unavailable.add(column);
  }

  @Override
  public void add(String column, String text, LossyReason reason) {
    lossy.add(new Lossy(column, text, reason));
    if (reason != LossyReason.NULL_ARRAY) {
      lossyValues++;
    }
  }

  int lossyValues() {
    return lossyValues;
  }

  void write(JsonGenerator json) throws IOException {
    if (!unavailable.isEmpty()) {
      json.writeArrayFieldStart(CdcColumns.UNAVAILABLE);
      for (String column : unavailable) {
        json.writeString(column);
      }
      json.writeEndArray();
    }
    if (!lossy.isEmpty()) {
      json.writeArrayFieldStart(CdcColumns.LOSSY);
      for (Lossy value : lossy) {
        json.writeStartObject();
        json.writeStringField("column", value.column);
        if (value.text != null) {
          json.writeStringField("text", value.text);
        }
        json.writeStringField("reason", value.reason.code());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}
