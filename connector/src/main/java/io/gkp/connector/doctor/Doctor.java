package io.gkp.connector.doctor;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.checks.destination.DestinationChecks;
import io.gkp.connector.checks.destination.ProjectChecks;
import io.gkp.connector.checks.destination.QuotaChecks;
import io.gkp.connector.checks.source.ProtectionChecks;
import io.gkp.connector.checks.source.Source;
import io.gkp.connector.checks.source.SourceCheck;
import io.gkp.connector.checks.source.SourceChecks;
import io.gkp.connector.checks.source.TypeChecks;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.sharding.ShardFindings;
import io.gkp.connector.sharding.Shards;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.DefaultTables;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Runs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Examines both sides without changing anything. */
public final class Doctor {
  private ExportConfig config;
  private final Clock clock;

  /** The configurations of all shards; the one there is where the tables are not divided. */
  private List<ExportConfig> shards;

  public Doctor(ExportConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.shards = List.of(config);
  }

  /** All findings, source first; never throws for what can be a finding. */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    try (Connection connection = new SourceDatabase(config.source()).connect()) {
      findings.add(
          Finding.ok(
              "source-connection", "Postgres answers at " + config.source().describe() + "."));
      config = DefaultTables.existing(connection, config);
      DefaultTables.leftOut(config).ifPresent(findings::add);
      divide(connection, findings);
      for (ExportConfig shard : shards) {
        source(new Source(connection, shard.source()), findings);
      }
      destination(connection, findings);
    } catch (ExportException e) {
      findings.add(unreachable(e));
      destination(null, findings);
    } catch (SQLException e) {
      findings.add(Finding.of("source-connection", SourceErrors.toFailure(config.source(), e)));
    }
    return findings.stream().distinct().toList(); // some are the same for all shards
  }

  /** Whoever cannot be asked about shards is examined without them. */
  private void divide(Connection connection, List<Finding> findings) throws SQLException {
    shards = List.of(config);
    try {
      BigQueryDestination destination =
          new BigQueryDestination(
              BigQueryClients.create(config.destination()), config.destination());
      destination.open();
      Shards division = new Shards(destination.controlStore(), config, clock);
      shards = division.all();
      if (division.isDecided()) {
        ShardFindings about = new ShardFindings(connection, config, division.assignment());
        findings.addAll(about.ofDivision());
        findings.addAll(about.orphans());
      }
    } catch (ExportException e) {
      if (e.failure() == Failure.SHARD_EMPTY || e.failure() == Failure.CONTROL_ROW) {
        findings.add(Finding.of("shards", e));
      }
    }
  }

  private Finding unreachable(ExportException failure) {
    Finding finding = Finding.of("source-connection", failure);
    return failure.failure() == Failure.SOURCE_AUTHENTICATION
        ? finding.withSql(FirstSetUp.statements(DefaultTables.certain(config).source()))
        : finding;
  }

  private static void source(Source source, List<Finding> findings) {
    List<SourceCheck> checks = new ArrayList<>(SourceChecks.GUARDS);
    checks.add(SourceChecks.BEFORE_PUBLISHING);
    checks.add(SourceChecks.MENDABLE);
    checks.addAll(SourceChecks.TOLD);
    checks.addAll(SourceChecks.FURTHER);
    for (SourceCheck check : checks) {
      try {
        findings.addAll(check.check(source));
      } catch (SQLException e) {
        findings.add(Finding.of("source-query", SourceErrors.toFailure(source.config(), e)));
      }
    }
  }

  /**
   * @param connection to the source; null where there is none
   */
  private void destination(@Nullable Connection connection, List<Finding> findings) {
    BigQuery bigquery;
    try {
      bigquery = BigQueryClients.create(config.destination());
    } catch (ExportException e) {
      findings.add(Finding.of("dataset", e));
      return;
    }
    findings.addAll(new ProjectChecks(bigquery, config.destination(), clock).check());
    DestinationChecks checks = new DestinationChecks(bigquery, config.destination());
    Finding dataset = checks.dataset();
    findings.add(dataset);
    if (dataset.level() == Finding.Level.ERROR || !checks.datasetExists()) {
      return;
    }
    findings.add(checks.location());
    findings.add(checks.mayCreate());
    findings.add(checks.permissions(config.source().tables()));
    findings.add(checks.controlTables());
    findings.add(checks.inherited(config.source().tables()));
    if (isAnyError(findings, "dataset-location", "control-tables")) {
      return;
    }
    BigQueryDestination destination = new BigQueryDestination(bigquery, config.destination());
    try {
      destination.open();
      ControlStore store = destination.controlStore();
      for (ExportConfig shard : shards) {
        findings.addAll(new LedgerChecks(store, shard, clock).check(connection));
      }
      findings.addAll(
          new QuotaChecks(bigquery, config.destination(), clock, QuotaChecks.Limits.BIGQUERY)
              .check(new Runs(store)));
      if (connection != null) {
        Catalogue catalogue =
            new Catalogue(
                new SourceDatabase(config.source()),
                destination.admission(config.source().protection().newColumns()));
        List<Finding> open = layouts(catalogue);
        findings.addAll(open);
        if (open.stream().noneMatch(finding -> finding.level() == Finding.Level.ERROR)) {
          findings.add(checks.rawSchemas(config.source().tables(), catalogue));
        }
      }
    } catch (ExportException e) {
      findings.add(Finding.of("destination-query", e));
    }
  }

  private List<Finding> layouts(Catalogue catalogue) {
    try {
      Map<TableName, SourceTable> layouts = catalogue.tables(config.source().tables());
      List<Finding> findings = new ArrayList<>(ProtectionChecks.leftOut(layouts));
      if (findings.isEmpty()) {
        findings.add(
            Finding.ok(
                ProtectionChecks.NEW_COLUMNS,
                "No column waits to be decided on; new-columns = "
                    + config.source().protection().newColumns().text()
                    + "."));
      }
      findings.addAll(TypeChecks.keys(layouts));
      return findings;
    } catch (ExportException e) {
      if (e.failure() != Failure.NEW_COLUMNS) {
        throw e;
      }
      return List.of(Finding.of(ProtectionChecks.NEW_COLUMNS, e));
    }
  }

  private static boolean isAnyError(List<Finding> findings, String... checks) {
    return findings.stream()
        .anyMatch(
            finding ->
                finding.level() == Finding.Level.ERROR
                    && Arrays.asList(checks).contains(finding.check()));
  }
}
