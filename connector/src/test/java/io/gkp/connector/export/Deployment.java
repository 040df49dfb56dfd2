package io.gkp.connector.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableId;
import com.sun.net.httpserver.Filter;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.cli.Secrecy;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.HashSalt;
import io.gkp.connector.config.NewColumns;
import io.gkp.connector.config.ProtectionConfig;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.config.SourceConfig;
import io.gkp.localbigquery.LocalBigQuery;
import io.gkp.name.ColumnName;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.ControlTable;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.Selection;
import io.gkp.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A database, a warehouse, and runs between them. */
public final class Deployment implements AutoCloseable {
  public static final String PROJECT = "test-project";
  public static final String DATASET = "history";

  private static final Set<String> CONTROL_TABLES =
      Arrays.stream(ControlTable.values()).map(ControlTable::tableName).collect(Collectors.toSet());

  public final TestPostgres.Database database;
  private final Path data;
  private final LocalBigQuery warehouse;
  private final boolean isFaulty;
  private final BigQuery bigquery;
  private List<TableName> tables;
  private BatchLimits limits = BatchLimits.DEFAULT;
  private Duration maxDuration = Duration.ofMinutes(5);
  private Duration networkTimeout = ExportConfig.DEFAULT_NETWORK_TIMEOUT;
  private Clock clock = Clock.systemUTC();
  private String sourceUrl;
  private ProtectionConfig protection = ProtectionConfig.NONE;
  private PolicyTags policyTags = PolicyTags.NONE;
  private boolean hasViews = true;

  public Deployment(String... tables) {
    this(List.of(), tables);
  }

  /**
   * @param filters see every request to the warehouse
   */
  public Deployment(List<Filter> filters, String... tables) {
    this(TestPostgres.shared().createDatabase(), filters, tables);
  }

  /** On a server of its own choice, such as that of another version. */
  public static Deployment on(TestPostgres server, String... tables) {
    return new Deployment(server.createDatabase(), List.of(), tables);
  }

