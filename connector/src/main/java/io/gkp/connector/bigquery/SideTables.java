package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.gkp.bigquery.Calls;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.Inheritance;
import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.TableName;
import io.gkp.raw.RawNames;
import io.gkp.sql.warehouse.RawColumnNotes;
import java.time.Duration;
import java.time.Instant;

/**
 * Tables for rows that are read to be compared: {@code verify_<table>} beside {@code raw_<table>},
 * with the same columns, and so with the same protection. Each verification makes its own, and
 * BigQuery deletes it after a day.
 */
final class SideTables {
  private static final String RAW = RawNames.PREFIX;
  private static final String SIDE = "verify_";
  private static final Duration KEPT = Duration.ofDays(1);

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final RawColumnNotes notes;
  private final ChangelogTable.SchemaFollower follower;
  private final Calls calls;

  SideTables(
      BigQuery bigquery,
      DestinationConfig config,
      RawColumnNotes notes,
      ChangelogTable.SchemaFollower follower) {
    this.follower = follower;
    this.bigquery = bigquery;
    this.config = config;
    this.notes = notes;
    this.calls = new Calls(config);
  }

  /** The raw table whose columns a table has: its own name unless it is a side table. */
  static String rawNameOf(String table) {
    return table.startsWith(SIDE) ? RAW + table.substring(SIDE.length()) : table;
  }

  /**
   * Creates the table in place of an earlier one.
   *
   * @param raw where the source's columns go to in the raw table
   * @param now when it begins to be kept
   */
  ChangelogTable create(SourceTable source, RawTable raw, Instant now) {
    String name = SIDE + raw.name().substring(RAW.length());
    TableId id = TableId.of(config.project(), config.dataset(), name);
    Schema schema = notes.annotate(raw.name(), raw.schema());
    TableInfo info =
        TableInfo.newBuilder(id, StandardTableDefinition.of(schema))
            .setDescription(
                "Rows of Postgres table "
                    + new TableName(source.schema(), source.name()).display()
                    + " as verify last read them.")
            .setDefaultCollation(Inheritance.NO_COLLATION)
            .setExpirationTime(now.plus(KEPT).toEpochMilli())
            .build();
    calls.repeatToTheEnd("table " + name, () -> bigquery.delete(id));
    calls.create("table " + name, () -> bigquery.create(info));
    return new ChangelogTable(name, raw, follower, (table, changes) -> {});
  }
}
