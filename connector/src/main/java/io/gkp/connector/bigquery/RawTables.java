package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.PrimaryKey;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableConstraints;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.gkp.bigquery.Ahead;
import io.gkp.bigquery.Calls;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.Inheritance;
import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.Part;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.mapping.schema.SchemaChanges;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.Shard;
import io.gkp.raw.RawNames;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.warehouse.RawColumnNotes;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The raw tables of one dataset: created, made to fit their source tables, described. */
final class RawTables {
  private static final Logger log = LoggerFactory.getLogger(RawTables.class);

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final String location;
  private final Calls calls;
  private final RawColumnNotes notes;
  private final KeptTables kept;

  /**
   * Tables that were made a moment ago, as they were found then; until their rows are asked for.
   */
  private final Map<TableId, Table> made = new HashMap<>();

  /** What {@link #lookAhead} has found, until it is used. */
  private final Map<TableId, Optional<Table>> ahead = new HashMap<>();

  private final ChangelogTable.SchemaFollower follower =
      new ChangelogTable.SchemaFollower() {
        @Override
        public void widen(String table, List<SchemaChanges.Widening> widened) {
          RawTables.this.widen(table, widened);
        }

        @Override
        public void key(RawTable raw, long epoch) {
          RawTables.this.key(raw, OptionalLong.of(epoch));
        }

        @Override
        public void restoreKey(RawTable raw) {
          RawTables.this.key(raw, OptionalLong.empty());
        }
      };

  /**
   * @param location the dataset's location; statements run there
   * @param policyTags what columns with personal data get
   */
  RawTables(BigQuery bigquery, DestinationConfig config, String location, PolicyTags policyTags) {
    this.bigquery = bigquery;
    this.config = config;
    this.location = location;
    this.calls = new Calls(config);
    this.kept = new KeptTables(bigquery, config);
    this.notes = new RawColumnNotes(ModelCatalog.bundled(), policyTags);
  }

  /** The raw table of a source table; empty where there is no such table yet. */
  Optional<Schema> schema(TableName source) {
    return Optional.ofNullable(get(id(source))).map(table -> table.getDefinition().getSchema());
  }

  private TableId id(TableName source) {
    return TableId.of(
        config.project(), config.dataset(), RawNames.raw(source.schema(), source.table()));
  }

  /** Rows in the raw table of a source table; empty where there is no such table yet. */
  OptionalLong rows(TableName source) {
    Table found = made.remove(id(source));
    Table table = found == null ? get(id(source)) : found;
    return table == null || table.getNumRows() == null
        ? OptionalLong.empty()
        : OptionalLong.of(table.getNumRows().longValueExact());
  }

  /**
   * Deletes the rows of batches that no checkpoint speaks of.
   *
   * @param from the first batch
   * @param count how many
   */
  void deleteBatches(String raw, long from, int count) {
    execute(
        "DELETE FROM `%s.%s.%s` WHERE _cdc_batch >= %d AND _cdc_batch < %d"
            .formatted(config.project(), config.dataset(), raw, from, from + count),
        "deleting from " + raw);
  }

  /**
   * Deletes the rows of snapshots that were never read to the end.
   *
   * @param shard whose epochs
   * @param from the first epoch
   * @param to the last epoch
   */
  void deleteEpochs(String raw, Shard shard, long from, long to) {
    deleteEpochs(raw, shard, from, to, "TRUE");
  }

  /** The same of their rows that were read: what was streamed into them is nowhere else. */
  void deleteReads(String raw, Shard shard, long from, long to) {
    deleteEpochs(raw, shard, from, to, "_cdc_op = 'r'");
  }

  private void deleteEpochs(String raw, Shard shard, long from, long to, String which) {
    execute(
        "DELETE FROM `%s.%s.%s` WHERE _cdc_epoch BETWEEN %d AND %d AND %s AND %s"
            .formatted(
                config.project(),
                config.dataset(),
                raw,
                from,
                to,
                shard.epochCondition("_cdc_epoch"),
                which),
        "deleting from " + raw);
  }

