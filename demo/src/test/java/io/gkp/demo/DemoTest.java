package io.gkp.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.demo.question.Question;
import io.gkp.demo.question.Questions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The whole demo, once, for a fixed day; every number of it is known. */
class DemoTest {
  @AutoClose private static KeptDemo demo;
  private static JsonNode result;

  @BeforeAll
  static void play() {
    demo = KeptDemo.start();
    result = demo.result();
  }

  static KeptDemo demo() {
    return demo;
  }

  /** What it keeps up is looked at when its numbers have been. */
  @Nested
  class OnItsPage extends DemoPage {}

  @Test
  void theSourceHasFourWeeksOfHistory() {
    assertThat(result.path("source_rows").toString())
        .isEqualTo("{\"ingestion_runs\":281,\"eval_runs\":32,\"query_logs\":2770}");
  }

  @Test
  void theFirstExportTakesEveryRowAndNothingElse() {
    JsonNode first = result.path("exports").path(0);
    assertThat(first.path("status").asText()).isEqualTo("drained");
    assertThat(counts(first, "ingestion_runs")).containsExactly(281L, 0L, 0L, 0L, 281L);
    assertThat(counts(first, "eval_runs")).containsExactly(32L, 0L, 0L, 0L, 32L);
    assertThat(counts(first, "query_logs")).containsExactly(2770L, 0L, 0L, 0L, 2770L);
  }

  @Test
  void theSecondExportTakesExactlyTheDaysChanges() {
    JsonNode second = result.path("exports").path(1);
    assertThat(second.path("caught_up").asBoolean()).isTrue();
    assertThat(counts(second, "ingestion_runs")).containsExactly(0L, 13L, 1L, 43L, 57L);
    assertThat(counts(second, "eval_runs")).containsExactly(0L, 1L, 1L, 0L, 2L);
    assertThat(counts(second, "query_logs")).containsExactly(0L, 123L, 106L, 152L, 381L);
  }

  @Test
  void theNewColumnIsReported() {
    assertThat(result.path("exports").path(1).path("schema_changes").toString())
        .contains("cache_hit");
  }

  @Test
  void theChangelogAnswersQuestions() {
    assertThat(rows(Questions.OPERATIONS))
        .containsExactly(
            List.of("eval_runs", "r", "32"),
            List.of("eval_runs", "c", "1"),
            List.of("eval_runs", "u", "1"),
            List.of("ingestion_runs", "r", "281"),
            List.of("ingestion_runs", "d", "43"),
            List.of("ingestion_runs", "c", "13"),
            List.of("ingestion_runs", "u", "1"),
            List.of("query_logs", "r", "2770"),
            List.of("query_logs", "d", "152"),
            List.of("query_logs", "c", "123"),
            List.of("query_logs", "u", "106"));
    assertThat(rows(Questions.ONE_ROW))
        .containsExactly(
            List.of("q-07d5b02d63c4", "r", "NULL", "10152", "[]"),
            List.of("q-07d5b02d63c4", "u", "up", "NULL", "[answer]"));
  }

  @Test
  void theModelsAnswerQuestions() {
    assertThat(rows(Questions.NEWEST_VERSION))
        .containsExactly(List.of("q-07d5b02d63c4", "up", "10152"));
    assertThat(rows(Questions.NEW_COLUMN))
        .containsExactly(List.of("NULL", "2678"), List.of("false", "52"), List.of("true", "11"));
    assertThat(rows(Questions.LATENCY))
        .containsExactly(
            List.of("gemini-2.5-flash", "1204", "717", "1377"),
            List.of("gpt-4o-mini", "630", "972", "1909"),
            List.of("llama3.1-8b", "340", "1750", "4280"),
            List.of("gemini-2.5-pro", "533", "2317", "4918"));
    assertThat(rows(Questions.WEEKS))
        .containsExactly(
            List.of("2026-05-18", "561", "6.1", "3268", "5.6", "84.9"),
            List.of("2026-05-25", "651", "7.2", "3730", "5.0", "88.0"),
            List.of("2026-06-01", "669", "8.1", "4252", "8.2", "83.8"),
            List.of("2026-06-08", "620", "6.8", "4095", "5.3", "88.1"),
            List.of("2026-06-15", "240", "7.5", "3207", "0.0", "91.4"));
    assertThat(rows(Questions.REGRESSION))
        .containsExactly(List.of("1.16.1", "2026-06-06", "0.8906", "0.7813"));
    assertThat(rows(Questions.INGESTION))
        .containsExactly(
            List.of("meridian-health", "51", "7", "58"),
            List.of("tessera-retail", "50", "3", "70"),
            List.of("aldergate-bank", "46", "2", "38"));
  }

  @Test
  void everythingAddsUp() {
    assertThat(result.path("status").asText()).isEqualTo("ok");
    assertThat(result.path("checks").findValuesAsText("holds")).hasSize(8).containsOnly("true");
  }

  @Test
  void theStoryEndsWithWhatWasShownAndWhatToTry() {
    assertThat(demo.story().lines())
        .contains(
            "1. A Postgres with four weeks of a platform's history",
            "Both servers stay up until Ctrl-C")
        .anyMatch(line -> line.matches("Done in \\d+\\.\\d s: it adds up\\."))
        .noneMatch(line -> line.contains("FAILED"));
  }

  private static List<Long> counts(JsonNode export, String table) {
    JsonNode counts = export.path("tables").path(table);
    return List.of("snapshot_rows", "inserts", "updates", "deletes", "rows_loaded").stream()
        .map(name -> counts.path(name).asLong())
        .toList();
  }

  private static List<List<String>> rows(Question question) {
    for (JsonNode answer : result.path("answers")) {
      if (answer.path("question").asText().equals(question.words())) {
        return texts(answer.path("rows"));
      }
    }
    throw new AssertionError("not asked: " + question.words());
  }

  private static List<List<String>> texts(JsonNode rows) {
    List<List<String>> texts = new ArrayList<>();
    for (JsonNode row : rows) {
      List<String> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(cell.asText()));
      texts.add(cells);
    }
    return texts;
  }
}
