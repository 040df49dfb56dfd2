package io.gkp.connector.source.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.connector.checks.source.PlannedFunctions;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.failure.ExportException;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Tries an operator's condition on the source; it is planned, and never executed. */
public final class BackfillCheck {
  private static final int TIMEOUT_SECONDS = 30;

  private final SourceDatabase database;
  private final Catalogue catalogue;

  public BackfillCheck(SourceDatabase database, Catalogue catalogue) {
    this.database = database;
    this.catalogue = catalogue;
  }

  /**
   * Lets the server plan the read.
   *
   * @return the planner's estimate of matching rows
   * @throws ExportException {@code BACKFILL_REJECTED} when the condition is not valid; {@code
   *     PLANNED_FUNCTIONS} where planning would run functions of others
   */
  public long estimate(TableName table, Condition condition) {
    try {
      String plan =
          reading(
              connection -> {
                PlannedFunctions.refuse(connection, table, TableCopies.WITHOUT_CONDITION);
                BackfillRole.take(connection, database.config());
                return value(
                    connection,
                    "EXPLAIN (FORMAT JSON) SELECT 1 FROM %s WHERE %s"
                        .formatted(
                            table.quoted(), condition.over(catalogue.table(connection, table))));
              });
      return new ObjectMapper().readTree(plan).at("/0/Plan/Plan Rows").asLong();
    } catch (SQLException e) {
      throw BackfillErrors.ofPlanning(database.config(), table, e);
    } catch (JsonProcessingException e) {
      return 0;
    }
  }

  /** Counts a table's rows; empty when that takes too long, or would run functions of others. */
  public OptionalLong count(TableName table) {
    try {
      String count =
          reading(
              connection ->
                  PlannedFunctions.exist(connection, table)
                      ? null
                      : value(connection, "SELECT count(*) FROM " + table.quoted()));
      return count == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(count));
    } catch (SQLException e) {
      if (BackfillErrors.CANCELLED.equals(e.getSQLState())) {
        return OptionalLong.empty();
      }
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  @FunctionalInterface
  private interface Reading {
    @Nullable String of(Connection connection) throws SQLException;
  }

  private @Nullable String reading(Reading reading) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN READ ONLY");
      SessionSettings.prepareTransaction(connection);
      statement.execute("SET LOCAL statement_timeout = '" + TIMEOUT_SECONDS + "s'");
      @Nullable String value = reading.of(connection);
      statement.execute("ROLLBACK");
      return value;
    }
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