  /**
   * Reads the raw table of a source table and makes it fit.
   *
   * @param mayCreate whether it may be missing, and may be written to otherwise than until now: a
   *     new epoch begins
   */
  ChangelogTable open(SourceTable source, ChangelogTable.SchemaReport report, boolean mayCreate) {
    RawTable fresh = RawTable.of(source);
    TableId id = TableId.of(config.project(), config.dataset(), fresh.name());
    Optional<Table> seen = ahead.remove(id);
    Table existing = seen == null ? get(id) : seen.orElse(null);
    if (existing == null && !mayCreate) {
      throw deleted(source, fresh.name());
    }
    if (existing == null) {
      TableInfo info =
          keyed(TableInfo.newBuilder(id, definition(fresh)), fresh.primaryKey())
              .setDescription(
                  """
                  Changelog of Postgres table %s.%s, append-only; order by _cdc_epoch, _cdc_batch, \
                  _cdc_row."""
                      .formatted(source.schema(), source.name()))
              .setDefaultCollation(Inheritance.NO_COLLATION)
              .build();
      calls.create("table " + fresh.name(), () -> bigquery.create(info));
      made.put(id, kept.keep(get(id)));
      report.created(fresh.name());
      return new ChangelogTable(fresh, follower, report);
    }
    if (hasLostPartitions(existing)) {
      report.expired(fresh.name());
    }
    Table current = annotated(kept.keep(existing));
    RawTable raw = RawTable.ofPresent(source, current.getDefinition().getSchema());
    if (!raw.reprotected().isEmpty()) {
      if (!mayCreate) {
        throw ProtectionChanges.refuse(raw);
      }
      raw = ProtectionChanges.describe(current, raw, this::update);
    }
    if (!raw.changes().widened().isEmpty()) {
      widen(raw.name(), raw.changes().widened());
    }
    if (!raw.changes().descriptions().isEmpty()) {
      describe(current, raw);
    }
    if (!raw.changes().isQuiet()) {
      report.changed(raw.name(), raw.changes());
    }
    return new ChangelogTable(raw, follower, report, raw.primaryKey().equals(keyOf(existing)));
  }

  /** Rows may be gone where the table is older than its partitions were to become. */
  private boolean hasLostPartitions(Table table) {
    return Inheritance.partitionLifetime(table)
        .filter(lifetime -> table.getCreationTime() + lifetime < System.currentTimeMillis())
        .isPresent();
  }

  /** Makes a table for rows of the source that are read to be compared. */
  ChangelogTable side(SourceTable source, Instant now) {
    String name = RawTable.of(source).name();
    Table existing = get(TableId.of(config.project(), config.dataset(), name));
    if (existing == null) {
      throw deleted(source, name);
    }
    return new SideTables(bigquery, config, notes, follower)
        .create(source, RawTable.of(source, existing.getDefinition().getSchema()), now);
  }

  /** Asks for tables side by side that will be opened one after the other. */
  void lookAhead(List<TableName> sources) {
    List<TableId> ids = sources.stream().map(this::id).toList();
    List<Optional<Table>> answers =
        Ahead.all("reading the raw tables", ids, id -> Optional.ofNullable(get(id)));
    for (int i = 0; i < ids.size(); i++) {
      ahead.put(ids.get(i), answers.get(i));
    }
  }

  private Table get(TableId id) {
    return calls.repeatToTheEnd("table " + id.getTable(), () -> bigquery.getTable(id));
  }

  private Table update(Table changed) {
    return calls.repeatToTheEnd(
        "table " + changed.getTableId().getTable(), () -> bigquery.update(changed));
  }

  /** Brings descriptions and policy tags up to date, which may have been configured since. */
  private Table annotated(Table existing) {
    StandardTableDefinition definition = existing.getDefinition();
    Schema schema = notes.annotate(existing.getTableId().getTable(), definition.getSchema());
    if (schema.equals(definition.getSchema())) {
      return existing;
    }
    return update(
        existing.toBuilder()
            .setDefinition(definition.toBuilder().setSchema(schema).build())
            .build());
  }

  private ExportException deleted(SourceTable source, String raw) {
    return new ExportException(
        Failure.DATASET_MISSING,
        "Table %s does not exist any more in %s, and the changes alone would not rebuild it."
            .formatted(raw, config.describe()),
        "Run offsets reset --table "
            + new TableName(source.schema(), source.name()).display()
            + " --yes to rebuild it from a snapshot.");
  }

  private StandardTableDefinition definition(RawTable raw) {
    return raw.definition().toBuilder().setSchema(notes.annotate(raw.name(), raw.schema())).build();
  }

