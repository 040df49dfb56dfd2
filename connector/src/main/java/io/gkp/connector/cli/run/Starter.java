package io.gkp.connector.cli.run;

import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunIds;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What a process that starts a run for somebody else tells it, in the environment: not for people.
 *
 * @param runId the run's name
 * @param eventsFile where the run shall say how it gets on
 */
record Starter(String runId, Optional<Path> eventsFile) {
  static final String RUN_ID = "GKP_RUN_ID";
  static final String EVENTS_FILE = "GKP_EVENTS_FILE";

  /** A run that nobody else has named gets a new name. */
  static Starter of(Map<String, String> environment) {
    String given = environment.get(RUN_ID);
    if (given != null && !RunIds.is(given)) {
      throw new ExportException(
          Failure.CONFIGURATION,
          RUN_ID + " is not the id of a run.",
          "Unset it: a run names itself.");
    }
    return new Starter(
        given == null ? RunIds.create(Clock.systemUTC()) : given,
        Optional.ofNullable(environment.get(EVENTS_FILE)).map(Path::of));
  }

  /** The same progress, told to whoever started the run as well. */
  Progress watching(Progress progress) {
    return eventsFile.<Progress>map(file -> new EventsFile(file, progress)).orElse(progress);
  }
}
