package io.gkp.serve.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.export.RunIds;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.RunHistory;
import io.gkp.connector.operations.RunStarts;
import io.gkp.connector.operations.RunSummary;
import io.gkp.offsets.Request;
import io.gkp.serve.http.Json;
import io.gkp.serve.runs.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts together what the ledger, the session and the run's own files say of a run. */
public final class RunView {
  private final Runner runner;

  public RunView(Runner runner) {
    this.runner = runner;
  }

  /** Empty where nobody knows such a run. */
  public Optional<RunDetail> of(BothSides sides, String runId) {
    RunHistory history = new RunHistory(sides);
    RunStarts starts = new RunStarts(sides, Clock.systemUTC());
    Optional<RunSummary> summary = history.find(runId);
    List<RunSummary.Batch> batches = history.batches(runId);
    Optional<Request> start = starts.find(runId);
    Optional<JsonNode> report = report(runId);
    boolean isGoing =
        summary.isEmpty()
            && (runner.isGoing(runId)
                || starts.going().flatMap(RunIds::in).filter(runId::equals).isPresent());
    if (summary.isEmpty()
        && batches.isEmpty()
        && start.isEmpty()
        && !isGoing
        && runner.folder(runId).isEmpty()) {
      return Optional.empty();
    }
    String state =
        isGoing
            ? "running"
            : summary
                .map(RunSummary::status)
                .or(() -> report.map(json -> json.path("status").asText()))
                .orElse("no_record");
    return Optional.of(
        new RunDetail(
            runId,
            state,
            start.map(Request::by).orElse(null),
            start.map(Request::reason).orElse(null),
            error(summary, report),
            summary.orElse(null),
            batches,
            report.orElse(null)));
  }

  private Optional<JsonNode> report(String runId) {
    return runner
        .folder(runId)
        .map(Runner.RunFolder::report)
        .filter(Files::exists)
        .flatMap(
            file -> {
              try {
                String text = Files.readString(file);
                return text.isBlank() ? Optional.empty() : Optional.of(Json.tree(text));
              } catch (IOException | IllegalArgumentException e) {
                return Optional.empty(); // half of it is written
              }
            });
  }

  private static RunDetail.@Nullable Failed error(
      Optional<RunSummary> summary, Optional<JsonNode> report) {
    Optional<JsonNode> said = report.map(json -> json.path("error")).filter(JsonNode::isObject);
    String code =
        said.map(error -> error.path("code").asText())
            .or(() -> summary.map(RunSummary::errorCode))
            .orElse(null);
    if (code == null) {
      return null;
    }
    Optional<Runbook.Entry> entry = Runbook.entry(code);
    return new RunDetail.Failed(
        code,
        said.map(error -> error.path("message").asText()).orElse(null),
        said.map(error -> error.path("remedy").asText())
            .or(() -> entry.map(Runbook.Entry::remedy))
            .orElse(null),
        entry.map(Runbook.Entry::title).orElse(null),
        entry.map(Runbook.Entry::cause).orElse(null));
  }
}
