package io.gkp.sql.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableInfo;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.gkp.bigquery.Inheritance;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.testing.GkpHistory;
import io.gkp.sql.testing.TestWarehouse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetDefaultsTest {
  private static final long DAY = 86_400_000;

  /** One of each kind: views, a state table, a mart. */
  private static final Selection SOME = Selection.parse("published_epochs,*eval_runs");

  @Test
  void whatModelsCreateHasNeitherAnEndNorACollation(@TempDir Path data) {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      GkpHistory.create(warehouse).threeDays();
      withDefaults(warehouse);
      assertThat(run(warehouse).exitCode()).isZero();
      assertThat(madeByModels(warehouse))
          .extracting(table -> table.getTableId().getTable())
          .contains("latest_eval_runs", "state_eval_runs", "marts_eval_runs");
      assertThat(madeByModels(warehouse))
          .allSatisfy(
              table -> {
                assertThat(Inheritance.undone(table)).isEmpty();
                assertThat(Inheritance.collated(table)).isEmpty();
              });
    }
  }

  @Test
  void aStateTableThatWasToExpireIsKeptByTheNextRun(@TempDir Path data) {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      GkpHistory.create(warehouse).threeDays();
      run(warehouse);
      Table state = warehouse.client().getTable(TestWarehouse.DATASET, "state_eval_runs");
      warehouse
          .client()
          .update(
              TableInfo.newBuilder(state.getTableId(), state.getDefinition())
                  .setExpirationTime(System.currentTimeMillis() + DAY)
                  .build());
      ModelRunner.run(warehouse.client(), config(FoldPolicy.NEVER), SOME, ProgressListener.NONE);
      assertThat(
              warehouse
                  .client()
                  .getTable(TestWarehouse.DATASET, "state_eval_runs")
                  .getExpirationTime())
          .isNull();
    }
  }

  @Test
  void aProjectWithoutBillingIsNamed(@TempDir Path data) {
    Sandbox sandbox = new Sandbox();
    try (TestWarehouse warehouse = TestWarehouse.start(data, sandbox)) {
      GkpHistory.create(warehouse).threeDays();
      withDefaults(warehouse);
      sandbox.refuses.set(true);
      RunReport report = run(warehouse);
      assertThat(report.exitCode()).isEqualTo(78);
      assertThat(report.models().get(0).message()).contains("less than 60 days");
    }
  }

  private static void withDefaults(TestWarehouse warehouse) {
    warehouse
        .client()
        .update(
            DatasetInfo.newBuilder(TestWarehouse.DATASET)
                .setDefaultTableLifetime(60 * DAY)
                .setDefaultPartitionExpirationMs(60 * DAY)
                .setDefaultCollation("und:ci")
                .build());
  }

  private static RunReport run(TestWarehouse warehouse) {
    return ModelRunner.run(
        warehouse.client(), config(FoldPolicy.ALWAYS), SOME, ProgressListener.NONE);
  }

  private static ModelConfig config(FoldPolicy fold) {
    return new ModelConfig(
        Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET),
        Optional.empty(),
        fold,
        Optional.empty(),
        PolicyTags.NONE);
  }

  private static List<Table> madeByModels(TestWarehouse warehouse) {
    List<Table> tables = new ArrayList<>();
    warehouse
        .client()
        .listTables(TestWarehouse.DATASET)
        .iterateAll()
        .forEach(table -> tables.add(warehouse.client().getTable(table.getTableId())));
    tables.removeIf(table -> table.getTableId().getTable().matches("raw_.*|epochs|checkpoints"));
    return tables;
  }

  /** Answers changes of tables as BigQuery does in a project without billing. */
  private static final class Sandbox extends Filter {
    private final AtomicBoolean refuses = new AtomicBoolean();

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      String method =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override"))
              .orElse(exchange.getRequestMethod());
      if (!refuses.get()
          || !method.equals("PATCH")
          || !exchange.getRequestURI().getPath().contains("/tables/")) {
        chain.doFilter(exchange);
        return;
      }
      byte[] answer =
          ("{\"error\":{\"code\":403,\"message\":\"Table expiration time must be less than 60 days"
                  + " while in sandbox mode.\",\"errors\":[{\"reason\":\"billingNotEnabled\"}]}}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(403, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    }

    @Override
    public String description() {
      return "a project without billing";
    }
  }
}
