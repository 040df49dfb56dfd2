package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.api.ApiJson;
import java.math.BigInteger;
import java.util.UUID;

/**
 * A table or view as it is at one time.
 *
 * @param definition what clients know of it, without the size
 * @param physical the table in DuckDB that holds its rows, in columns named by position
 * @param bytes logical ones
 */
record StoredTable(Table definition, String physical, long rows, long bytes) {
  /** The next state, with a new etag. */
  static StoredTable stamped(Table definition, String physical, long rows, long bytes) {
    Table stamped =
        ApiJson.copy(definition)
            .setEtag(UUID.randomUUID().toString())
            .setLastModifiedTime(BigInteger.valueOf(System.currentTimeMillis()))
            .setNumRows(null)
            .setNumBytes(null)
            .setNumTotalLogicalBytes(null);
    return new StoredTable(stamped, physical, rows, bytes);
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
}
