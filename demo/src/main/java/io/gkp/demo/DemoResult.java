package io.gkp.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.demo.question.Answer;
import io.gkp.demo.workload.Change;
import io.gkp.demo.workload.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the demo found out, for {@code --output json} and for tests. */
final class DemoResult {
  private final Map<String, Long> sourceRows = new LinkedHashMap<>();
  private final List<ExportRun> exports = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // once they have run
  private ModelsRun models;

  private final Map<String, Boolean> checks = new LinkedHashMap<>();

  void sourceRows(String table, long rows) {
    sourceRows.put(table, rows);
  }

  void export(ExportRun run) {
    exports.add(run);
  }

  void changes(List<Change> made) {
    changes.addAll(made);
  }

  void models(ModelsRun run) {
    models = run;
  }

  void answer(Answer answer) {
    answers.add(answer);
  }

  void check(String claim, boolean holds) {
    checks.put(claim, holds);
  }

  List<ExportRun> exports() {
    return exports;
  }

  List<Change> changes() {
    return changes;
  }

  ModelsRun models() {
    return models;
  }

  List<Answer> answers() {
    return answers;
  }

  Map<String, Boolean> checks() {
    return checks;
  }

  boolean allHold() {
    return !checks.containsValue(false);
  }

  ObjectNode json(long durationMillis) {
    ObjectNode node = Json.object();
    node.put("status", allHold() ? "ok" : "failed").put("duration_ms", durationMillis);
    sourceRows.forEach(node.putObject("source_rows")::put);
    exports.forEach(run -> node.withArray("/exports").add(Json.of(run.report())));
    ArrayNode made = node.putArray("changes");
    for (Change change : changes) {
      made.addObject()
          .put("what", change.story())
          .put("table", change.table())
          .put("inserts", change.inserts())
          .put("updates", change.updates())
          .put("deletes", change.deletes());
    }
    ArrayNode built = node.putObject("models").putArray("built");
    models.names().forEach(built::add);
    answers.forEach(answer -> node.withArray("/answers").add(answer.json()));
    ArrayNode checked = node.putArray("checks");
    checks.forEach((claim, holds) -> checked.addObject().put("claim", claim).put("holds", holds));
    return node;
  }
}
