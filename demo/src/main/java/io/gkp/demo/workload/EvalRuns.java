package io.gkp.demo.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nightly evaluations of answer quality: slowly better from release to release, with one
 * release that made things worse and was put right three days later.
 */
final class EvalRuns {
  private static final int REGRESSION_FROM = 18;
  private static final int REGRESSION_TO = 21;
  private static final int BROKEN_NIGHT = 9;

  private final long seed;
  private final LocalDate start;

  EvalRuns(long seed, LocalDate start) {
    this.seed = seed;
    this.start = start;
  }

  /** The golden answers every night, and on Sundays the refusals too. */
  List<Row> on(LocalDate day) {
    int night = (int) ChronoUnit.DAYS.between(start, day);
    List<Row> rows = new ArrayList<>();
    rows.add(run("golden-answers", 64, 1, day, night, 1));
    if (day.getDayOfWeek().getValue() == 7) {
      rows.add(run("should-refuse", 40, 0, day, night, 7));
    }
    return rows;
  }

  private Row run(
      String dataset, int examples, int details, LocalDate day, int night, int everyDays) {
    Chance chance = new Chance(seed, "eval_runs/" + dataset + "/" + day);
    long startedAt = Rhythm.at(day, 4, 30) + chance.between(0, 20);
    boolean broken = night == BROKEN_NIGHT && details == 1;
    Set<Integer> failing = failing(dataset, examples, night);
    Set<Integer> before =
        night < everyDays ? failing : failing(dataset, examples, night - everyDays);
    return new Row()
        .set("run_id", "eval-" + chance.hex(12))
        .set("started_at", startedAt)
        .set("finished_at", startedAt + (broken ? 31 : examples * 2 + chance.between(0, 40)))
        .set("status", broken ? "failed" : "succeeded")
        .set("dataset_name", dataset)
        .set("dataset_sha256", new Chance(seed, dataset).hex(64))
        .set("k", 8)
        .set("include_details", details)
        .set("app_version", version(night))
        .set("embeddings_backend", "vertexai")
        .set("embeddings_model", "text-embedding-005")
        .set("retrieval_config_json", Json.object().put("hybrid", true).put("k", 8).toString())
        .set("provider_config_json", provider())
        .set("summary_json", broken ? "{}" : summary(examples, failing.size()))
        .set("diff_from_prev_json", broken ? "{}" : diff(examples, before, failing))
        .set("details_json", broken || details == 0 ? "[]" : details(examples, failing, chance))
        .set("error", broken ? "provider_timeout" : null);
  }

  /** What {@code summary_json} says of a run. */
  static String summary(int examples, int failed) {
    return Json.object()
        .put("examples", examples)
        .put("passed", examples - failed)
        .put("failed", failed)
        .put("pass_rate", rate(examples, failed))
        .toString();
  }

  private static double rate(int examples, int failed) {
    return Math.round(10_000.0 * (examples - failed) / examples) / 10_000.0;
  }

  /** The examples failing on a night: an example's difficulty stays, the release's skill moves. */
  private Set<Integer> failing(String dataset, int examples, int night) {
    boolean regressed = night >= REGRESSION_FROM && night < REGRESSION_TO;
    double failureRate = 0.22 - 0.003 * night + (regressed ? 0.14 : 0);
    Chance difficulty = new Chance(seed, dataset + "/difficulty");
    Chance luck = new Chance(seed, dataset + "/luck/" + night);
    Set<Integer> failing = new TreeSet<>();
    for (int example = 1; example <= examples; example++) {
      if (difficulty.uniform() + 0.006 * luck.gaussian() < failureRate) {
        failing.add(example);
      }
    }
    return failing;
  }

  private static String diff(int examples, Set<Integer> before, Set<Integer> now) {
    ObjectNode diff = Json.object();
    double delta = rate(examples, now.size()) - rate(examples, before.size());
    diff.put("pass_rate_delta", Math.round(10_000 * delta) / 10_000.0);
    addMissing(diff.putArray("newly_failing"), now, before);
    addMissing(diff.putArray("newly_passing"), before, now);
    return diff.toString();
  }

  private static void addMissing(ArrayNode target, Set<Integer> of, Set<Integer> in) {
    of.stream().filter(example -> !in.contains(example)).forEach(e -> target.add("ex-" + e));
  }

  private static String details(int examples, Set<Integer> failing, Chance chance) {
    ArrayNode details = Json.array();
    for (int example = 1; example <= examples; example++) {
      boolean passed = !failing.contains(example);
      details
          .addObject()
          .put("example_id", "ex-" + example)
          .put("passed", passed)
          .put("score", (passed ? chance.between(70, 99) : chance.between(5, 60)) / 100.0)
          .put("answer_sha256", chance.hex(64));
    }
    return details.toString();
  }

  private static String version(int night) {
    boolean regressed = night >= REGRESSION_FROM && night < REGRESSION_TO;
    return "1." + (14 + night / 7) + "." + (regressed ? 1 : 0);
  }

  private static String provider() {
    return Json.object()
        .put("provider", LanguageModel.GEMINI_FLASH.provider)
        .put("model", LanguageModel.GEMINI_FLASH.model)
        .put("temperature", 0.0)
        .toString();
  }
}
