package io.gkp.connector.mapping.row;

import io.gkp.connector.mapping.schema.ColumnMapping;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.mapping.value.JsonLine;
import io.gkp.connector.mapping.value.LossyReason;
import io.gkp.connector.wire.Tuple;
import java.io.IOException;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.List;

/**
 * Writes the rows of one raw table as lines of newline-delimited JSON. Keeps a buffer: one writer
 * per thread.
 */
public final class ChangeRowWriter {
  /** BigQuery loads JSON rows of up to 100 MB; which megabytes is not said, so the smaller. */
  private static final int MAX_ROW_BYTES = 99_000_000;

  private final ColumnMapping[] columns;
  private final boolean hasKey;
  private final boolean wholeOldRows;
  private final int maxRowBytes;
  private final RowMetaWriter meta = new RowMetaWriter();
  private final RowRemarks remarks = new RowRemarks();
  private final JsonLine line = new JsonLine();

  public ChangeRowWriter(RawTable table) {
    this(table, MAX_ROW_BYTES);
  }

  ChangeRowWriter(RawTable table, int maxRowBytes) {
    this.columns = table.columns().toArray(ColumnMapping[]::new);
    this.hasKey = table.source().hasKey();
    this.wholeOldRows = table.source().wholeOldRows();
    this.maxRowBytes = maxRowBytes;
  }

  /**
   * Writes one line; nothing of it when this fails.
   *
   * @param row one value for each of the table's columns; ignored for a truncate
   * @throws IOException from {@code out}
   */
  public RowStats write(OutputStream out, ChangeOp op, Tuple row, RowMeta rowMeta)
      throws IOException {
    if (op != ChangeOp.TRUNCATE && row.size() != columns.length) {
      throw new IllegalArgumentException(row.size() + " values for " + columns.length + " columns");
    }
    BitSet leftOut = new BitSet();
    render(op, row, rowMeta, leftOut);
    while (line.length() > maxRowBytes) {
      leftOut.set(OversizedValue.longest(List.of(columns), row, leftOut));
      render(op, row, rowMeta, leftOut);
    }
    out.write(line.bytes(), 0, line.length());
    return new RowStats(line.length(), remarks.lossyValues(), remarks.unavailableValues());
  }

  private void render(ChangeOp op, Tuple row, RowMeta rowMeta, BitSet leftOut) {
    remarks.clear();
    line.clear();
    line.raw('{');
    if (op != ChangeOp.TRUNCATE) {
      writeValues(op, row, leftOut);
    }
    meta.write(line, op, rowMeta);
    remarks.write(line);
    line.raw('}');
    line.raw('\n');
  }

  private void writeValues(ChangeOp op, Tuple row, BitSet leftOut) {
    // Where Postgres sends the key alone, what it sent is the key: by now it may be another one.
    boolean keyOnly = op == ChangeOp.DELETE && wholeOldRows && hasKey;
    boolean absent = op == ChangeOp.DELETE && !wholeOldRows;
    for (int i = 0; i < columns.length; i++) {
      ColumnMapping column = columns[i];
      if (keyOnly && !column.source().isKey()) {
        continue;
      }
      if (column.isAbsent(row, i)) {
        if (column.losesNull() && !absent) {
          remarks.add(column.fieldName(), null, LossyReason.NULL_ARRAY);
        }
      } else if (row.isUnchanged(i)) {
        remarks.unavailable(column.fieldName());
      } else if (leftOut.get(i)) {
        remarks.add(
            column.fieldName(), OversizedValue.describe(column.text(row, i)), LossyReason.ROW_SIZE);
      } else {
        column.write(row, i, line, remarks);
      }
    }
  }
}
