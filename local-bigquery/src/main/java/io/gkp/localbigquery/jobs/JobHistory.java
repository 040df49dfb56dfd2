package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.storage.Session;
import java.util.List;

/** The jobs of a project as they were last recorded. */
public final class JobHistory {
  private JobHistory() {}

  /** Those that were deleted left out; one that runs is as it was accepted. In no order. */
  public static List<Job> of(Session session, String project) {
    return session
        .query(
            "SELECT record FROM meta.jobs WHERE project = ?",
            row -> ApiJson.read(row.getString(1), Job.class),
            project)
        .stream()
        .filter(job -> !Jobs.isDeleted(job))
        .toList();
  }
}
