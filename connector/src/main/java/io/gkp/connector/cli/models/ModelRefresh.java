package io.gkp.connector.cli.models;

import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.connector.cli.log.Complaint;
import io.gkp.connector.cli.log.Logs;
import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.sql.run.CheckResult;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelResult;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.RunReport;
import java.io.PrintWriter;
import java.util.Optional;

/** {@code export-bigquery --refresh-models}: the models, after a run that has drained. */
public final class ModelRefresh {
  private final DestinationConfig destination;
  private final ModelConfig config;
  private final PrintWriter err;

  /**
   * @param err told of each model as it is done
   */
  public ModelRefresh(DestinationConfig destination, ModelConfig config, PrintWriter err) {
    this.destination = destination;
    this.config = config;
    this.err = err;
  }

  /**
   * Runs all models and checks, where anything has changed that they are made from.
   *
   * @return {@link ExitCode#OK}, or why not all of them are fresh or right; the export itself is
   *     not touched
   */
  public int run() {
    try {
      // Where the log is what people look at, it names each model with its job already.
      ProgressListener listener = Logs.isJson() ? ProgressListener.NONE : new Printer();
      Optional<RunReport> report =
          ModelRunner.refresh(BigQueryClients.create(destination), config, listener);
      if (report.isEmpty() && !Logs.isJson()) {
        err.println("  models: nothing has changed since the last refresh");
      }
      return report.map(RunReport::exitCode).orElse(ExitCode.OK);
    } catch (ExportException e) {
      Complaint.print(err, e.getMessage() + " " + e.remedy(), e.failure().code(), null, e);
      return e.failure().exitCode();
    } finally {
      err.flush();
    }
  }

  private final class Printer implements ProgressListener {
    @Override
    public void finished(ModelResult result) {
      String outcome =
          result.outcome() == ModelResult.Outcome.DONE
              ? "refreshed"
              : result.outcome().name().toLowerCase(java.util.Locale.ROOT)
                  + ", "
                  + result.message();
      say(result.model() + ": " + outcome);
    }

    @Override
    public void checked(CheckResult result) {
      if (!result.passed()) {
        say(
            "%s: %s: %s found %,d"
                .formatted(
                    result.model(),
                    result.severity().name().toLowerCase(java.util.Locale.ROOT),
                    result.check(),
                    result.failures()));
      }
    }

    private void say(String line) {
      err.println("  " + line);
      err.flush();
    }
  }
}
