package io.gkp.connector.source;

import io.gkp.connector.mapping.schema.ColumnAdmission;
import io.gkp.connector.source.table.ColumnProtection;
import io.gkp.connector.source.table.PostgresTypes;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.source.table.TableProtection;
import io.gkp.connector.wire.RelationMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a table is by the stream's announcement of it, which may be an older or a newer shape than
 * the catalogue's of this moment. What the announcement says counts: columns, types, what old rows
 * are sent with, and the key. The catalogue adds what no announcement says.
 */
public final class AnnouncedTable {
  private final RelationMessage announced;
  private final SourceTable catalogue;
  private final TableProtection protection;
  private final Map<String, SourceColumn> known = new HashMap<>();

  private AnnouncedTable(
      RelationMessage announced, SourceTable catalogue, TableProtection protection) {
    this.announced = announced;
    this.catalogue = catalogue;
    this.protection = protection;
    catalogue.columns().forEach(column -> known.put(column.name(), column));
  }

  /**
   * The table as it was announced.
   *
   * @param catalogue the table as the catalogue has it; without columns where it is gone, has
   *     another name, or is not published any more
   * @param protection by the columns' names, which holds for a table that is gone, too
   * @param admission decides on columns that the catalogue does not have any more
   * @param connection for types that {@code types} does not know yet
   */
  public static SourceTable of(
      RelationMessage announced,
      SourceTable catalogue,
      TableProtection protection,
      ColumnAdmission admission,
      PostgresTypes types,
      Connection connection)
      throws SQLException {
    return new AnnouncedTable(announced, catalogue, protection).read(admission, types, connection);
  }

  private SourceTable read(ColumnAdmission admission, PostgresTypes types, Connection connection)
      throws SQLException {
    boolean mayBeRenamed = mayBeRenamed();
    Map<String, Integer> key = key();
    List<SourceColumn> columns = new ArrayList<>();
    for (RelationMessage.Column column : announced.columns()) {
      SourceColumn now = known.get(column.name());
      columns.add(
          new SourceColumn(
              column.name(),
              types.type(connection, column.type()),
              column.typmod(),
              now != null && now.notNull(),
              key.getOrDefault(column.name(), 0),
              now != null && now.generated(),
              now != null ? now.protection() : ofFormer(column.name(), mayBeRenamed, admission),
              now == null ? null : now.definition()));
    }
    return new SourceTable(
        catalogue.schema(),
        catalogue.name(),
        columns,
        announced.wholeOldRows(),
        catalogue.deferrableKey());
  }

  private ColumnProtection ofFormer(
      String column, boolean mayBeRenamed, ColumnAdmission admission) {
    ColumnProtection named = protection.of(column);
    if (!named.isNone()) {
      return named;
    }
    return mayBeRenamed ? ColumnProtection.EXCLUDED : admission.ofFormer(catalogue, column);
  }

  /**
   * Whether a column that the catalogue does not have any more may be what a protected column was
   * called before: none of those announced has its present name.
   */
  private boolean mayBeRenamed() {
    Set<String> names =
        announced.columns().stream().map(RelationMessage.Column::name).collect(Collectors.toSet());
    return !names.containsAll(protection.names());
  }

  /**
   * The key's columns and their places in it. Where old rows are sent with their key, the stream
   * announces which columns that is; their order counts where the catalogue has the same ones. Of a
   * table that the catalogue does not have any more there is nothing else.
   *
   * <p>Nothing is announced under REPLICA IDENTITY FULL and NOTHING, nor of a key that is
   * DEFERRABLE. And a key of which the publication leaves out a part is none.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY">replica
   *     identity</a>
   */
  private Map<String, Integer> key() {
    Map<String, Integer> inCatalogue = new HashMap<>();
    catalogue.columns().stream()
        .filter(SourceColumn::isKey)
        .forEach(column -> inCatalogue.put(column.name(), column.keyPosition()));
    Map<String, Integer> sent = new HashMap<>();
    for (RelationMessage.Column column : announced.columns()) {
      if (column.identifying()) {
        sent.put(column.name(), sent.size() + 1);
      }
    }
    boolean counts =
        !announced.wholeOldRows()
            && !sent.isEmpty()
            && (catalogue.columns().isEmpty() || !inCatalogue.isEmpty())
            && !sent.keySet().equals(inCatalogue.keySet());
    return counts ? sent : inCatalogue;
  }
}
