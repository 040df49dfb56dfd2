package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Datasets, tables, views and their rows, persistent and safe for concurrent use.
 *
 * <p>Metadata are the REST API's own model classes ({@link Table#getSchema()}, {@link
 * Table#getView()}, partitioning, clustering, labels ...), so that nothing a client sent is lost.
 *
 * <p>A row is an {@code Object[]} in schema order. Values by field type, {@code null} for NULL:
 * STRING, JSON, GEOGRAPHY, INTERVAL and RANGE as {@link String} (JSON as its compact text); INT64
 * as {@link Long}; FLOAT64 as {@link Double}; BOOL as {@link Boolean}; NUMERIC and BIGNUMERIC as
 * {@link java.math.BigDecimal}; BYTES as {@code byte[]}; DATE as {@link java.time.LocalDate}; TIME
 * as {@link java.time.LocalTime}; DATETIME as {@link java.time.LocalDateTime}; TIMESTAMP as {@link
 * java.time.Instant} (microseconds); a REPEATED field as {@code List<Object>} (never null, no null
 * elements); STRUCT as {@code Object[]}.
 *
 * <p>Every method that changes something returns only once the change would survive {@code kill -9}
 * of this process, and a change is seen whole or not at all.
 */
public interface Warehouse {
  List<Dataset> datasets(String project);

  Optional<Dataset> dataset(String project, String dataset);

  /** Throws the real service's {@code duplicate} (409) where the dataset exists. */
  Dataset createDataset(Dataset dataset);

  /** Replaces the dataset's own metadata. */
  Dataset replaceDataset(Dataset dataset);

  /** Throws {@code resourceInUse} (400) where tables are left and {@code contents} is false. */
  void deleteDataset(String project, String dataset, boolean contents);

  List<Table> tables(String project, String dataset);

  Optional<Table> table(TableReference table);

  /** Creates a table or view; throws {@code duplicate} (409) where it exists. */
  Table createTable(Table table);

  /**
   * Replaces the metadata of a table or view. The schema may gain nullable or repeated fields,
   * relax REQUIRED and widen types; rows stored earlier then read NULL (or an empty list).
   */
  Table replaceTable(Table table);

  /** Puts a table or view with these rows in the place of whatever bears its name, in one step. */
  Table putTable(Table table, Iterator<Object[]> rows);

  void deleteTable(TableReference table);

  long rowCount(TableReference table);

  /**
   * Reads rows in storage order, the named top-level columns only, in the order named.
   *
   * @param limit the most rows to read; {@link Long#MAX_VALUE} for all
   */
  RowCursor scan(TableReference table, List<String> columns, long limit);

  void append(TableReference table, Iterator<Object[]> rows);

  /** Puts these rows in the place of all rows, atomically. */
  void replaceRows(TableReference table, Iterator<Object[]> rows);

  /**
   * As {@link #replaceRows(TableReference, Iterator)}, unless somebody changed the table after it
   * was as {@code seen}.
   *
   * @param seen what {@link #table} answered before the rows were read that these are made from
   * @return whether the rows were replaced
   */
  boolean replaceRows(Table seen, Iterator<Object[]> rows);

  /** Rows read one by one; close it. */
  interface RowCursor extends Iterator<Object[]>, AutoCloseable {
    @Override
    void close();
  }
}
