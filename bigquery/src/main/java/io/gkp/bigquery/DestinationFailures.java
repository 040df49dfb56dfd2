package io.gkp.bigquery;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;

/** What trouble with the destination means to a run of the export, and what to do about it. */
public final class DestinationFailures implements Failures {
  public static final String ENABLE_BILLING =
      "Enable billing for the project: without it (the sandbox) BigQuery deletes every table and"
          + " partition after 60 days at most. Then run again; what was created meanwhile is kept.";

  private final DestinationConfig config;

  public DestinationFailures(DestinationConfig config) {
    this.config = config;
  }

  @Override
  public ExportException of(String doing, Trouble trouble, String reason, Exception error) {
    String what = "BigQuery refused " + doing + " in " + config.describe();
    return switch (trouble) {
      case AUTHENTICATION ->
          new ExportException(
              Failure.DESTINATION_AUTHENTICATION,
              what + ": the credentials are not valid.",
              "Renew them (gcloud auth application-default login, or the job's service account).",
              error);
      case QUOTA ->
          new ExportException(
              Failure.DESTINATION_QUOTA,
              what + ": a quota is used up.",
              "Nothing is lost; the next run goes on. Look at the quota page of project "
                  + config.project()
                  + " and run less often.",
              error);
      case BILLING ->
          new ExportException(
              Failure.TABLES_EXPIRE,
              "%s: project %s has no billing, so its tables must expire."
                  .formatted(what, config.project()),
              ENABLE_BILLING,
              error);
      case PERMISSION ->
          new ExportException(
              Failure.DESTINATION_PERMISSION,
              what + ": permission is missing.",
              """
              Grant the service account roles/bigquery.dataEditor on dataset %s and \
              roles/bigquery.jobUser on project %s."""
                  .formatted(config.dataset(), config.project()),
              error);
      case MISSING ->
          new ExportException(
              Failure.DATASET_MISSING,
              what + ": the dataset or a table does not exist.",
              "Check --dataset and --location; to rebuild a deleted table run offsets reset"
                  + " --table.",
              error);
      case PASSING ->
          new ExportException(
              Failure.DESTINATION_UNREACHABLE,
              "BigQuery did not answer %s in %s%s."
                  .formatted(
                      doing,
                      config.describe(),
                      config.host() == null ? "" : " at " + config.host()),
              "Nothing is lost; run again when it is reachable.",
              error);
      case LIMIT, REFUSED ->
          new ExportException(
              Failure.LOAD_REJECTED,
              what + (reason.isEmpty() ? "" : " (reason " + reason + ")") + ".",
              "Nothing is lost and nothing was committed. Look at the job in BigQuery for its"
                  + " message, which may hold values of rows.",
              error);
    };
  }
}
