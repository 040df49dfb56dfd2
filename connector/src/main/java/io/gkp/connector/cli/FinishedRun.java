package io.gkp.connector.cli;

import io.gkp.connector.export.RunReport;
import io.gkp.connector.verify.Verification;
import java.io.PrintWriter;

/** What is said of a run that did not end well, beside its report. */
final class FinishedRun {
  private FinishedRun() {}

  /**
   * @param cause of a failure; may be null
   */
  static void complain(PrintWriter err, RunReport report, Throwable cause) {
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
