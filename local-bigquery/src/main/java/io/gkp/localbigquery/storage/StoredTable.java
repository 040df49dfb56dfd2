package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.api.ApiJson;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/**
 * A table or view as it is, or was, at one time.
 *
 * @param definition what clients know of it, without the size
 * @param physical the table in DuckDB whose first rows are its rows, in columns named by position;
 *     {@code null} for a view
 * @param bytes logical ones
 * @param since when its rows and columns became these, in microseconds since 1970
 */
record StoredTable(Table definition, String physical, long rows, long bytes, long since) {
  /** The next state, with a new etag. */
  static StoredTable stamped(Table definition, String physical, long rows, long bytes) {
    long now = micros();
    Table stamped =
        ApiJson.copy(definition)
            .setEtag(UUID.randomUUID().toString())
            .setLastModifiedTime(BigInteger.valueOf(now / 1000))
            .setNumRows(null)
            .setNumBytes(null)
            .setNumTotalLogicalBytes(null);
    return new StoredTable(stamped, physical, rows, bytes, now);
  }

  /** The clock, in microseconds since 1970. */
  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** What clients see. */
  Table metadata() {
    Table table = ApiJson.copy(definition);
    if (table.getView() == null) {
      table.setNumRows(BigInteger.valueOf(rows));
      table.setNumBytes(bytes);
      table.setNumTotalLogicalBytes(bytes);
    }
    return table;
  }

  String etag() {
    return definition.getEtag();
  }

  StoredTable since(long micros) {
    return new StoredTable(definition, physical, rows, bytes, micros);
  }

  StoredTable with(Table other) {
    return new StoredTable(other, physical, rows, bytes, since);
  }

  /** The same rows in another table in DuckDB. */
  StoredTable in(String other) {
    return new StoredTable(definition, other, rows, bytes, since);
  }

  /** Whether the columns are the other's. */
  boolean hasColumnsOf(StoredTable other) {
    return Objects.equals(definition.getSchema(), other.definition.getSchema());
  }
}
