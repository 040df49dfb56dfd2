package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.JobStatistics;
import io.gkp.connector.config.BatchLimits;
import io.gkp.name.Lsn;
import io.gkp.offsets.RunRecord;
import io.gkp.offsets.Runs;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedRunsTest {
  @Test
  void everyRunLeavesOneRowPerTableWithItsCountsAndJobs() {
    try (Deployment deployment = new Deployment("items", "idle").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY, name text)",
          "CREATE TABLE idle (id int PRIMARY KEY)",
          "INSERT INTO items VALUES (1, 'one'), (2, 'two')");
      RunReport first = deployment.drain();
      deployment.database.execute(
          "INSERT INTO items VALUES (3, 'three')",
          "UPDATE items SET name = 'uno' WHERE id = 1",
          "DELETE FROM items WHERE id = 2");
      RunReport second = deployment.drain();

      List<RunRecord> runs = new Runs(deployment.controlStore()).newest(10);
      assertThat(runs)
          .extracting(
              record -> record.run().id(), RunRecord::table, record -> record.run().status())
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(second.runId(), "idle", "drained"),
              org.assertj.core.groups.Tuple.tuple(second.runId(), "items", "drained"),
              org.assertj.core.groups.Tuple.tuple(first.runId(), "idle", "drained"),
              org.assertj.core.groups.Tuple.tuple(first.runId(), "items", "drained"));
      RunRecord items = runs.get(1);
      assertThat(items.counts())
          .isEqualTo(
              new RunRecord.Counts(
                  0, 1, 1, 1, 0, 3, second.tables().get("items").bytesLoaded(), 0, 0));
      assertThat(items.run().phasesMs()).isEqualTo(second.phasesMs()).isNotEmpty();
      assertThat(items.loadJobs()).isEqualTo(second.tables().get("items").loadJobs()).hasSize(1);
      assertThat(items.run().fenceLsn()).isEqualTo(Lsn.parse(second.fenceLsn()));
      assertThat(items.lastChangeAt()).isBefore(items.run().startedAt());
      assertThat(items.run().lagBefore()).isPositive();
      assertThat(items.run().lagAfter()).isLessThan(items.run().lagBefore());
      assertThat(runs.get(0).lastChangeAt()).isNull();
      assertThat(runs.get(3).counts().snapshotRows()).isEqualTo(2);
      assertThat(runs.get(3).schemaChanges()).containsExactly("raw_items: new table for items");
    }
  }

  @Test
  void aRunThatFindsItsSlotGoneIsRecordedWithItsCode() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY, name text)");
      deployment.drain();
      deployment.database.execute("SELECT pg_drop_replication_slot('" + deployment.slot() + "')");
      RunReport failed = deployment.run();
      assertThat(failed.error().code()).isEqualTo("GKP-202");
      RunRecord newest = new Runs(deployment.controlStore()).newest(1).get(0);
      assertThat(newest.run().id()).isEqualTo(failed.runId());
      assertThat(newest.run().status()).isEqualTo("failed");
      assertThat(newest.run().errorCode()).isEqualTo("GKP-202");
    }
  }

  @Test
  void whatIsRecordedOfJobsIsWhatTheServiceSaysOfThem() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY, name text)",
          "INSERT INTO items SELECT i, 'n' || i FROM generate_series(1, 1000) i");
      deployment.withLimits(new BatchLimits(20_000, Duration.ofMinutes(1), 1_000_000)).drain();
      RunRecord record = new Runs(deployment.controlStore()).newest(1).get(0);
      assertThat(record.loadJobs()).hasSizeGreaterThan(1);
      long rows = 0;
      for (String id : record.loadJobs()) {
        JobStatistics.LoadStatistics statistics = deployment.bigquery().getJob(id).getStatistics();
        rows += statistics.getOutputRows();
      }
      assertThat(rows).isEqualTo(1_000).isEqualTo(record.counts().rowsLoaded());
      assertThat(record.counts().snapshotRows()).isEqualTo(1_000);
    }
  }

  @Test
  void aRunThatWasStoppedIsRecordedWithTheLagThatItLeaves() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY)");
      deployment.drain();
      deployment.database.execute(
          "INSERT INTO items SELECT generate_series(1, 5000)", // where the run may stop
          "INSERT INTO items VALUES (0)"); // and what it leaves
      Export export = deployment.export();
      export.requestStop();
      RunReport stopped = export.run();
      assertThat(stopped.status()).isEqualTo(RunReport.Status.STOPPED_EARLY);
      RunRecord record = new Runs(deployment.controlStore()).newest(1).get(0);
      assertThat(record.run().id()).isEqualTo(stopped.runId());
      assertThat(record.run().status()).isEqualTo("stopped_early");
      assertThat(record.run().errorCode()).isNull();
      assertThat(record.run().fenceLsn()).isNull();
      assertThat(record.run().checkpointLsn()).isEqualTo(Lsn.parse(stopped.checkpointLsn()));
      assertThat(record.run().lagBefore()).isPositive();
      assertThat(record.run().lagAfter()).isNotNull();
    }
  }

  @Test
  void aRunThatFailsForAnUnknownReasonIsRecordedToo() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY)");
      deployment.drain();
      deployment.database.execute("INSERT INTO items VALUES (1)");
      Progress broken =
          new Progress() {
            @Override
            public void streaming(Lsn from, Lsn fence) {
              throw new IllegalStateException("row value 4711");
            }
          };
      Export export = new Export(deployment.config(), Clock.systemUTC(), broken);
      RunReport failed = export.run();
      assertThat(failed.error().code()).isEqualTo("GKP-900");
      assertThat(failed.error().message()).contains("IllegalState").doesNotContain("4711");
      assertThat(export.cause()).isInstanceOf(IllegalStateException.class);
      RunRecord record = new Runs(deployment.controlStore()).newest(1).get(0);
      assertThat(record.run().id()).isEqualTo(failed.runId());
      assertThat(record.run().errorCode()).isEqualTo("GKP-900");
      assertThat(record.run().lagAfter()).isGreaterThanOrEqualTo(record.run().lagBefore());
    }
  }
}
