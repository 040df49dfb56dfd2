package io.gkp.serve.runs;

import java.nio.file.Path;
import java.util.Optional;

/** Where runs take place: never in the server's own process. */
public interface Runner {
  /**
   * Has a run started.
   *
   * @throws io.gkp.failure.ExportException {@code RUN_NOT_STARTED}
   */
  void start(String runId, StartOrder order);

  /**
   * Asks a run to end early, as SIGTERM does.
   *
   * @return false when this runner knows no such run that is going
   */
  boolean stop(String runId);

  /** Whether the run is known here and has not ended. */
  boolean isGoing(String runId);

  /** A run that was started here and has not ended. */
  default Optional<String> going() {
    return Optional.empty();
  }

  /** What the run has left here; empty where that is nothing. */
  default Optional<RunFolder> folder(String runId) {
    return Optional.empty();
  }

  /**
   * What a run leaves where it is started.
   *
   * @param path holds {@code events}, a JSON object on each line, and {@code report.json}
   */
  record RunFolder(Path path) {
    static final String EVENTS = "events";
    static final String REPORT = "report.json";
    static final String LOG = "log";

    public Path events() {
      return path.resolve(EVENTS);
    }

    public Path report() {
      return path.resolve(REPORT);
    }
  }
}
