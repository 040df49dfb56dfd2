package io.gkp.localbigquery.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.JobStatus;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.Session;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobHistoryTest {
  private static final int MOST_IN_MEMORY = 4;

  @TempDir Path directory;

  /** One job that runs, and as many that have ended as there is room for in memory. */
  private static JobHistory full(Database database) {
    JobHistory history = JobHistory.open(database, MOST_IN_MEMORY);
    history.accept(job("runs", "PENDING"));
    for (int i = 0; i < MOST_IN_MEMORY - 1; i++) {
      run(history, "early_" + i);
    }
    return history;
  }

  @Test
  void aServerInMemoryWritesJobsOnlyWhenThereAreMany() {
    try (Database database = Database.inMemory(directory, List.of())) {
      JobHistory history = full(database);
      assertThat(written(database)).isZero();

      run(history, "child");
      assertThat(written(database)).isEqualTo(MOST_IN_MEMORY / 2 + 1);
      requireComplete(history);

      history.end(job("early_0", "DELETED"));
      assertThat(ids(history.of("p")))
          .containsExactlyInAnyOrder("runs", "early_1", "early_2", "child");
      assertThat(history.finished()).hasSize(MOST_IN_MEMORY);
      assertThat(history.knows(new JobKey("p", "early_0"))).isTrue();
      assertThat(state(history, "early_0")).isEqualTo("DELETED");
    }
  }

  @Test
  void aServerOfADirectoryWritesEachJobAtOnce() {
    try (Database database = Database.open(directory, List.of())) {
      JobHistory history = full(database);
      run(history, "child");
      assertThat(written(database)).isEqualTo(MOST_IN_MEMORY + 1);
      requireComplete(history);

      JobHistory reopened = JobHistory.open(database, MOST_IN_MEMORY);
      assertThat(ids(reopened.unfinished())).containsExactly("runs");
      requireComplete(reopened);
    }
  }

  private static void requireComplete(JobHistory history) {
    assertThat(ids(history.of("p")))
        .containsExactlyInAnyOrder("runs", "early_0", "early_1", "early_2", "child");
    assertThat(ids(history.finished()))
        .containsExactlyInAnyOrder("early_0", "early_1", "early_2", "child");
    assertThat(history.of("q")).isEmpty();
    assertThat(state(history, "runs")).isEqualTo("PENDING");
    assertThat(state(history, "early_0")).isEqualTo("DONE");
    assertThat(state(history, "child")).isEqualTo("DONE");
    assertThat(history.find(new JobKey("p", "never"))).isEmpty();
  }

  private static void run(JobHistory history, String id) {
    history.accept(job(id, "PENDING"));
    history.end(job(id, "DONE"));
  }

  private static String state(JobHistory history, String id) {
    return history.find(new JobKey("p", id)).orElseThrow().getStatus().getState();
  }

  private static List<String> ids(List<Job> jobs) {
    return jobs.stream().map(job -> job.getJobReference().getJobId()).toList();
  }

  private static long written(Database database) {
    try (Session session = database.session()) {
      return session.number("SELECT count(*) FROM meta.jobs");
    }
  }

  private static Job job(String id, String state) {
    return new Job()
        .setJobReference(new JobReference().setProjectId("p").setJobId(id))
        .setStatus(new JobStatus().setState(state));
  }
}
