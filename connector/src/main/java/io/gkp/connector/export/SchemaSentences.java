package io.gkp.connector.export;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.mapping.SchemaChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the report and the log what changed about a raw table. */
final class SchemaSentences implements ChangelogTable.SchemaReport {
  private static final Logger log = LoggerFactory.getLogger(SchemaSentences.class);

  private final RunStatistics statistics;

  SchemaSentences(RunStatistics statistics) {
    this.statistics = statistics;
  }

  @Override
  public void changed(String table, SchemaChanges changes) {
    changes
        .added()
        .forEach(
            field ->
                say(
                    "%s: new column %s %s"
                        .formatted(table, field.getName(), field.getType().getStandardType())));
    changes
        .widened()
        .forEach(
            widened ->
                say(
                    "%s: column %s widened from %s to %s"
                        .formatted(table, widened.field(), widened.from(), widened.to())));
    changes
        .redirected()
        .forEach(
            moved ->
                say(
                    "%s: column %s changed its type incompatibly; its values now go to %s, %s keeps"
                            .formatted(table, moved.column(), moved.target(), moved.field())
                        + " the older ones"));
  }

  private void say(String sentence) {
    log.info(sentence);
    statistics.schemaChanged(sentence);
  }
}
