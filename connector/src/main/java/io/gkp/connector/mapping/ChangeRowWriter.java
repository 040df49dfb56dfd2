package io.gkp.connector.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.gkp.connector.debezium.DebeziumTextConverter;
import io.gkp.connector.session.ServerText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.List;

/**
 * Writes the rows of one raw table as lines of newline-delimited JSON. Keeps a buffer: one writer
 * per thread.
 */
public final class ChangeRowWriter {
  private static final JsonFactory JSON =
      new JsonFactory().enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8);
  private static final int KEPT_BUFFER = 1 << 20;

  /** BigQuery loads JSON rows of up to 100 MB; which megabytes is not said, so the smaller. */
  private static final int MAX_ROW_BYTES = 99_000_000;

  private final List<ColumnMapping> columns;
  private final boolean hasKey;
  private final boolean hasProtected;
  private final boolean wholeOldRows;
  private final int maxRowBytes;
  private final RowMetaWriter meta = new RowMetaWriter();
  private final RowRemarks remarks = new RowRemarks();
  private ByteArrayOutputStream buffer = new ByteArrayOutputStream();

  public ChangeRowWriter(RawTable table) {
    this(table, MAX_ROW_BYTES);
  }

  ChangeRowWriter(RawTable table, int maxRowBytes) {
    this.columns = table.columns();
    this.hasKey = table.source().hasKey();
    this.hasProtected = columns.stream().anyMatch(column -> !column.source().protection().isNone());
    this.wholeOldRows = table.source().wholeOldRows();
    this.maxRowBytes = maxRowBytes;
  }

  /**
   * Writes one line; nothing of it when this fails. Here, and only here, whichever way a row came,
   * values are hashed or left out as their columns' {@link ColumnProtection} says.
   *
   * @param values one text for each of the table's columns; null for SQL NULL, {@link
   *     DebeziumTextConverter#UNAVAILABLE} for what Postgres did not send. Ignored for a truncate
   * @throws IOException from {@code out}
   */
  public RowStats write(OutputStream out, ChangeOp op, String[] values, RowMeta rowMeta)
      throws IOException {
    if (op != ChangeOp.TRUNCATE && values.length != columns.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + columns.size() + " columns");
    }
    // First of all, so that no remark on the row tells of the values that came.
    String[] written =
        hasProtected && op != ChangeOp.TRUNCATE ? ColumnMapping.protect(columns, values) : values;
    BitSet leftOut = new BitSet();
    render(op, written, rowMeta, leftOut);
    while (buffer.size() > maxRowBytes) {
      leftOut.set(OversizedValue.longest(written, leftOut));
      render(op, written, rowMeta, leftOut);
    }
    buffer.writeTo(out);
    RowStats stats = new RowStats(buffer.size(), remarks.lossyValues());
    if (buffer.size() > KEPT_BUFFER) {
      buffer = new ByteArrayOutputStream();
    }
    return stats;
  }

  private void render(ChangeOp op, String[] values, RowMeta rowMeta, BitSet leftOut)
      throws IOException {
    remarks.clear();
    buffer.reset();
    try (JsonGenerator json = JSON.createGenerator(buffer)) {
      json.writeStartObject();
      if (op != ChangeOp.TRUNCATE) {
        writeValues(json, op, values, leftOut);
      }
      meta.write(json, op, rowMeta);
      remarks.write(json);
      json.writeEndObject();
    }
    buffer.write('\n');
  }

  private void writeValues(JsonGenerator json, ChangeOp op, String[] values, BitSet leftOut)
      throws IOException {
    // Where Postgres sends the key alone, what it sent is the key: by now it may be another one.
    boolean keyOnly = op == ChangeOp.DELETE && wholeOldRows && hasKey;
    boolean absent = op == ChangeOp.DELETE && !wholeOldRows;
    for (int i = 0; i < values.length; i++) {
      ColumnMapping column = columns.get(i);
      if (keyOnly && !column.source().isKey()) {
        continue;
      }
      String text = values[i];
      if (text == null) {
        if (column.losesNull() && !absent) {
          remarks.add(column.fieldName(), null, LossyReason.NULL_ARRAY);
        }
      } else if (isUnavailable(text)) {
        remarks.unavailable(column.fieldName());
      } else if (leftOut.get(i)) {
        remarks.add(column.fieldName(), OversizedValue.describe(text), LossyReason.ROW_SIZE);
      } else if (ServerText.isUnreadable(text)) {
        remarks.add(column.fieldName(), ServerText.escaped(text), LossyReason.ENCODING);
      } else {
        column.write(text, json, remarks);
      }
    }
  }

  @SuppressWarnings("StringEquality") // the marker is an object, not a text
  private static boolean isUnavailable(String text) {
    return text == DebeziumTextConverter.UNAVAILABLE;
  }
}
