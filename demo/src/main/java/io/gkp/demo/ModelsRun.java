package io.gkp.demo;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.demo.question.LocalDataset;
import io.gkp.sql.model.Severity;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.CheckResult;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelResult;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.RunReport;
import io.gkp.sql.run.Selection;
import java.util.List;

/** One run of the SQL models over the demo's dataset, and what is to be said of it. */
record ModelsRun(RunReport report) {
  static ModelsRun start(BigQuery bigQuery) {
    ModelConfig config = ModelConfig.of(Datasets.one(LocalDataset.PROJECT, LocalDataset.NAME));
    return new ModelsRun(ModelRunner.run(bigQuery, config, Selection.ALL, ProgressListener.NONE));
  }

  boolean succeeded() {
    return report.ran() && report.passed();
  }

  List<String> names() {
    return report.models().stream().map(ModelResult::model).toList();
  }

  int checks() {
    return report.checks().size();
  }

  /** Checks that found something which may be as it should be. */
  List<CheckResult> warnings() {
    return report.checks().stream()
        .filter(check -> check.severity() == Severity.WARN && !check.passed())
        .toList();
  }
}
