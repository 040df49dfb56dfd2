package io.gkp.sql.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.testing.GkpHistory;
import io.gkp.sql.testing.TestWarehouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RerunTest {
  private static final List<String> MARTS =
      List.of(
          "marts_query_daily", "marts_ingestion_daily", "marts_eval_runs", "marts_ops_weekly_kpis");

  private TestWarehouse warehouse;
  private GkpHistory history;

  @BeforeEach
  void start(@TempDir Path data) {
    warehouse = TestWarehouse.start(data);
    history = GkpHistory.create(warehouse).threeDays();
  }

  @AfterEach
  void stop() {
    warehouse.close();
  }

  @Test
  void givesTheSameRowsAndALateOrCorrectedRowChangesItsOwnDayOnly() {
    run(FoldPolicy.NEVER);
    Map<String, List<String>> first = marts();
    assertThat(first.values()).extracting(List::size).containsExactly(3, 3, 1, 6);

    run(FoldPolicy.ALWAYS);
    assertThat(marts()).as("run again, over a folded changelog").isEqualTo(first);

    history.queryLog("c", 100, 0, 7).queryLog("u", 2, 0, 9).publish();
    run(FoldPolicy.ALWAYS);
    Map<String, List<String>> after = marts();
    assertThat(changed(first.get("marts_query_daily"), after.get("marts_query_daily")))
        .singleElement()
        .asString()
        .contains("\"query_date\":\"2026-01-05\"", "\"tenant_id\":\"acme\"", "\"query_count\":3");
    assertThat(after.get("marts_eval_runs")).isEqualTo(first.get("marts_eval_runs"));
    assertThat(after.get("marts_ingestion_daily")).isEqualTo(first.get("marts_ingestion_daily"));

    dropModels();
    run(FoldPolicy.NEVER);
    assertThat(marts()).as("built anew from the whole changelog").isEqualTo(after);
  }

  private static List<String> changed(List<String> before, List<String> after) {
    return after.stream().filter(row -> !before.contains(row)).toList();
  }

  private void run(FoldPolicy fold) {
    ModelConfig config =
        new ModelConfig(
            Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET),
            Optional.empty(),
            fold,
            Optional.empty(),
            PolicyTags.NONE);
    RunReport report =
        ModelRunner.run(warehouse.client(), config, Selection.ALL, ProgressListener.NONE);
    assertThat(report.ran()).isTrue();
  }

  /** Each mart's rows as text, in an order of their own. */
  private Map<String, List<String>> marts() {
    Map<String, List<String>> marts = new TreeMap<>();
    for (String mart : MARTS) {
      marts.put(
          mart,
          warehouse.rows("SELECT * FROM " + mart).stream().map(Object::toString).sorted().toList());
    }
    return marts;
  }

  private void dropModels() {
    for (Table table : warehouse.client().listTables(TestWarehouse.DATASET).iterateAll()) {
      String name = table.getTableId().getTable();
      if (name.matches("(state|latest|history|curated|marts)_.*")) {
        warehouse.client().delete(TableId.of(TestWarehouse.DATASET, name));
      }
    }
  }
}
