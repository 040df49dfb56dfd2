package io.gkp.connector.export;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.mapping.schema.Alteration;
import io.gkp.connector.mapping.schema.SchemaChanges;
import io.gkp.name.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the report and the log what changed about a table. */
final class SchemaSentences implements ChangelogTable.SchemaReport {
  private static final Logger log = LoggerFactory.getLogger(SchemaSentences.class);

  private final RunStatistics statistics;
  private final TableName source;

  SchemaSentences(RunStatistics statistics, TableName source) {
    this.statistics = statistics;
    this.source = source;
  }

  @Override
  public void created(String table) {
    say(table, "new table for " + source);
  }

  @Override
  public void expired(String table) {
    statistics.warn(
        Finding.warning(
                "partition-expiration",
                "Partitions of " + table + " had an expiration, and old ones may be gone.",
                "The run has taken it away. Rows that have not changed since are missing then, until"
                    + " the table is read anew:")
            .withCommand(
                "./gkp_cli offsets reset --table "
                    + source
                    + " --yes --reason 'partitions expired'"));
  }

  @Override
  public void keyRestored(String table) {
    statistics.warn(
        Finding.warning(
            "raw-key",
            "Table " + table + " had lost its primary key, by which the models find its rows.",
            "The run has put it back. A copy in the table's place has none; where it lacks rows,"
                + " run offsets reset --table "
                + source
                + " --yes."));
  }

  /**
   * @param columns that rows were loaded with and that the table has no field for any more
   */
  void lost(String table, List<String> columns) {
    if (!columns.isEmpty()) {
      statistics.warn(
          Finding.warning(
                  "raw-column",
                  "Table %s has lost columns that its rows had: %s. Somebody dropped or renamed them."
                      .formatted(table, String.join(", ", columns)),
                  "Runs add them anew. Rows that have not changed since show NULL in them, until the"
                      + " table is read anew:")
              .withCommand(
                  "./gkp_cli offsets reset --table "
                      + source
                      + " --yes --reason 'columns were dropped'"));
    }
  }

  @Override
  public void changed(String table, SchemaChanges changes) {
    changes.altered().forEach(alteration -> say(table, sentence(alteration)));
    changes
        .added()
        .forEach(
            field ->
                say(
                    table,
                    "new column %s %s"
                        .formatted(field.getName(), field.getType().getStandardType())));
    changes
        .filled()
        .forEach(
            field ->
                say(
                    table,
                    "older rows have the default of column %s at the source and NULL here, until"
                            .formatted(field)
                        + " the table is read anew, which runs do by themselves"));
    changes
        .widened()
        .forEach(
            widened ->
                say(
                    table,
                    "column %s widened from %s to %s"
                        .formatted(widened.field(), widened.from(), widened.to())));
    changes
        .redirected()
        .forEach(
            moved ->
                say(
                    table,
                    "column %s changed its type incompatibly; its values now go to %s, %s keeps"
                            .formatted(moved.column(), moved.target(), moved.field())
                        + " the older ones"));
  }

  private String sentence(Alteration alteration) {
    String column = "column " + alteration.column();
    return switch (alteration.kind()) {
      case DROPPED -> column + " was dropped; it stays here, NULL from now on";
      case RENAMED ->
          column + " was renamed to " + alteration.to() + "; the older values stay where they are";
      case RETYPED ->
          "%s changed its type from %s to %s".formatted(column, alteration.from(), alteration.to());
      case REPLACED -> column + " was dropped and added anew as " + alteration.to();
      case RETURNED -> column + " is there again as " + alteration.to();
      case NOT_NULL_ADDED -> column + " is NOT NULL now";
      case NOT_NULL_DROPPED -> column + " may be NULL now";
      case DEFAULT_ADDED -> column + " has a default now";
      case DEFAULT_DROPPED -> column + " has no default any more";
      case KEY_CHANGED -> key(alteration.from(), alteration.to());
    };
  }

  private static String key(@Nullable String from, @Nullable String to) {
    return from == null
        ? "the key is (" + to + ") now"
        : to == null
            ? "the key (" + from + ") was dropped"
            : "the key changed from (" + from + ") to (" + to + ")";
  }

  private void say(String table, String what) {
    String sentence = table + ": " + what;
    log.info(sentence);
    statistics.schemaChanged(source, sentence);
  }
}