  /**
   * The key as an unenforced constraint: the SQL models read it from there, and from nowhere else.
   * It goes into the table and not into its definition, whose constraints the client leaves out
   * where the table has some.
   */
  private static TableInfo.Builder keyed(TableInfo.Builder table, List<String> key) {
    return key.isEmpty()
        ? table
        : table.setTableConstraints(
            TableConstraints.newBuilder()
                .setPrimaryKey(PrimaryKey.newBuilder().setColumns(key).build())
                .build());
  }

  /** Writes down what the columns are now; loads need none of it, so they go on without. */
  private void describe(Table existing, RawTable raw) {
    StandardTableDefinition definition = existing.getDefinition();
    Table described =
        existing.toBuilder()
            .setDefinition(definition.toBuilder().setSchema(raw.schema()).build())
            .build();
    try {
      update(described);
    } catch (ExportException e) {
      log.warn(
          "The descriptions of {} stay as they are ({}); what changed is reported again by the next"
              + " run",
          raw.name(),
          e.getMessage());
    }
  }

  /**
   * Lets the table be keyed, and clustered, as its rows are from an epoch on. What the models make
   * of it would be wrong by another key, so this is done or fails.
   *
   * @param since the epoch; empty where the rows had this key before, too
   * @see <a
   *     href="https://cloud.google.com/bigquery/docs/creating-clustered-tables#modifying-cluster-spec">BigQuery:
   *     modify the clustering specification</a>
   */
  private void key(RawTable raw, OptionalLong since) {
    Table existing = get(TableId.of(config.project(), config.dataset(), raw.name()));
    StandardTableDefinition definition = existing.getDefinition();
    List<String> key = raw.primaryKey();
    if (key.equals(keyOf(existing))) {
      return;
    }
    if (key.isEmpty()) {
      execute(
          "ALTER TABLE `%s.%s.%s` DROP PRIMARY KEY IF EXISTS"
              .formatted(config.project(), config.dataset(), raw.name()),
          "dropping the key of " + raw.name());
      return;
    }
    Map<String, String> labels = new HashMap<>(existing.getLabels());
    since.ifPresent(
        epoch -> labels.put(io.gkp.sql.warehouse.RawTable.KEYED_SINCE, Long.toString(epoch)));
    RawTable fitting = RawTable.of(raw.source(), definition.getSchema());
    Table.Builder table = existing.toBuilder();
    keyed(table, key);
    update(
        table
            .setLabels(labels)
            .setDefinition(
                definition.toBuilder()
                    .setSchema(notes.annotate(raw.name(), fitting.schema()))
                    .setClustering(raw.definition().getClustering())
                    .build())
            .build());
  }

  private static List<String> keyOf(Table table) {
    TableConstraints constraints = table.getTableConstraints();
    return constraints == null || constraints.getPrimaryKey() == null
        ? List.of()
        : constraints.getPrimaryKey().getColumns();
  }

  /**
   * Whether the models find a table's rows by the key that the table has at the source; also where
   * there is no raw table yet.
   */
  boolean isKeyedAs(SourceTable source) {
    Table existing =
        get(
            TableId.of(
                config.project(), config.dataset(), RawNames.raw(source.schema(), source.name())));
    return existing == null
        || RawTable.of(source, existing.getDefinition().getSchema())
            .primaryKey()
            .equals(keyOf(existing));
  }

  private void widen(String table, List<SchemaChanges.Widening> widened) {
    for (SchemaChanges.Widening field : widened) {
      String sql =
          "ALTER TABLE `%s.%s.%s` ALTER COLUMN `%s` SET DATA TYPE %s"
              .formatted(config.project(), config.dataset(), table, field.field(), field.to());
      execute(sql, "widening " + table + "." + field.field());
    }
  }

  /**
   * @param sql a statement whose effect is the same however often it is executed
   */
  private void execute(String sql, String doing) {
    calls.repeatToTheEnd(
        doing,
        () ->
            bigquery.query(
                QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).build(),
                JobId.newBuilder()
                    .setProject(config.project())
                    .setLocation(location)
                    .setRandomJob()
                    .build()));
  }

  /** The schema that a part's load job brings along. */
  Schema schemaOf(Part part) {
    return notes.annotate(SideTables.rawNameOf(part.id().table()), part.schema());
  }
}
