package io.gkp.connector.composition;

import io.gkp.connector.source.EndedTransactions;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.failure.ExportException;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for single rows of a partition. Through the table, and by the text of their keys: that asks
 * for no operator of the key's type, which may be anybody's. It reads no more than one partition.
 */
public final class RowSearch {
  private static final Logger log = LoggerFactory.getLogger(RowSearch.class);

  /** The row as that transaction has left it; what it did in a savepoint may have another id. */
  private static final String WRITTEN_BY =
      """
       AND (xmin = ?::xid OR xmin = (
        SELECT a.xmin
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = ?::oid AND a.attname = 'tableoid'
      ))
      """;

  /** The row as it was when other transactions had not ended yet. */
  private static final String WRITTEN_BEFORE =
      " AND pg_catalog.pg_visible_in_snapshot("
          + PartRows.WRITER
          + "::text::xid8, ?::pg_catalog.pg_snapshot) AND xmin <> ALL (?::xid[])";

  private final SourceDatabase database;

  public RowSearch(SourceDatabase database) {
    this.database = database;
  }

  /**
   * Whether a row is in a partition as the transaction has written it which has created the
   * partition; false also where that cannot be known.
   *
   * @param key texts by the columns' names
   */
  public boolean isAsWritten(
      TableName table, long partition, Map<String, String> key, long transaction) {
    return exists(
        table,
        partition,
        key,
        WRITTEN_BY,
        List.of(Long.toString(transaction), Long.toString(partition)));
  }

  /**
   * Whether a row is in a partition as one of these transactions has written it; false also where
   * that cannot be known.
   */
  public boolean isThere(
      TableName table, long partition, Map<String, String> key, EndedTransactions writers) {
    return exists(
        table, partition, key, WRITTEN_BEFORE, List.of(writers.snapshot(), writers.running()));
  }

  private boolean exists(
      TableName table,
      long partition,
      Map<String, String> key,
      String condition,
      List<String> arguments) {
    try {
      return database.answer(
          connection -> exists(connection, table, partition, key, condition, arguments));
    } catch (SQLException e) {
      ExportException failure = SourceErrors.toFailure(database.config(), e);
      log.info(
          "A row of a new partition of {} cannot be looked for: {}", table, failure.sentence());
      return false;
    }
  }

  private static boolean exists(
      Connection connection,
      TableName table,
      long partition,
      Map<String, String> key,
      String condition,
      List<String> arguments)
      throws SQLException {
    PartRows rows = new PartRows(connection, table);
    if (rows.isUnasked()) {
      return false;
    }
    String sql =
        "SELECT EXISTS (SELECT FROM %s WHERE (%s)%s%s)"
            .formatted(
                table.quoted(),
                rows.constraint(partition),
                key.keySet().stream()
                    .map(c -> " AND pg_catalog.format('%s', " + TableName.quote(c) + ") = ?")
                    .collect(Collectors.joining()),
                condition);
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      List<String> values = new ArrayList<>(key.values());
      values.addAll(arguments);
      for (int i = 0; i < values.size(); i++) {
        query.setString(i + 1, values.get(i));
      }
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
