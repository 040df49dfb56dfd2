package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobReference;
import io.gkp.localbigquery.api.ApiException;
import java.util.UUID;
import java.util.regex.Pattern;

/** How jobs are named. */
final class JobNames {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,1024}");

  private JobNames() {}

  static String of(Job job) {
    JobReference reference = job.getJobReference();
    return reference.getProjectId() + ":" + reference.getLocation() + "." + reference.getJobId();
  }

  static ApiException notFound(String project, String id) {
    return ApiException.notFound("Not found: Job " + project + ":" + id);
  }

  static String fresh() {
    return "job_" + UUID.randomUUID().toString().replace('-', '_');
  }

  static void check(String id) {
    if (!ID.matcher(id).matches()) {
      throw ApiException.invalid(
          "Invalid job ID \""
              + id
              + "\". Job IDs must be alphanumeric (plus underscores and dashes) and must be at most"
              + " 1024 characters long.");
    }
  }
}
