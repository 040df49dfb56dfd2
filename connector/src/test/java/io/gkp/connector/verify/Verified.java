package io.gkp.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.connector.verify.TableVerification.Outcome;
import io.gkp.sql.render.Datasets;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The outcome of a verification, by table. */
public record Verified(Map<String, TableVerification> tables) {
  private static final Datasets DATASETS = Datasets.one(Deployment.PROJECT, Deployment.DATASET);

  public static Verified of(Deployment deployment) {
    return of(deployment, () -> {});
  }

  /**
   * @param afterRead what happens at the source between the reads and the fence behind them
   */
  public static Verified of(Deployment deployment, Runnable afterRead) {
    return of(deployment, VerifyOptions.all(DATASETS), afterRead);
  }

  static Verified of(Deployment deployment, Condition condition, Sample sample) {
    return of(
        deployment,
        new VerifyOptions(
            java.util.List.of(), condition, sample, VerifyOptions.SHOWN_KEYS, DATASETS),
        () -> {});
  }

  private static Verified of(Deployment deployment, VerifyOptions options, Runnable afterRead) {
    RunReport report =
        new Export(deployment.config(), Clock.systemUTC(), afterVerify(afterRead), options).run();
    assertThat(report.error()).isNull();
    assertThat(report.status()).isEqualTo(RunReport.Status.DRAINED);
    return new Verified(
        report.verification().stream()
            .collect(Collectors.toMap(TableVerification::table, Function.identity())));
  }

  private static Progress afterVerify(Runnable afterRead) {
    return new Progress() {
      private boolean reading;

      @Override
      public void phase(String what) {
        if (reading && what.equals("stream")) {
          afterRead.run();
        }
        reading = what.equals("verify");
      }
    };
  }

  TableVerification table(String name) {
    return tables.get(name);
  }

  public void requireEqual() {
    assertThat(tables.values())
        .isNotEmpty()
        .allSatisfy(table -> assertThat(table.outcome()).as("%s", table).isEqualTo(Outcome.EQUAL));
  }

  /** {@code rows missing extra different}, and the keys. */
  String summary(String name) {
    TableVerification table = table(name);
    return "%d rows, %d missing, %s extra, %d different %s"
        .formatted(
            table.rows(),
            table.missing(),
            table.extra(),
            table.different(),
            table.keys().stream()
                .map(key -> key.kind() + " " + key.key() + " in " + key.batch())
                .toList());
  }
}
