package io.gkp.sql.warehouse;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.PrimaryKey;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableConstraints;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.ViewDefinition;
import io.gkp.bigquery.Ahead;
import io.gkp.bigquery.Calls;
import io.gkp.bigquery.QueryJobs;
import io.gkp.failure.ExportException;
import io.gkp.raw.CdcColumn;
import io.gkp.raw.RawNames;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.Datasets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What stands in the datasets: raw tables, views' texts, state tables. Reads only. */
public final class Warehouse {
  private static final String EPOCHS = "epochs";
  private static final String TABLE_NAME = "table_name";

  private final BigQuery client;
  private final Datasets datasets;
  private final Calls calls;

  public Warehouse(BigQuery client, Datasets datasets) {
    this.client = client;
    this.calls = ModelFailures.calls(client);
    this.datasets = datasets;
  }

  /**
   * The raw tables of the raw dataset, by name. Their primary keys come from the tables' own
   * (unenforced) primary key constraints.
   *
   * @throws ExportException where the dataset is missing or cannot be read
   */
  public List<RawTable> rawTables() {
    return rawTables(() -> list(datasets.raw()));
  }

  /**
   * The same, where the caller wants to see the list, too.
   *
   * @param listing lists the raw dataset
   */
  public List<RawTable> rawTables(Supplier<List<Table>> listing) {
    Ahead<Map<String, String>> sources = Ahead.of(this::sources);
    List<String> names =
        listing.get().stream()
            .map(listed -> listed.getTableId().getTable())
            .filter(name -> name.startsWith(RawNames.PREFIX))
            .toList();
    String reading = "reading the raw tables";
    return Ahead.all(reading, names, name -> find(Layer.RAW, name)).stream()
        .flatMap(Optional::stream)
        .flatMap(table -> rawTable(table, sources.get(reading).get(nameOf(table))).stream())
        .sorted(Comparator.comparing(RawTable::table))
        .toList();
  }

  /** The tables and views of a dataset: their names, labels and kinds. */
  public List<Table> list(String dataset) {
    return calls.repeatToTheEnd(
        "listing the tables of " + dataset,
        () -> {
          List<Table> tables = new ArrayList<>();
          client
              .listTables(
                  DatasetId.of(datasets.project(), dataset),
                  BigQuery.TableListOption.pageSize(1000))
              .iterateAll()
              .forEach(tables::add);
          return tables;
        });
  }

  /**
   * Runs statements where the raw dataset is: without a location BigQuery does not find a job
   * again.
   *
   * @param location where the dataset is known to be; empty asks for it
   * @throws ExportException where the dataset is missing or cannot be read
   */
  public QueryJobs jobs(Optional<String> location) {
    return new QueryJobs(
        client, datasets.project(), location.orElseGet(this::locationOfRaw), calls);
  }

  private String locationOfRaw() {
    DatasetId id = DatasetId.of(datasets.project(), datasets.raw());
    Dataset dataset =
        calls.repeatToTheEnd("dataset " + datasets.raw(), () -> client.getDataset(id));
    if (dataset == null) {
      throw ModelFailures.configuration(
          "There is no dataset " + datasets.raw() + ".", "The first export creates it.");
    }
    return dataset.getLocation();
  }

  /** One raw table. */
  public Optional<RawTable> rawTable(String name) {
    return rawTable(name, sources());
  }

  /** A table or view of any kind. */
  public Optional<Table> find(Layer layer, String name) {
    TableId id = TableId.of(datasets.project(), datasets.of(layer), name);
    return Optional.ofNullable(calls.repeatToTheEnd("reading " + name, () -> client.getTable(id)));
  }

  /** How many rows a table has; 0 where there is none. */
  public long rows(Layer layer, String name) {
    return find(layer, name)
        .map(Table::getDefinition)
        .filter(StandardTableDefinition.class::isInstance)
        .map(definition -> ((StandardTableDefinition) definition).getNumRows())
        .orElse(0L);
  }

  /** The query of a view; empty where there is none of this name. */
  public Optional<String> viewText(Layer layer, String name) {
    return find(layer, name)
        .map(Table::getDefinition)
        .filter(ViewDefinition.class::isInstance)
        .map(definition -> ((ViewDefinition) definition).getQuery());
  }

  /** The columns by which a table is clustered; none where there is no such table. */
  public List<String> clusterColumns(Layer layer, String name) {
    return find(layer, name)
        .map(Table::getDefinition)
        .filter(StandardTableDefinition.class::isInstance)
        .map(definition -> ((StandardTableDefinition) definition).getClustering())
        .map(Clustering::getFields)
        .orElse(List.of());
  }

  /** Columns as models describe them, without descriptions. */
  public static List<Column> columns(Schema schema) {
    return schema.getFields().stream()
        .map(field -> new Column(field.getName(), GoogleSqlTypes.of(field), ""))
        .toList();
  }

  /** The source columns of a raw or state table. */
  public static List<RawColumn> sourceColumns(Table table) {
    StandardTableDefinition definition = table.getDefinition();
    List<RawColumn> columns = new ArrayList<>();
    for (Field field : definition.getSchema().getFields()) {
      if (!CdcColumn.isOne(field.getName())) {
        String description = field.getDescription();
        columns.add(
            new RawColumn(
                field.getName(), GoogleSqlTypes.of(field), description == null ? "" : description));
      }
    }
    return columns;
  }

  private Optional<RawTable> rawTable(String name, Map<String, String> sources) {
    return find(Layer.RAW, name).flatMap(table -> rawTable(table, sources.get(name)));
  }

  /**
   * @param source null where the ledger does not know it
   */
  private static Optional<RawTable> rawTable(Table table, @Nullable String source) {
    if (!(table.getDefinition() instanceof StandardTableDefinition definition)) {
      return Optional.empty();
    }
    TableConstraints constraints = definition.getTableConstraints();
    PrimaryKey key = constraints == null ? null : constraints.getPrimaryKey();
    String name = nameOf(table).substring(RawNames.PREFIX.length());
    return Optional.of(
        new RawTable(
            name,
            source == null ? name : source,
            sourceColumns(table),
            key == null ? List.of() : key.getColumns(),
            epoch(table, RawTable.KEYED_SINCE),
            epoch(table, RawTable.PRUNED_EPOCH)));
  }

  private static String nameOf(Table table) {
    return table.getTableId().getTable();
  }

  private static long epoch(Table table, String label) {
    Map<String, String> labels = table.getLabels();
    return labels == null ? 0 : Long.parseLong(labels.getOrDefault(label, "0"));
  }

  /**
   * What the ledger calls the source of each raw table, by the raw table's name: nothing else knows
   * a name that does not survive in that of the raw table.
   */
  private Map<String, String> sources() {
    Map<String, String> sources = new HashMap<>();
    find(Layer.RAW, EPOCHS)
        .ifPresent(
            epochs ->
                tablesIn(epochs)
                    .forEach(
                        table ->
                            RawNames.ofDisplayed(table).forEach(raw -> sources.put(raw, table))));
    return sources;
  }

  /** Read and not queried: that costs nothing, and a run without news makes no jobs. */
  private Set<String> tablesIn(Table epochs) {
    return calls.repeatToTheEnd(
        "reading " + EPOCHS,
        () -> {
          Set<String> tables = new HashSet<>();
          client
              .listTableData(epochs.getTableId(), epochs.getDefinition().getSchema())
              .iterateAll()
              .forEach(row -> tables.add(row.get(TABLE_NAME).getStringValue()));
          return tables;
        });
  }
}
