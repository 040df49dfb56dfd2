package io.gkp.connector.checks.destination;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.DestinationFailures;
import io.gkp.bigquery.Failures;
import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Checks of the Google Cloud project as a whole. */
public final class ProjectChecks {
  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(1);

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final Failures failures;
  private final Clock clock;

  public ProjectChecks(BigQuery bigquery, DestinationConfig config, Clock clock) {
    this.bigquery = bigquery;
    this.config = config;
    this.failures = new DestinationFailures(config);
    this.clock = clock;
  }

  /** Ends with the first error: without a project or the right to ask there is nothing to see. */
  public List<Finding> check() {
    try {
      bigquery.create(dryRun("SELECT 1"));
    } catch (BigQueryException e) {
      return List.of(refused(e));
    }
    return List.of(
        Finding.ok("project", "Project " + config.project() + " has BigQuery."),
        Finding.ok("jobs-create", "Jobs may be created in project " + config.project() + "."),
        clock());
  }

  /** A dry run costs nothing, and takes the permissions all the same. */
  static JobInfo dryRun(String sql) {
    return JobInfo.of(
        QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).setDryRun(true).build());
  }

  private Finding refused(BigQueryException error) {
    if ("accessNotConfigured".equals(error.getReason())) {
      return Finding.error(
              "project",
              Failure.CONFIGURATION,
              "BigQuery is not enabled in project " + config.project() + ".",
              "Nothing can be asked for or loaded there.")
          .withCommand(
              "gcloud services enable bigquery.googleapis.com --project=" + config.project());
    }
    if (error.getCode() == 404) {
      return Finding.error(
              "project",
              Failure.CONFIGURATION,
              "There is no project " + config.project() + ".",
              "Correct --project; it is the project's id, not its name.")
          .withCommand("gcloud projects list");
    }
    Finding finding = Finding.of("jobs-create", failures.of("a dry run", error));
    return finding.failure() == Failure.DESTINATION_PERMISSION
        ? finding.withCommand(
            "gcloud projects add-iam-policy-binding "
                + config.project()
                + " --member=serviceAccount:SERVICE_ACCOUNT --role=roles/bigquery.jobUser")
        : finding;
  }

  private Finding clock() {
    String name = "clock-bigquery";
    try {
      Instant asked = clock.instant();
      long micros =
          bigquery
              .query(
                  QueryJobConfiguration.newBuilder("SELECT UNIX_MICROS(CURRENT_TIMESTAMP())")
                      .setUseLegacySql(false)
                      .setUseQueryCache(false)
                      .build())
              .iterateAll()
              .iterator()
              .next()
              .get(0)
              .getLongValue();
      Instant theirs = Instant.EPOCH.plusNanos(micros * 1000);
      Duration difference = outside(asked, theirs, clock.instant());
      return difference.compareTo(MAX_CLOCK_DIFFERENCE) <= 0
          ? Finding.ok(name, "The clocks of this machine and of BigQuery agree.")
          : Finding.warning(
              name,
              "The clocks of this machine and of BigQuery differ by "
                  + difference.toSeconds()
                  + " s.",
              "No order depends on them, but _cdc_ingested_at, by which raw tables are partitioned,"
                  + " is this machine's. Set up NTP.");
    } catch (BigQueryException e) {
      return Finding.of(name, failures.of("a query", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Finding.warning(name, "The query was interrupted.", "Run doctor again.");
    }
  }

  /** By how much a moment lies outside an interval; an answer takes its time. */
  static Duration outside(Instant begin, Instant moment, Instant end) {
    if (moment.isBefore(begin)) {
      return Duration.between(moment, begin);
    }
    return moment.isAfter(end) ? Duration.between(end, moment) : Duration.ZERO;
  }
}
