package io.gkp.connector.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.connector.config.TableName;
import io.gkp.connector.session.SessionSettings;
import io.gkp.failure.ExportException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/** Tries an operator's condition on the source, in a transaction that may only read. */
public final class BackfillCheck {
  private static final int TIMEOUT_SECONDS = 30;

  private final SourceDatabase database;

  public BackfillCheck(SourceDatabase database) {
    this.database = database;
  }

  /**
   * Lets the server plan the read.
   *
   * @return the planner's estimate of matching rows
   * @throws ExportException {@code BACKFILL_REJECTED} when the condition is not valid
   */
  public long estimate(TableName table, Condition condition) {
    String plan =
        value(
            table,
            "EXPLAIN (FORMAT JSON) SELECT 1 FROM "
                + table.quoted()
                + " WHERE "
                + condition.parenthesized());
    try {
      return new ObjectMapper().readTree(plan).at("/0/Plan/Plan Rows").asLong();
    } catch (JsonProcessingException e) {
      return 0;
    }
  }

  /** Counts matching rows; empty when that takes too long. */
  public OptionalLong count(TableName table, Condition condition) {
    try {
      return OptionalLong.of(
          Long.parseLong(
              value(
                  table,
                  "SELECT count(*) FROM "
                      + table.quoted()
                      + " WHERE "
                      + condition.parenthesized())));
    } catch (ExportException e) {
      if (e.getCause() instanceof SQLException cause
          && BackfillErrors.CANCELLED.equals(cause.getSQLState())) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  private String value(TableName table, String sql) {
    try (Connection connection = database.connect()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN READ ONLY");
        SessionSettings.prepareTransaction(connection);
        statement.execute("SET LOCAL statement_timeout = '" + TIMEOUT_SECONDS + "s'");
        try (ResultSet row = statement.executeQuery(sql)) {
          row.next();
          return row.getString(1);
        }
      }
    } catch (SQLException e) {
      throw BackfillErrors.toFailure(database.config(), table, e);
    }
  }
}