  public Deployment(TestPostgres.Database database, List<Filter> filters, String... tables) {
    this.database = database;
    this.sourceUrl = database.url();
    capture(tables);
    try {
      this.data = Files.createTempDirectory("deployment");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LocalBigQuery.Builder builder = LocalBigQuery.inMemory();
    filters.forEach(builder::filter);
    this.isFaulty = !filters.isEmpty();
    this.warehouse = builder.start();
    this.bigquery =
        BigQueryOptions.newBuilder()
            .setProjectId(PROJECT)
            .setHost(warehouse.host())
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService();
  }

  /** Captures these tables from now on. */
  public void capture(String... names) {
    tables = Arrays.stream(names).map(TableName::parse).toList();
  }

  public Deployment withLimits(BatchLimits newLimits) {
    this.limits = newLimits;
    return this;
  }

  public Deployment withMaxDuration(Duration newMaxDuration) {
    this.maxDuration = newMaxDuration;
    return this;
  }

  /** How long a connection may be silent. */
  public Deployment withNetworkTimeout(Duration timeout) {
    this.networkTimeout = timeout;
    return this;
  }

  public Deployment withClock(Clock newClock) {
    this.clock = newClock;
    return this;
  }

  /** Protects columns from now on; {@code table.column}, the salt null where none is hashed. */
  public Deployment protect(List<String> excluded, List<String> hashed, String salt) {
    this.protection =
        new ProtectionConfig(
            excluded.stream().map(ColumnName::parse).collect(Collectors.toSet()),
            hashed.stream().map(ColumnName::parse).collect(Collectors.toSet()),
            salt == null ? null : HashSalt.of(salt),
            protection.newColumns());
    return this;
  }

  /** What becomes of columns that come from now on. */
  public Deployment withNewColumns(NewColumns policy) {
    this.protection =
        new ProtectionConfig(protection.excluded(), protection.hashed(), protection.salt(), policy);
    return this;
  }

  public Deployment withPolicyTags(PolicyTags tags) {
    this.policyTags = tags;
    return this;
  }

  /** Runs keep no views, as with {@code --no-views}: they are a third of what a first run costs. */
  public Deployment withoutViews() {
    this.hasViews = false;
    return this;
  }

  /** Lets runs reach the database in another way, or another database. */
  public Deployment through(String url) {
    this.sourceUrl = url;
    return this;
  }

  /** How runs reach their database. */
  public String sourceUrl() {
    return sourceUrl;
  }

  /** The warehouse's endpoint. */
  public String host() {
    return warehouse.host();
  }

  public ExportConfig config() {
    SourceConfig source =
        SourceConfig.parse(sourceUrl, null, slot(), "gkp_export", tables)
            .withProtection(protection);
    DestinationConfig destination = new DestinationConfig(PROJECT, DATASET, null, warehouse.host());
    return new ExportConfig(
            source,
            destination,
            limits,
            maxDuration,
            policyTags,
            hasViews
                ? Optional.of(ModelConfig.of(Datasets.one(PROJECT, DATASET)))
                : Optional.empty(),
            false,
            Sharding.NONE)
        .withNetworkTimeout(networkTimeout);
  }

  /** Slots are the server's, not the database's. */
  public String slot() {
    return "gkp_" + database.name();
  }

  public Export export() {
    return new Export(config(), clock, Progress.SILENT);
  }

  public RunReport run() {
    RunReport report = export().run();
    Secrecy.tell(report.toString());
    return report;
  }

  /** The configuration as a file for {@code --config}, with the export enabled. */
  public Path configFile() {
    Path file = data.resolve("gkp.properties");
    try {
      Files.writeString(
          file,
          String.join(
              "\n",
              "enabled = true",
              "project = " + PROJECT,
              "dataset = " + DATASET,
              "bigquery-host = " + warehouse.host(),
              "source-url = " + sourceUrl,
              "slot = " + slot(),
              "exclude-columns = " + columns(protection.excluded()),
              "hash-columns = " + columns(protection.hashed()),
              "hash-salt = " + salt(),
              "new-columns = " + protection.newColumns().text(),
              "tables = " + String.join(",", tables.stream().map(TableName::quoted).toList())));
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String columns(Set<ColumnName> columns) {
    return columns.stream()
        .map(name -> name.table().quoted() + "." + TableName.quote(name.column()))
        .collect(Collectors.joining(","));
  }

  private String salt() {
    return protection.salt() == null ? "" : new String(protection.salt().bytes(), UTF_8);
  }

  /** A run that must reach its fence. */
  public RunReport drain() {
    return requireDrained(run());
  }

  public static RunReport requireDrained(RunReport report) {
    assertThat(report.error()).isNull();
    assertThat(report.status()).isEqualTo(RunReport.Status.DRAINED);
    return report;
  }

  /** All rows of a raw table in changelog order, as {@code column=value} maps without NULLs. */
  public List<Map<String, Object>> raw(String rawTable) {
    List<Map<String, Object>> rows = rows(rawTable);
    rows.sort(
        Comparator.comparing((Map<String, Object> row) -> number(row, "_cdc_epoch"))
            .thenComparing(row -> number(row, "_cdc_batch"))
            .thenComparing(row -> number(row, "_cdc_row")));
    return rows;
  }

  /** The names of the tables and views that begin so. */
  public List<String> tableNames(String prefix) {
    List<String> names = new ArrayList<>();
    bigquery
        .listTables(DATASET)
        .iterateAll()
        .forEach(table -> names.add(table.getTableId().getTable()));
    names.removeIf(name -> !name.startsWith(prefix));
    return names;
  }

  /** All rows of any table of the dataset. */
  public List<Map<String, Object>> rows(String name) {
    return new TableRows(bigquery).read(TableId.of(PROJECT, DATASET, name));
  }

  /** The changelog as {@code "op key value..."}, of the named columns. */
  public List<String> changelog(String rawTable, String... columns) {
    return changelog(rawTable, row -> true, columns);
  }

  /** The same, of some rows. */
  public List<String> changelog(
      String rawTable, Predicate<Map<String, Object>> which, String... columns) {
    return raw(rawTable).stream()
        .filter(which)
        .map(
            row ->
                Stream.concat(Stream.of("_cdc_op"), Arrays.stream(columns))
                    .map(column -> String.valueOf(row.getOrDefault(column, "-")))
                    .reduce((left, right) -> left + " " + right)
                    .orElseThrow())
        .toList();
  }

  public static long number(Map<String, Object> row, String column) {
    return Long.parseLong((String) row.get(column));
  }

  /** The position from which on the slot gives changes. */
  public Lsn slotCreatedAt() {
    return rows("checkpoints").stream()
        .map(row -> new Lsn(number(row, "lsn")))
        .filter(lsn -> !lsn.equals(Lsn.NONE))
        .min(Lsn::compareTo)
        .orElseThrow();
  }

  /** The control tables, as a run sees them. */
  public ControlStore controlStore() {
    BigQueryDestination destination = new BigQueryDestination(bigquery, config().destination());
    destination.check();
    return destination.controlStore();
  }

  /**
   * What latest-state views show of a table: the newest row of each key, of the newest completed
   * epoch, as {@code "key column..."}; deleted keys are not there.
   */
  public List<String> latest(String table, String key, String... columns) {
    long epoch =
        rows("epochs").stream()
            .filter(row -> table.equals(row.get("table_name")))
            .filter(row -> "completed".equals(row.get("state")))
            .mapToLong(row -> number(row, "epoch"))
            .max()
            .orElseThrow();
    Map<String, Map<String, Object>> newest = new TreeMap<>();
    for (Map<String, Object> row : raw("raw_" + table)) {
      if (number(row, "_cdc_epoch") != epoch) {
        continue;
      }
      switch ((String) row.get("_cdc_op")) {
        case "t" -> newest.clear();
        case "d" -> newest.remove((String) row.get(key));
        default -> newest.put((String) row.get(key), row);
      }
    }
    return newest.values().stream()
        .map(
            row ->
                Stream.concat(Stream.of(key), Arrays.stream(columns))
                    .map(column -> String.valueOf(row.getOrDefault(column, "-")))
                    .collect(Collectors.joining(" ")))
        .toList();
  }

  /** Runs a GoogleSQL statement in the warehouse. */
  public void sql(String statement) {
    try {
      bigquery.query(QueryJobConfiguration.newBuilder(statement).setUseLegacySql(false).build());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs all models, as {@code models run} does. */
  public void models() {
    io.gkp.sql.run.RunReport report =
        ModelRunner.run(
            bigquery,
            new ModelConfig(
                new Datasets(PROJECT, DATASET, DATASET, DATASET),
                Optional.empty(),
                FoldPolicy.WHEN_WORTH_IT,
                Optional.empty(),
                policyTags),
            Selection.ALL,
            ProgressListener.NONE);
    assertThat(report.exitCode()).as("%s", report).isZero();
  }

  /** Requires that no two rows of the changelog have the same place. */
  public void requirePlacesUnique(String table) {
    assertThat(
            query(
                "SELECT COUNT(*) FROM history.raw_"
                    + table
                    + " GROUP BY _cdc_epoch, _cdc_batch, _cdc_row HAVING COUNT(*) > 1"))
        .as("places of %s", table)
        .isEmpty();
  }

  /** Drops the slots of further shards, where no run uses them. */
  public void dropSlotsOfShards() {
    database.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE '"
            + slot()
            + "\\__' AND NOT active");
  }

  /**
   * Requires that {@code latest_<table>} holds the source's rows, now that a run has drained:
   * compares the columns as text, whatever the order of the rows. For columns whose text is the
   * same on both sides: integers, text, and numerics without trailing zeros.
   */
  public void requireEqual(String table, String... columns) {
    List<String> select = Arrays.stream(columns).toList();
    assertThat(
            query(
                "SELECT "
                    + select.stream()
                        .map(c -> "CAST(`" + c + "` AS STRING)")
                        .collect(Collectors.joining(", "))
                    + " FROM `"
                    + DATASET
                    + ".latest_"
                    + table
                    + "`"))
        .as("latest_%s", table)
        .containsExactlyInAnyOrderElementsOf(
            database.query(
                "SELECT "
                    + select.stream()
                        .map(c -> TableName.quote(c) + "::text")
                        .collect(Collectors.joining(", "))
                    + " FROM "
                    + TableName.quote(table)));
  }

  /** Like {@link #requireEqual}, of what {@link #latest} gives: needs no view. */
  public void requireLatest(String table, String key, String... columns) {
    String select =
        Stream.concat(Stream.of(key), Arrays.stream(columns))
            .map(column -> "coalesce(" + TableName.quote(column) + "::text, '-')")
            .collect(Collectors.joining(", "));
    assertThat(latest(table, key, columns))
        .as("newest rows of %s", table)
        .containsExactlyInAnyOrderElementsOf(
            database.query("SELECT " + select + " FROM " + TableName.quote(table)).stream()
                .map(row -> String.join(" ", row))
                .toList());
  }

  /** The rows of a GoogleSQL query, each as the list of its values; null where they are NULL. */
  public List<List<String>> query(String sql) {
    try {
      List<List<String>> rows = new ArrayList<>();
      for (FieldValueList row :
          bigquery
              .query(QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).build())
              .iterateAll()) {
        rows.add(
            row.stream()
                .map(v -> v.isNull() ? null : v.getStringValue())
                .collect(Collectors.toList()));
      }
      return rows;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public BigQuery bigquery() {
    return bigquery;
  }

  /** What the control tables hold, but for the conditions that operators gave. */
  private void tellControlTables() {
    if (bigquery.getDataset(DATASET) == null) {
      return;
    }
    for (String table : tableNames("")) {
      if (table.equals(ControlTable.REQUESTS.tableName())) {
        rows(table)
            .forEach(
                row -> {
                  row.remove("filter");
                  Secrecy.tell(table + " " + row);
                });
      } else if (CONTROL_TABLES.contains(table)) {
        new TableRows(bigquery)
            .texts(TableId.of(PROJECT, DATASET, table))
            .forEach(row -> Secrecy.tell(table + " " + row));
      }
    }
  }

  @Override
  public void close() {
    Secrecy.keep(database, tables);
    if (!isFaulty) {
      tellControlTables();
    }
    warehouse.close();
    database.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
            + slot()
            + "' AND NOT active");
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(Comparator.reverseOrder()).forEach(Deployment::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
