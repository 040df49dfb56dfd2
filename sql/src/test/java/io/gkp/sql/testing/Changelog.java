package io.gkp.sql.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Rows of raw and control tables. */
public final class Changelog {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Changelog() {}

  /** A change; {@code values} by column, null for NULL. */
  public static ObjectNode change(
      String op, long epoch, long batch, long row, Instant ingestedAt, Map<String, ?> values) {
    ObjectNode node = JSON.objectNode();
    values.forEach((name, value) -> node.putPOJO(name, value));
    return node.put("_cdc_op", op)
        .put("_cdc_epoch", epoch)
        .put("_cdc_batch", batch)
        .put("_cdc_row", row)
        .put("_cdc_ingested_at", ingestedAt.toString())
        .put("_cdc_committed_at", ingestedAt.toString());
  }

  /** The change with columns that Postgres did not send. */
  public static ObjectNode unavailable(ObjectNode change, List<String> columns) {
    ArrayNode names = change.putArray("_cdc_unavailable");
    columns.forEach(names::add);
    return change;
  }

  /** The change as part of a transaction. */
  public static ObjectNode at(ObjectNode change, long txId, long lsn) {
    return change.put("_cdc_tx_id", txId).put("_cdc_lsn", lsn);
  }

  public static ObjectNode checkpoint(long n, String kind) {
    return JSON.objectNode()
        .put("n", n)
        .put("lineage", "abc")
        .put("kind", kind)
        .put("committed_at", "2026-01-01T00:00:00Z");
  }

  public static ObjectNode epoch(String table, long epoch, String state, long batch) {
    return JSON.objectNode()
        .put("table_name", table)
        .put("epoch", epoch)
        .put("state", state)
        .put("kind", epoch == 1 ? "initial" : "reset")
        .put("batch", batch)
        .put("changed_at", Instant.EPOCH.plusSeconds(batch).toString());
  }
}
