package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import java.io.IOException;

/** What jobs of one kind do. */
public interface JobWork {
  /** Whether jobs so configured are of this kind. */
  boolean accepts(Job job);

  /**
   * Checks what can be checked before there is a job, and completes its configuration.
   *
   * @return the location in which it will run
   * @throws io.gkp.localbigquery.api.ApiException to refuse it; the id then stays unused
   */
  String prepare(Job job);

  /** Whether the job may run from the start again after a crash has stopped it. */
  boolean isRepeatable();

  /**
   * Runs the job and {@link RunningJob#complete completes} it. It fails where this throws.
   *
   * @throws JobFailure or {@link io.gkp.localbigquery.api.ApiException}, with the reason
   */
  void run(RunningJob job) throws IOException;
}
