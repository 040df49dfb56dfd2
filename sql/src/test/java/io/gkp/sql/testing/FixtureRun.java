package io.gkp.sql.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.raw.CdcColumn;
import io.gkp.raw.RawNames;
import io.gkp.sql.changelog.ChangelogColumns;
import io.gkp.sql.changelog.ChangelogQueries;
import io.gkp.sql.changelog.FoldedState;
import io.gkp.sql.changelog.Watermark;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Model;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.SqlTemplate;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Renders a model's query with a fixture's rows in the place of the relations that it reads. */
public final class FixtureRun {
  private static final Datasets DATASETS = Datasets.one("p", "d");
  private static final String INGESTED = "2026-01-05 00:00:00+00";

  private final ModelCatalog catalog;
  private final Fixture fixture;

  public FixtureRun(ModelCatalog catalog, Fixture fixture) {
    this.catalog = catalog;
    this.fixture = fixture;
  }

  /** The query, which reads no table any more. */
  public String query(String model) {
    return fixture.table() == null ? staticQuery(catalog.get(model)) : generatedQuery(model);
  }

  private String staticQuery(Model model) {
    Map<String, String> inputs = new HashMap<>();
    for (String name : model.references()) {
      inputs.put(name, Literals.table(columns(name), rows(name)));
    }
    return new SqlTemplate(model.query()).render(inputs);
  }

  private String generatedQuery(String model) {
    RawTable table = rawTable();
    ChangelogQueries queries = new ChangelogQueries(DATASETS);
    Optional<FoldedState> state =
        Optional.ofNullable(fixture.watermark())
            .map(
                mark ->
                    new FoldedState(
                        new Watermark(
                            mark.epoch(), mark.batch(), Instant.parse(mark.since()), 1, null),
                        table.columns()));
    String sql =
        switch (model) {
          case "latest" -> queries.latest(table, state);
          case "history" -> queries.history(table, state);
          default -> throw new IllegalArgumentException(model);
        };
    for (String name : List.of(table.rawName(), table.stateName(), "published_epochs", "epochs")) {
      sql = sql.replace(DATASETS.path(Layer.RAW, name), Literals.table(columns(name), rows(name)));
    }
    return sql;
  }

  private RawTable rawTable() {
    List<RawColumn> columns = new ArrayList<>();
    fixture.table().columns().forEach((name, type) -> columns.add(new RawColumn(name, type, "")));
    String name = fixture.table().name();
    return new RawTable(name, name, columns, fixture.table().key());
  }

  /** The columns of a relation that a query reads. */
  public List<Column> columns(String relation) {
    Optional<Model> model = catalog.find(relation);
    if (model.isPresent() && !relation.startsWith(RawNames.PREFIX)) {
      return model.get().columns();
    }
    String table = relation.substring(relation.indexOf('_') + 1);
    List<Column> columns = new ArrayList<>();
    if (fixture.table() == null) {
      columns.addAll(catalog.get(RawNames.PREFIX + table).columns());
    } else {
      rawTable().columns().forEach(c -> columns.add(new Column(c.name(), c.type(), "")));
    }
    columns.addAll(
        relation.startsWith(RawNames.PREFIX) ? ChangelogColumns.RAW : ChangelogColumns.LATEST);
    return columns;
  }

  private List<JsonNode> rows(String relation) {
    List<JsonNode> rows = fixture.given().getOrDefault(relation, List.of());
    if (!relation.startsWith(RawNames.PREFIX) && !relation.startsWith("state_")) {
      return rows;
    }
    List<JsonNode> complete = new ArrayList<>();
    for (JsonNode row : rows) {
      complete.add(changelogRow((ObjectNode) row.deepCopy(), complete.size()));
    }
    return complete;
  }

  /** Changelog fixtures leave out what is the same in every row, and the prefix of our columns. */
  private static ObjectNode changelogRow(ObjectNode row, int index) {
    ObjectNode full = row.objectNode();
    full.put("_cdc_op", "r")
        .put("_cdc_epoch", 1)
        .put("_cdc_row", index)
        .put("_cdc_ingested_at", INGESTED);
    row.properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              boolean ours =
                  ChangelogColumns.RAW.stream()
                      .anyMatch(c -> c.name().equals(CdcColumn.PREFIX + name));
              full.set(ours ? CdcColumn.PREFIX + name : name, entry.getValue());
            });
    return full;
  }
}
