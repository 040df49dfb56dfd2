package io.gkp.connector.source;

import io.gkp.connector.config.TableName;
import io.gkp.connector.mapping.PostgresTypes;
import io.gkp.connector.mapping.SourceTable;
import io.gkp.connector.mapping.SourceTables;
import io.gkp.connector.mapping.StreamTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.data.Schema;

/** What the source's system catalogue says of captured tables; connects for each question. */
public final class Catalogue {
  private final SourceDatabase database;
  private final PostgresTypes types = new PostgresTypes();
  private final SourceTables tables = new SourceTables(types);

  public Catalogue(SourceDatabase database) {
    this.database = database;
  }

  /** The table as it is now, with the columns that the publication sends. */
  public SourceTable table(TableName name) {
    try (Connection connection = database.connect()) {
      return table(connection, name);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  /**
   * Refuses tables with columns that cannot be captured faithfully.
   *
   * @throws ExportException naming the columns and the remedy
   */
  public void checkColumns(Connection connection, List<CapturedTable> captured)
      throws SQLException {
    for (CapturedTable table : captured) {
      TableName name = table.name();
      List<String> columns = tables.uncapturableColumns(connection, name.schema(), name.table());
      if (!columns.isEmpty()) {
        throw new ExportException(
            Failure.SOURCE_SETTINGS,
            "Table "
                + name
                + " has columns whose names differ only by case or are wrapped in quotes: "
                + String.join(", ", columns)
                + ".",
            "Rename them, or leave the table out of --tables.");
      }
    }
  }

  /** The same, within a transaction of the caller's. */
  SourceTable table(Connection connection, TableName name) throws SQLException {
    return tables.read(connection, database.config().publication(), name.schema(), name.table());
  }

  /** The table as a stream record describes it. */
  StreamTable layout(TableName name, Schema row) {
    try (Connection connection = database.connect()) {
      return StreamTable.of(row, table(connection, name), types, connection);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }
}
