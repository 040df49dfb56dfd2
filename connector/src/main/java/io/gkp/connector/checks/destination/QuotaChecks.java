package io.gkp.connector.checks.destination;

import static java.util.Objects.requireNonNull;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.JobListOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.TableId;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.DestinationFailures;
import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import io.gkp.offsets.Runs;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of the day's load jobs is used up, counted from the project's list of jobs: failed ones
 * count, too. The day begins at midnight Pacific time.
 *
 * @see <a href="https://cloud.google.com/bigquery/quotas#load_jobs">load jobs</a>
 */
public final class QuotaChecks {
  private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");
  private static final long PAGE = 1000;
  private static final String REMEDY =
      "BigQuery refuses loads beyond it until midnight Pacific time, and WAL piles up in Postgres."
          + " Run less often, or load larger batches:";
  private static final String LARGER = "export GKP_BATCH_BYTES=256MiB GKP_BATCH_AGE=10m";

  /**
   * What may be done a day.
   *
   * @param jobs load jobs of a project
   * @param table modifications of partitions of one table; each of our loads is one, and all of our
   *     tables are partitioned
   */
  public record Limits(long jobs, long table) {
    public static final Limits BIGQUERY = new Limits(100_000, 30_000);
  }

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final Clock clock;
  private final Limits limits;

  public QuotaChecks(BigQuery bigquery, DestinationConfig config, Clock clock, Limits limits) {
    this.bigquery = bigquery;
    this.config = config;
    this.clock = clock;
    this.limits = limits;
  }

  /** Load jobs since midnight. */
  private record Used(String whose, long jobs, Map<String, Long> byTable) {}

  /**
   * @param runs what is counted where the list of jobs may not be seen
   */
  public List<Finding> check(Runs runs) {
    try {
      Used used = used(runs);
      return List.of(jobs(used), tables(used));
    } catch (BigQueryException e) {
      return List.of(
          Finding.of("quota-load-jobs", new DestinationFailures(config).of("the list of jobs", e)));
    }
  }

  private Instant midnight() {
    return clock.instant().atZone(PACIFIC).toLocalDate().atStartOfDay(PACIFIC).toInstant();
  }

  private Used used(Runs runs) {
    try {
      return listed("of the whole project", JobListOption.allUsers());
    } catch (BigQueryException e) {
      if (e.getCode() != 403) {
        throw e;
      }
    }
    try {
      return listed("of this account (bigquery.jobs.listAll would show all)");
    } catch (BigQueryException e) {
      if (e.getCode() != 403) {
        throw e;
      }
      return recorded(runs);
    }
  }

  private Used listed(String whose, JobListOption... more) {
    List<JobListOption> options = new ArrayList<>(Arrays.asList(more));
    options.add(JobListOption.minCreationTime(midnight().toEpochMilli()));
    options.add(JobListOption.pageSize(PAGE));
    long jobs = 0;
    Map<String, Long> byTable = new HashMap<>();
    for (Job job : bigquery.listJobs(options.toArray(JobListOption[]::new)).iterateAll()) {
      if (job.getConfiguration() instanceof LoadJobConfiguration load) {
        jobs++;
        TableId table = load.getDestinationTable();
        if (config.dataset().equals(table.getDataset())) {
          byTable.merge(table.getTable(), 1L, Long::sum);
        }
      }
    }
    return new Used(whose, jobs, byTable);
  }

  /** Less than there were: a run that was killed has left no record. */
  private Used recorded(Runs runs) {
    Map<String, Long> byTable = new HashMap<>();
    runs.since(midnight())
        .forEach(run -> byTable.merge(run.table(), (long) run.loadJobs().size(), Long::sum));
    return new Used(
        "that runs have recorded (bigquery.jobs.list would show all)",
        byTable.values().stream().mapToLong(Long::longValue).sum(),
        byTable);
  }

  private Finding jobs(Used used) {
    return finding(
        "quota-load-jobs",
        "%,d of %,d load jobs were used since midnight Pacific time, counting those %s."
            .formatted(used.jobs(), limits.jobs(), used.whose()),
        used.jobs(),
        limits.jobs());
  }

  private Finding tables(Used used) {
    String busiest =
        used.byTable().entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(null);
    if (busiest == null) {
      return Finding.ok("quota-tables", "Nothing was loaded since midnight Pacific time.");
    }
    long loads = requireNonNull(used.byTable().get(busiest));
    return finding(
        "quota-tables",
        "Table %s had %,d of its %,d loads since midnight Pacific time; no other is nearer."
            .formatted(busiest, loads, limits.table()),
        loads,
        limits.table());
  }

  private static Finding finding(String name, String what, long used, long limit) {
    if (used >= limit) {
      return Finding.error(name, Failure.DESTINATION_QUOTA, what, REMEDY).withCommand(LARGER);
    }
    return used < limit / 2
        ? Finding.ok(name, what)
        : Finding.warning(name, what, REMEDY).withCommand(LARGER);
  }
}
