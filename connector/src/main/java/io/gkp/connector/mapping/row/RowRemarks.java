package io.gkp.connector.mapping.row;

import io.gkp.connector.mapping.value.JsonLine;
import io.gkp.connector.mapping.value.LossyReason;
import io.gkp.connector.mapping.value.LossySink;
import io.gkp.raw.CdcColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what a row says about its values: {@code _cdc_unavailable} and {@code _cdc_lossy}. */
final class RowRemarks implements LossySink {
  private static final byte[] UNAVAILABLE = JsonLine.quoted(CdcColumn.UNAVAILABLE.columnName());
  private static final byte[] LOSSY = JsonLine.quoted(CdcColumn.LOSSY.columnName());
  private static final byte[] COLUMN = JsonLine.quoted("column");
  private static final byte[] TEXT = JsonLine.quoted("text");
  private static final byte[] REASON = JsonLine.quoted("reason");

  private record Lossy(String column, @Nullable String text, LossyReason reason) {}

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
  public void add(String column, @Nullable String text, LossyReason reason) {
    lossy.add(new Lossy(column, text, reason));
    if (reason != LossyReason.NULL_ARRAY) {
      lossyValues++;
    }
  }

  int unavailableValues() {
    return unavailable.size();
  }

  int lossyValues() {
    return lossyValues;
  }

  void write(JsonLine line) {
    if (!unavailable.isEmpty()) {
      line.name(UNAVAILABLE);
      line.raw('[');
      for (String column : unavailable) {
        line.separate('[');
        line.string(column);
      }
      line.raw(']');
    }
    if (!lossy.isEmpty()) {
      line.name(LOSSY);
      line.raw('[');
      for (Lossy value : lossy) {
        line.separate('[');
        write(line, value);
      }
      line.raw(']');
    }
  }

  private static void write(JsonLine line, Lossy value) {
    line.raw('{');
    line.name(COLUMN);
    line.string(value.column);
    if (value.text != null) {
      line.name(TEXT);
      line.string(value.text);
    }
    line.name(REASON);
    line.string(value.reason.code());
    line.raw('}');
  }
}
