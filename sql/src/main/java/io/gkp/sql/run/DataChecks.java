package io.gkp.sql.run;

import static java.util.Objects.requireNonNull;

import com.google.cloud.bigquery.FieldValueList;
import io.gkp.bigquery.QueryJobs;
import io.gkp.failure.Failure;
import io.gkp.failure.FailureLine;
import io.gkp.sql.model.Check;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Severity;
import io.gkp.sql.render.CheckQueries;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Makes the checks that stand beside the models. */
public final class DataChecks {
  private static final Logger log = LoggerFactory.getLogger(DataChecks.class);

  private final QueryJobs jobs;
  private final CheckQueries queries;
  private final ProgressListener listener;

  /** Tells nobody of single results. */
  public DataChecks(QueryJobs jobs, Datasets datasets, Function<String, Layer> layers) {
    this(jobs, datasets, layers, ProgressListener.NONE);
  }

  DataChecks(
      QueryJobs jobs,
      Datasets datasets,
      Function<String, Layer> layers,
      ProgressListener listener) {
    this.jobs = jobs;
    this.queries = new CheckQueries(datasets, layers);
    this.listener = listener;
  }

  /** Makes the checks of these models, which must exist. */
  public List<CheckResult> of(List<RenderedModel> models) {
    try (ChecksUnderway underway = underway()) {
      models.forEach(underway::begin);
      return results(underway);
    }
  }

  /** For the checks of models that come to exist one after the other. */
  ChecksUnderway underway() {
    return new ChecksUnderway(this::failures);
  }

  /** Waits for what was begun, and reports it in that order. */
  List<CheckResult> results(ChecksUnderway underway) {
    List<CheckResult> results = new ArrayList<>();
    underway
        .counts()
        .forEach(
            (model, failures) -> model.checks().forEach(c -> results.add(of(model, c, failures))));
    results.forEach(this::report);
    return results;
  }

  private static CheckResult of(RenderedModel model, Check check, Map<String, Long> failures) {
    return new CheckResult(
        model.name(),
        check.name(),
        check.severity(),
        requireNonNull(failures.get(check.name())),
        check.reason());
  }

  private Map<String, Long> failures(RenderedModel model) {
    Map<String, Long> failures = new HashMap<>();
    if (!model.checks().isEmpty()) {
      for (FieldValueList row : jobs.rows("checks of " + model.name(), queries.failures(model))) {
        failures.put(row.get("name").getStringValue(), row.get("failures").getLongValue());
      }
    }
    return failures;
  }

  private void report(CheckResult result) {
    if (!result.passed()) {
      LoggingEventBuilder line =
          result.severity() == Severity.FAIL
              ? FailureLine.of(log, Failure.MODELS_WRONG_DATA)
              : log.atWarn();
      line.log(
          "{}: check {} ({}): {} failures",
          result.model(),
          result.check(),
          result.severity(),
          result.failures());
    }
    listener.checked(result);
  }
}
