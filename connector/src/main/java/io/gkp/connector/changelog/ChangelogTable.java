package io.gkp.connector.changelog;

import com.google.cloud.bigquery.Schema;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.mapping.row.ChangeRowWriter;
import io.gkp.connector.mapping.row.RowKey;
import io.gkp.connector.mapping.row.RowMeta;
import io.gkp.connector.mapping.row.RowStats;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.mapping.schema.SchemaChanges;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One raw table while a run writes to it: follows the source table's shape and lets the destination
 * follow before a row of the new shape is loaded.
 */
public final class ChangelogTable {
  private final String name;
  private final SchemaFollower follower;
  private final SchemaReport report;
  private final boolean isKeyed;

  private RawTable raw;
  private ChangeRowWriter writer;
  private @Nullable SourceTable followed;

  /** What must be altered in place. */
  public interface SchemaFollower {
    /** Before rows that need it are loaded. */
    void widen(String table, List<SchemaChanges.Widening> widened);

    /** Before an epoch is complete whose rows have another key than those before. */
    void key(RawTable raw, long epoch);

    /** Where the destination's table has lost the key of the rows that it holds. */
    void restoreKey(RawTable raw);
  }

  /** Told what changed about a table's shape. */
  @FunctionalInterface
  public interface SchemaReport {
    void changed(String table, SchemaChanges changes);

    default void created(String table) {}

    /** Partitions of the table had an end until now, and may have met it. */
    default void expired(String table) {}

    /** The table had lost its key, and has it again. */
    default void keyRestored(String table) {}
  }

  public ChangelogTable(RawTable raw, SchemaFollower follower, SchemaReport report) {
    this(raw, follower, report, true);
  }

  /**
   * @param isKeyed whether the destination's table has the key that the source's has now
   */
  public ChangelogTable(
      RawTable raw, SchemaFollower follower, SchemaReport report, boolean isKeyed) {
    this(raw.name(), raw, follower, report, isKeyed);
  }

  /** A table like the raw table, under another name. */
  public ChangelogTable(String name, RawTable raw, SchemaFollower follower, SchemaReport report) {
    this(name, raw, follower, report, true);
  }

  private ChangelogTable(
      String name, RawTable raw, SchemaFollower follower, SchemaReport report, boolean isKeyed) {
    this.name = name;
    this.raw = raw;
    this.writer = new ChangeRowWriter(raw);
    this.follower = follower;
    this.report = report;
    this.isKeyed = isKeyed;
  }

  /** The table's id in the dataset. */
  public String name() {
    return name;
  }

  /** Where the source's columns go to. */
  public RawTable mapping() {
    return raw;
  }

  /** By what the rows that are written now are told apart. */
  RowKey key() {
    return RowKey.of(raw.source());
  }

  /** Lets the models find rows by the present key, which is that of an epoch's rows. */
  public void keyedFrom(long epoch) {
    follower.key(raw, epoch);
  }

  /**
   * Lets the models find rows by the key that a complete epoch's rows have, where somebody took it
   * from the table: a copy that was put in the table's place has none.
   *
   * @param key the epoch's
   */
  public void keepKey(@Nullable RowKey key) {
    if (!isKeyed && key().equals(key)) {
      follower.restoreKey(raw);
      report.keyRestored(name);
    }
  }

  /** Source columns that the destination's table has no field for yet. */
  public List<String> columnsToAdd() {
    return raw.columnsToAdd();
  }

  /** Schema that the rows written so far need. */
  Schema schema() {
    return raw.schema();
  }

  /**
   * Writes one row as a line of JSON. A row of a new shape may have the destination's table altered
   * first, on the caller's thread.
   *
   * @return what it came to
   */
  RowStats write(OutputStream out, SourceTable layout, ChangeOp op, Tuple values, RowMeta meta) {
    follow(layout);
    try {
      return writer.write(out, op, values, meta);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void follow(SourceTable layout) {
    if (layout == followed) {
      return;
    }
    followed = layout;
    if (layout.equals(raw.source())) {
      return;
    }
    RawTable next = RawTable.of(layout, raw.schema());
    if (!next.changes().widened().isEmpty()) {
      follower.widen(name, next.changes().widened());
    }
    if (!next.changes().isQuiet()) {
      report.changed(name, next.changes());
    }
    raw = next;
    writer = new ChangeRowWriter(next);
  }
}
