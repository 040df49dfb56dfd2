package io.gkp.demo.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final LocalDate DAY = LocalDate.of(2026, 6, 16);

  @Test
  void theSameSeedAndDayGiveTheSameRows() {
    assertThat(new Workload(7, DAY).history()).isEqualTo(new Workload(7, DAY).history());
    assertThat(new Workload(7, DAY).nextDayQueries())
        .isEqualTo(new Workload(7, DAY).nextDayQueries());
  }

  @Test
  void anotherSeedGivesOtherRows() {
    assertThat(new Workload(7, DAY).history()).isNotEqualTo(new Workload(8, DAY).history());
  }

  @Test
  void aDatesQueriesDoNotDependOnWhereTheHistoryEnds() {
    assertThat(queries(new Workload(7, DAY.plusDays(1))))
        .containsAll(new Workload(7, DAY).nextDayQueries());
  }

  @Test
  void anEvalReleaseRegressedAndWasPutRight() {
    List<Double> passRates =
        new Workload(7, DAY)
            .history().get(GkpTables.EVAL_RUNS).stream()
                .filter(run -> run.has("dataset_name", "golden-answers"))
                .filter(run -> run.has("status", "succeeded"))
                .map(run -> Json.parseObject(run.text("summary_json")).get("pass_rate").asDouble())
                .toList();
    assertThat(passRates).hasSize(27).startsWith(0.8438, 0.8438, 0.8594);
    assertThat(passRates.subList(17, 20)).allMatch(rate -> rate < 0.8);
    assertThat(passRates).endsWith(0.9063, 0.9063, 0.8906, 0.9063);
  }

  @Test
  void slowModelsAreSlower() {
    List<Row> queries = queries(new Workload(7, DAY));
    assertThat(
            List.of(
                median(queries, LanguageModel.GEMINI_FLASH),
                median(queries, LanguageModel.GPT_MINI),
                median(queries, LanguageModel.LLAMA),
                median(queries, LanguageModel.GEMINI_PRO)))
        .containsExactly(719L, 971L, 1756L, 2317L);
  }

  @Test
  void fewerPeopleAskOnWeekends() {
    long sunday = new Workload(7, LocalDate.of(2026, 6, 14)).nextDayQueries().size();
    long monday = new Workload(7, LocalDate.of(2026, 6, 15)).nextDayQueries().size();
    assertThat(List.of(sunday, monday)).containsExactly(26L, 126L);
  }

  private static long median(List<Row> queries, LanguageModel model) {
    long[] latencies =
        queries.stream()
            .filter(query -> query.has("model", model.model))
            .mapToLong(query -> query.number("latency_ms"))
            .sorted()
            .toArray();
    return latencies[latencies.length / 2];
  }

  private static List<Row> queries(Workload workload) {
    return workload.history().get(GkpTables.QUERY_LOGS);
  }
}
