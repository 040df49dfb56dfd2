package io.gkp.demo.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The questions asked on a day, in the order of their time. */
final class QueryLogs {
  private static final double ERROR_RATE = 0.012;
  private static final double REFUSAL_RATE = 0.06;
  private static final double FEEDBACK_RATE = 0.09;
  private static final double LISTING_RATE = 0.004;
  private static final int TIMEOUT_MILLIS = 30_000;

  private final long seed;

  QueryLogs(long seed) {
    this.seed = seed;
  }

  List<Row> on(LocalDate day) {
    List<Row> rows = new ArrayList<>();
    for (Tenant tenant : Tenant.ALL) {
      Chance chance = new Chance(seed, "query_logs/" + tenant.id() + "/" + day);
      int queries = chance.count(tenant.dailyQueries() * Rhythm.activity(day));
      for (int i = 0; i < queries; i++) {
        rows.add(query(tenant, day, chance));
      }
    }
    rows.sort(Comparator.comparingLong((Row row) -> row.number("created_at")));
    return rows;
  }

  private static Row query(Tenant tenant, LocalDate day, Chance chance) {
    String subject = Prose.subject(chance);
    LanguageModel model =
        chance.happens(0.85) ? tenant.model() : chance.pick(List.of(LanguageModel.values()));
    Row row =
        new Row()
            .set("query_id", "q-" + chance.hex(12))
            .set("tenant_id", tenant.id())
            .set("principal", chance.happens(0.04) ? null : tenant.person(chance))
            .set("created_at", Rhythm.moment(day, chance))
            .set("question", Prose.question(chance, subject));
    int k = chance.pick(List.of(4, 8, 8, 8, 12));
    return chance.happens(ERROR_RATE)
        ? failed(row, k, model, chance)
        : answered(row, k, model, subject, chance);
  }

  private static Row failed(Row row, int k, LanguageModel model, Chance chance) {
    boolean timeout = chance.happens(0.6);
    int retrieval = chance.logNormal(85, 0.5);
    int waited = timeout ? TIMEOUT_MILLIS : chance.logNormal(400, 0.5);
    return finish(row, null, 0, k, retrieval + waited, retrieval, null, model)
        .set("prompt_tokens", null)
        .set("completion_tokens", null)
        .set("citations_json", "[]")
        .set("status", "error")
        .set("error", timeout ? "provider_timeout" : "provider_unavailable")
        .set("feedback", null);
  }

  private static Row answered(Row row, int k, LanguageModel model, String subject, Chance chance) {
    boolean refused = chance.happens(REFUSAL_RATE);
    boolean listing = !refused && chance.happens(LISTING_RATE);
    String answer =
        refused
            ? Prose.REFUSAL
            : listing ? Prose.listing(chance, subject) : Prose.answer(chance, subject);
    int tokens = answer.length() / 4;
    int retrieval = chance.logNormal(60 + 4.0 * k, 0.5);
    int generation = model.generationMillis(chance, tokens);
    int total = retrieval + generation + chance.between(3, 20);
    return finish(row, answer, refused ? 1 : 0, k, total, retrieval, generation, model)
        .set("prompt_tokens", 220 + k * chance.between(140, 190))
        .set("completion_tokens", tokens)
        .set("citations_json", refused ? "[]" : citations(chance))
        .set("status", "ok")
        .set("error", null)
        .set("feedback", feedback(chance, refused || total > 6000));
  }

  private static Row finish(
      Row row,
      @Nullable String answer,
      int refused,
      int k,
      int latency,
      int retrieval,
      @Nullable Integer generation,
      LanguageModel model) {
    return row.set("answer", answer)
        .set("refused", refused)
        .set("retrieval_k", k)
        .set("latency_ms", latency)
        .set("retrieval_ms", retrieval)
        .set("generation_ms", generation)
        .set("provider", model.provider)
        .set("model", model.model);
  }

  private static @Nullable String feedback(Chance chance, boolean annoying) {
    if (!chance.happens(FEEDBACK_RATE)) {
      return null;
    }
    return chance.happens(annoying ? 0.7 : 0.15) ? "down" : "up";
  }

  private static String citations(Chance chance) {
    ArrayNode citations = Json.array();
    int count = 1 + chance.weighted(5, 3, 2);
    for (int i = 0; i < count; i++) {
      citations
          .addObject()
          .put("doc", Prose.document(chance))
          .put("chunk", chance.between(0, 40))
          .put("score", chance.between(5500, 9700) / 10_000.0);
    }
    return citations.toString();
  }
}
