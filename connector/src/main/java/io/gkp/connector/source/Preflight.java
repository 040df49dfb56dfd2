package io.gkp.connector.source;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.checks.source.IdentityChecks;
import io.gkp.connector.checks.source.PublicationChecks;
import io.gkp.connector.checks.source.Source;
import io.gkp.connector.checks.source.SourceCheck;
import io.gkp.connector.checks.source.SourceChecks;
import io.gkp.connector.config.SourceConfig;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold at the source before a run starts; each failure names its remedy. */
public final class Preflight {
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String ALL_AT_ONCE =
      "./gkp_cli doctor lists all that is missing at once, with the SQL.";

  private final Connection connection;
  private final SourceConfig config;

  /** As it was last looked at. */
  private Source source;

  public Preflight(Connection connection, SourceConfig config) {
    this.connection = connection;
    this.config = config;
    this.source = new Source(connection, config);
  }

  /** What is known may have changed since. */
  private Source lookAgain() {
    source = new Source(connection, config);
    return source;
  }

  /**
   * Checks everything and changes nothing.
   *
   * @return the captured tables, in configured order
   */
  public List<CapturedTable> check() throws SQLException {
    lookAgain();
    for (SourceCheck guard : SourceChecks.GUARDS) {
      Optional<Finding> error = error(guard);
      if (error.isPresent()) {
        throw failure(error.get());
      }
    }
    return captured();
  }

  /** A run ends at the first thing that is missing; whoever sets it up wants to see all. */
  private static ExportException failure(Finding finding) {
    return finding.alsoWhy(ALL_AT_ONCE).toFailure();
  }

  /**
   * Checks again, in the middle of a run, what a new stream needs. Tables that have left the
   * publication are the next run's to find.
   */
  public void checkAgain() throws SQLException {
    check();
    if (!source.hasPublication()) {
      throw failure(error(SourceChecks.MENDABLE).orElseThrow());
    }
  }

  /** What a run carries on with, and must say. */
  public List<Finding> warnings() throws SQLException {
    List<Finding> warnings = new ArrayList<>();
    for (SourceCheck told : SourceChecks.TOLD) {
      told.check(source).stream()
          .filter(finding -> finding.level() != Finding.Level.OK)
          .forEach(warnings::add);
    }
    List<TableName> published = new ArrayList<>(config.tables());
    published.removeAll(PublicationChecks.absent(source));
    warnings.addAll(IdentityChecks.of(source, published));
    return warnings;
  }

  private Optional<Finding> error(SourceCheck check) throws SQLException {
    return check.check(source).stream()
        .filter(finding -> finding.level() == Finding.Level.ERROR)
        .findFirst();
  }

  private void mend(Finding finding) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : finding.sql()) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      if (SourceErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw new Blockers(connection)
            .failure(
                PublicationChecks.absent(lookAgain()),
                Blockers.KEEPS_FROM_DDL,
                "could not be published",
                e);
      }
      ExportException failure = failure(finding);
      ExportException why = SourceErrors.toFailure(config, e);
      if (why.failure() == Failure.REFUSED_BY_TRIGGER) {
        throw new ExportException(
            why.failure(),
            failure.getMessage() + " " + why.getMessage(),
            failure.remedy() + " " + why.remedy(),
            e);
      }
      throw new ExportException(
          INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())
              ? Failure.SOURCE_PERMISSION
              : failure.failure(),
          failure.getMessage(),
          failure.remedy(),
          e);
    }
  }

  private List<CapturedTable> captured() throws SQLException {
    Map<TableName, Long> rows = TableSize.estimatedRows(connection, config.tables());
    return config.tables().stream()
        .map(table -> new CapturedTable(table, rows.getOrDefault(table, -1L)))
        .toList();
  }

  /**
   * Captured tables that the publication lacks.
   *
   * @throws ExportException {@code REPLICA_IDENTITY} where publishing one of them would make the
   *     application's updates and deletes fail
   */
  public List<TableName> unpublished() throws SQLException {
    List<TableName> absent = PublicationChecks.absent(lookAgain());
    List<Finding> obstacles = IdentityChecks.of(source, absent);
    if (!obstacles.isEmpty()) {
      throw obstacles.get(0).toFailure();
    }
    return absent;
  }

  /** Those of the captured tables that the publication holds. */
  public List<CapturedTable> published(List<CapturedTable> tables) throws SQLException {
    List<TableName> unpublished = PublicationChecks.absent(lookAgain());
    return tables.stream().filter(table -> !unpublished.contains(table.name())).toList();
  }

  /**
   * Creates or completes the publication where that is needed and the role may do so.
   *
   * @throws ExportException where it does not, or only an operator can decide how
   */
  public void publish() throws SQLException {
    if (error(SourceChecks.MENDABLE).isEmpty()) {
      return;
    }
    List<Finding> findings = SourceChecks.MENDABLE.check(lookAgain()); // others may have, meanwhile
    for (Finding finding : findings) {
      if (finding.level() == Finding.Level.ERROR
          && finding.failure() != Failure.PUBLICATION_INCOMPLETE) {
        throw failure(finding);
      }
    }
    for (Finding finding : findings) {
      if (finding.level() == Finding.Level.ERROR) {
        mend(finding);
        lookAgain();
      }
    }
  }
}
