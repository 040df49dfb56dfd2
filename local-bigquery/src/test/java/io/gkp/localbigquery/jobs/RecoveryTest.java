package io.gkp.localbigquery.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfiguration;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatistics3;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.TableChange;
import io.gkp.localbigquery.storage.Warehouse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies is here one that stands still for ever while another opens its files. */
class RecoveryTest {
  private static final TableReference TABLE = Names.table("p", "d", "t");
  private static final Job JOB =
      new Job()
          .setJobReference(new JobReference().setJobId("a_job"))
          .setConfiguration(new JobConfiguration());

  @TempDir Path directory;
  private Database database;
  private Warehouse warehouse;

  @AfterEach
  void close() {
    database.close();
  }

  @BeforeEach
  void createTable() {
    database = Database.open(directory, List.of());
    warehouse = Warehouse.open(database);
    warehouse.createDataset(
        new Dataset()
            .setDatasetReference(new DatasetReference().setProjectId("p").setDatasetId("d")));
    warehouse.createTable(
        new Table()
            .setTableReference(TABLE)
            .setSchema(
                new TableSchema()
                    .setFields(List.of(new TableFieldSchema().setName("s").setType("STRING")))));
  }

  @Test
  void aJobThatDiedBetweenItsCommitAndItsEndIsDoneAndDoesNotRunAgain() throws InterruptedException {
    dieIn(new Appending(true, Dying.AFTER_COMMIT));

    Warehouse reopened = Warehouse.open(database);
    assertThat(recover(reopened, true)).isEqualTo("DONE 1");
    assertThat(reopened.rowCount(TABLE)).isEqualTo(1);
  }

  @Test
  void aJobThatDiedBeforeItsCommitRunsAgain() throws InterruptedException {
    dieIn(new Appending(true, Dying.BEFORE_COMMIT));

    Warehouse reopened = Warehouse.open(database);
    assertThat(recover(reopened, true)).isEqualTo("DONE 1");
    assertThat(reopened.rowCount(TABLE)).isEqualTo(1);
  }

  @Test
  void aJobThatMayNotRunTwiceFailsAndKeepsItsId() throws InterruptedException {
    dieIn(new Appending(false, Dying.BEFORE_COMMIT));

    Warehouse reopened = Warehouse.open(database);
    assertThat(recover(reopened, false)).isEqualTo("jobInternalError");
    assertThat(reopened.rowCount(TABLE)).isZero();
  }

  /** Recovers twice, as two restarts would, and tells what became of the job. */
  private String recover(Warehouse reopened, boolean repeatable) {
    Job done = null;
    for (int restart = 0; restart < 2; restart++) {
      try (Jobs jobs = open(reopened, new Appending(repeatable, Dying.NEVER, reopened))) {
        jobs.recover();
        done = jobs.await(jobs.get("p", "a_job"), Duration.ofSeconds(10));
        assertThatThrownBy(() -> jobs.insert("p", JOB, Optional.empty()))
            .isInstanceOfSatisfying(
                ApiException.class, e -> assertThat(e.httpStatus()).isEqualTo(409));
      }
    }
    return done.getStatus().getErrorResult() == null
        ? done.getStatus().getState() + " " + done.getStatistics().getLoad().getOutputRows()
        : done.getStatus().getErrorResult().getReason();
  }

  private void dieIn(Appending work) throws InterruptedException {
    work.warehouse = warehouse;
    Jobs jobs = open(warehouse, work);
    jobs.insert("p", JOB, Optional.empty());
    work.dead.await();
  }

  private Jobs open(Warehouse opened, JobWork work) {
    assertThat(opened.dataset("p", "d")).isPresent();
    return Jobs.open(JobHistory.open(database), directory.resolve("jobs"), List.of(work));
  }

  private enum Dying {
    NEVER,
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  /** Appends one row. */
  private static final class Appending implements JobWork {
    private final CountDownLatch dead = new CountDownLatch(1);
    private final boolean repeatable;
    private final Dying dying;
    private Warehouse warehouse;

    private Appending(boolean repeatable, Dying dying) {
      this(repeatable, dying, null);
    }

    private Appending(boolean repeatable, Dying dying, Warehouse warehouse) {
      this.repeatable = repeatable;
      this.dying = dying;
      this.warehouse = warehouse;
    }

    @Override
    public boolean accepts(Job job) {
      return true;
    }

    @Override
    public String prepare(Job job) {
      return "US";
    }

    @Override
    public boolean isRepeatable() {
      return repeatable;
    }

    @Override
    public void run(RunningJob job) {
      dieIf(Dying.BEFORE_COMMIT);
      Job success =
          job.success(new JobStatistics().setLoad(new JobStatistics3().setOutputRows(1L)));
      Table table = warehouse.table(TABLE).orElseThrow();
      try (Session session = warehouse.session()) {
        var added =
            warehouse.stage(
                session,
                Column.of(table.getSchema()),
                List.<Object[]>of(new Object[] {"x"}).iterator());
        warehouse.commit(
            session,
            TABLE,
            current -> new TableChange(table, true, Optional.of(added)),
            committing -> job.record(committing, success),
            () -> {
              dieIf(Dying.AFTER_COMMIT);
              job.committed(success);
            });
      }
    }

    private void dieIf(Dying point) {
      if (dying == point) {
        dead.countDown();
        while (true) {
          try {
            Thread.sleep(Long.MAX_VALUE);
          } catch (InterruptedException e) {
            continue; // the dead do not hear
          }
        }
      }
    }
  }
}
