package io.gkp.sql.warehouse;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.bigquery.Calls;
import io.gkp.bigquery.Failures;
import io.gkp.bigquery.Trouble;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What trouble with BigQuery means to the models, and what to do about it. */
public final class ModelFailures implements Failures {
  /** Where in a statement's text. */
  private static final Pattern PLACE = Pattern.compile(" at \\[\\d+:\\d+]");

  private ModelFailures() {}

  /** Calls of the models'. */
  public static Calls calls(BigQuery client) {
    return new Calls(client, new ModelFailures());
  }

  /** A setting, dataset or table that is not as it must be. */
  public static ExportException configuration(String what, String remedy) {
    return new ExportException(Failure.MODELS_CONFIGURATION, what, remedy);
  }

  @Override
  public ExportException of(String doing, Trouble trouble, String reason, Exception error) {
    String what = doing + ": " + error.getMessage();
    return switch (trouble) {
      case AUTHENTICATION, PERMISSION ->
          new ExportException(
              Failure.MODELS_PERMISSION,
              what,
              "Grant the account roles/bigquery.dataEditor on the dataset of each layer and"
                  + " roles/bigquery.jobUser on the project.",
              error);
      case QUOTA, PASSING ->
          new ExportException(
              Failure.MODELS_UNAVAILABLE,
              what,
              "What stood before still stands; run the models again later.",
              error);
      case BILLING ->
          new ExportException(
              Failure.MODELS_CONFIGURATION,
              what,
              "Enable billing for the project: without it BigQuery deletes every table and view"
                  + " after 60 days at most.",
              error);
      case MISSING ->
          new ExportException(
              Failure.MODELS_CONFIGURATION,
              what,
              "Check --project, --dataset, --curated-dataset, --marts-dataset and --location.",
              error);
      case LIMIT ->
          new ExportException(
              Failure.MODELS_LIMIT,
              what,
              "Trying again does not help: fold more often (--fold), or take more slots or another"
                  + " emulator.",
              error);
      case REFUSED ->
          new ExportException(
              Failure.MODELS_FAILED,
              doing + ": " + said(reason, error.getMessage()),
              "Run models check: it says which model does not fit the raw tables.",
              error);
    };
  }

  /**
   * The message, where it cannot hold a value: it is of the statement's text, whose place it names.
   * Errors of execution quote values, such as {@code Bad int64 value: ...}.
   */
  private static String said(String reason, @Nullable String message) {
    return message != null && PLACE.matcher(message).find()
        ? message
        : "reason "
            + reason
            + "; the job in BigQuery has its message, which may hold values of rows";
  }
}
