package io.gkp.offsets;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads control tables as what they are: text of a dataset that others may write into. A row is as
 * the export writes it, or it is none of the export's.
 */
final class ControlRows {
  private static final Logger log = LoggerFactory.getLogger(ControlRows.class);

  private final ControlStore store;
  private final ControlTable table;

  ControlRows(ControlStore store, ControlTable table) {
    this.store = store;
    this.table = table;
  }

  /**
   * The rows that a position or an epoch is read from: to pass one over could lose changes.
   *
   * @throws ExportException {@code CONTROL_ROW}
   */
  List<Map<String, Object>> all(String suffix) {
    List<Map<String, Object>> rows = store.read(table, suffix);
    for (Map<String, Object> row : rows) {
      Optional<ControlTable.Column> foreign = foreign(row);
      if (foreign.isPresent()) {
        throw refuse(foreign.get());
      }
    }
    return rows;
  }

  /** The rows that are only told or asked for: one that is none of ours is passed over. */
  List<Map<String, Object>> ours(String suffix) {
    List<Map<String, Object>> rows = store.read(table, suffix);
    List<Map<String, Object>> ours = rows.stream().filter(row -> foreign(row).isEmpty()).toList();
    if (ours.size() < rows.size()) {
      log.warn(
          "{} rows of {} are none that the export has written, and are passed over",
          rows.size() - ours.size(),
          table.tableName());
    }
    return ours;
  }

  /** The column by which a row is known to be none of ours. */
  private Optional<ControlTable.Column> foreign(Map<String, Object> row) {
    return table.columns().stream()
        .filter(column -> !column.rule().holds().test(row.get(column.name())))
        .findFirst();
  }

  private ExportException refuse(ControlTable.Column column) {
    return new ExportException(
        Failure.CONTROL_ROW,
        """
        A row of table %s is none that the export has written: its column %s holds something \
        else."""
            .formatted(table.tableName(), column.name()),
        "Somebody has written into the dataset. Look at the row, and delete it in BigQuery: DELETE FROM "
            + table.tableName()
            + " WHERE NOT COALESCE("
            + column.rule().sql(column.name())
            + ", FALSE); or restore the table as it was, which BigQuery allows for 7 days.");
  }
}
