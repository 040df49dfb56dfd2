package io.gkp.connector.wire;

import java.util.List;

/**
 * How the stream announces a table, before the first change of it and after each change of its
 * shape: what it sends is what it has announced, whatever the catalogue says by now.
 *
 * @param oid {@code pg_class.oid}, unsigned; tells tables apart, as names do not
 * @param schema the schema's name at the time
 * @param name the table's name at the time
 * @param identity {@code pg_class.relreplident}
 * @param columns in the order of each tuple's values
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html#PROTOCOL-LOGICALREP-MESSAGE-FORMATS-RELATION">Relation</a>
 */
public record RelationMessage(
    long oid, String schema, String name, char identity, List<Column> columns) {
  private static final char FULL = 'f';

  public RelationMessage {
    columns = List.copyOf(columns);
  }

  /**
   * A column.
   *
   * @param identifying whether it is part of what old rows are sent with; under REPLICA IDENTITY
   *     FULL each is
   * @param type OID of its type, unsigned
   * @param typmod {@code atttypmod}
   */
  public record Column(String name, boolean identifying, long type, int typmod) {}

  /**
   * What of an old row identifies it. A partition that is sent as the table above it has an
   * identity of its own, which may be more than the table's: the whole row, for one. That is left
   * out. Where it lacks a part of the table's, or the table has none, all stays.
   */
  public Tuple identity(Tuple old) {
    if (columns.stream().noneMatch(Column::identifying)) {
      return old;
    }
    Tuple identity = old;
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).identifying()) {
        identity = identity.without(i);
      } else if (old.isNull(i)) {
        return old;
      }
    }
    return identity;
  }

  /** Whether updates and deletes bring the old row and not just its key. */
  public boolean wholeOldRows() {
    return identity == FULL;
  }
}
