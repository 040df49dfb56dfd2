package io.gkp.connector.cli.run;

import io.gkp.connector.cli.log.Complaint;
import io.gkp.connector.cli.log.Logs;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.verify.Verification;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said of a run beside its report: the log lines that alerts go by. */
final class FinishedRun {
  private static final Logger log = LoggerFactory.getLogger(FinishedRun.class);

  private FinishedRun() {}

  /** Alerts tell shards apart by it. */
  static void labelShard(Sharding sharding) {
    if (sharding.isOneOfSeveral()) {
      Logs.label("shard", Integer.toString(sharding.number()));
    }
  }

  /**
   * @param cause of a failure; may be null
   */
  static void complain(PrintWriter err, RunReport report, @Nullable Throwable cause) {
    if (Logs.isJson() && report.status() == RunReport.Status.DRAINED) {
      log.atInfo()
          .addKeyValue("status", "drained")
          .log("Drained: every change that was committed before this run began is in");
    }
    RunReport.Error error =
        report.error() != null
            ? report.error()
            : Verification.failure(report.verification()).map(RunReport.Error::of).orElse(null);
    if (error != null) {
      Complaint.print(
          err, error.message() + " " + error.remedy(), error.code(), report.runId(), cause);
    }
  }
}
