package io.gkp.sql.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.sql.changelog.FoldedState;
import io.gkp.sql.changelog.Watermark;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.ModelSet;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelAnalysisTest {
  private static final Datasets DATASETS = new Datasets("project", "raw", "curated", "marts");

  private final ModelCatalog catalog = ModelCatalog.bundled();

  @Test
  void everyModelReturnsTheColumnsThatItsMetadataDescribes() {
    assertThat(problems(gkpTables(), table -> Optional.empty())).isEmpty();
  }

  @Test
  void soDoLatestViewsOnAStateTable() {
    assertThat(problems(gkpTables(), ModelAnalysisTest::folded)).isEmpty();
  }

  @Test
  void awkwardNamesAndAllTypesPass() {
    List<RawColumn> columns = new ArrayList<>();
    int n = 0;
    for (String type :
        List.of(
            "INT64",
            "STRING",
            "BYTES",
            "JSON",
            "NUMERIC",
            "BIGNUMERIC",
            "FLOAT64",
            "BOOL",
            "DATE",
            "TIME",
            "DATETIME",
            "TIMESTAMP",
            "INTERVAL",
            "ARRAY<STRING>",
            "ARRAY<STRUCT<a STRING, b INT64>>",
            "STRUCT<a STRING, b ARRAY<INT64>>")) {
      columns.add(new RawColumn("column" + n++, type, ""));
    }
    columns.add(new RawColumn("select", "STRING", ""));
    columns.add(new RawColumn("group", "STRING", ""));
    columns.add(new RawColumn("raw", "STRING", ""));
    columns.add(new RawColumn("état", "STRING", ""));
    RawTable table = new RawTable("odd", "odd", columns, List.of("group", "column0", "état"));

    assertThat(problems(List.of(table), t -> Optional.empty())).isEmpty();
    assertThat(problems(List.of(table), ModelAnalysisTest::folded)).isEmpty();
  }

  @Test
  void columnsThatAModelNeedsAreMissed() {
    List<RawTable> tables = new ArrayList<>(gkpTables());
    RawTable logs =
        tables.stream().filter(t -> t.table().equals("query_logs")).findFirst().orElseThrow();
    tables.remove(logs);
    List<RawColumn> fewer =
        logs.columns().stream().filter(c -> !c.name().equals("latency_ms")).toList();
    tables.add(new RawTable("query_logs", "query_logs", fewer, logs.key()));

    assertThat(problems(tables, table -> Optional.empty()))
        .containsOnlyKeys("curated_query_logs")
        .hasEntrySatisfying(
            "curated_query_logs", problem -> assertThat(problem).contains("latency_ms"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingestion_runs", "eval_runs", "query_logs"})
  void martsAreMadeOfTheHalvesThatAreThere(String table) {
    List<RawTable> one = gkpTables().stream().filter(t -> t.table().equals(table)).toList();
    ModelSet set = new ModelSet(catalog, DATASETS, one, t -> Optional.empty());
    assertThat(set.models())
        .extracting(RenderedModel::name)
        .contains("curated_" + table, "marts_ops_weekly_kpis");
    assertThat(problems(one, t -> Optional.empty())).isEmpty();
    assertThat(new ModelSet(catalog, DATASETS, List.of(), t -> Optional.empty()).skipped())
        .containsKey("marts_ops_weekly_kpis");
  }

  private Map<String, String> problems(
      List<RawTable> tables, Function<RawTable, Optional<FoldedState>> states) {
    ModelSet set = new ModelSet(catalog, DATASETS, tables, states);
    return new ModelAnalysis(catalog, DATASETS, tables, set::layer).problems(set.models());
  }

  private static Optional<FoldedState> folded(RawTable table) {
    return Optional.of(
        new FoldedState(
            new Watermark(1, 5, Instant.parse("2026-01-01T00:00:00Z"), 1, Instant.EPOCH),
            table.columns()));
  }

  private List<RawTable> gkpTables() {
    return catalog.models().stream()
        .filter(m -> m.kind() == Kind.SOURCE && m.name().startsWith("raw_"))
        .map(
            m ->
                new RawTable(
                    m.name().substring(4),
                    m.name().substring(4),
                    m.columns().stream().map(c -> new RawColumn(c.name(), c.type(), "")).toList(),
                    List.of(m.columns().get(0).name())))
        .toList();
  }
}
