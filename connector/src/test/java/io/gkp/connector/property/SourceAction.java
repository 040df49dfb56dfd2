package io.gkp.connector.property;

import java.util.Locale;

/** Something that somebody does in the database, on one of several connections. */
sealed interface SourceAction extends Action {
  /** Which connection does it. */
  default int session() {
    return 0;
  }

  /** Where a transaction begins or ends; a session without one commits each statement. */
  record Transaction(int session, Verb verb) implements SourceAction {
    enum Verb {
      BEGIN("begin"),
      COMMIT("commit"),
      ROLLBACK("rollback"),
      SAVEPOINT("savepoint"),
      ROLLBACK_TO_SAVEPOINT("rollbackToSavepoint");

      private final String method;

      Verb(String method) {
        this.method = method;
      }
    }

    @Override
    public String toString() {
      return verb.method + "(" + session + ")";
    }
  }

  /** Does nothing where the key is there. */
  record Insert(int session, SourceTable table, int key, int values) implements SourceAction {
    @Override
    public String toString() {
      return "insert(%d, %s, %d, %s)".formatted(session, table, key, choice(values));
    }
  }

  /** One statement that inserts the keys from {@code key} on. */
  record InsertMany(int session, SourceTable table, int key, int count, int values)
      implements SourceAction {
    @Override
    public String toString() {
      return "insertMany(%d, %s, %d, %d, %s)".formatted(session, table, key, count, choice(values));
    }
  }

  /** {@code COPY}; fails as a whole where one of the keys is there. */
  record Copy(int session, SourceTable table, int key, int count) implements SourceAction {
    @Override
    public String toString() {
      return "copy(%d, %s, %d, %d)".formatted(session, table, key, count);
    }
  }

  record Update(int session, SourceTable table, int key, int values) implements SourceAction {
    @Override
    public String toString() {
      return "update(%d, %s, %d, %s)".formatted(session, table, key, choice(values));
    }
  }

  record UpdateAll(int session, SourceTable table, int values) implements SourceAction {
    @Override
    public String toString() {
      return "updateAll(%d, %s, %s)".formatted(session, table, choice(values));
    }
  }

  /** A row's key changes; fails where the new one is there. */
  record Move(int session, SourceTable table, int from, int to, int values)
      implements SourceAction {
    @Override
    public String toString() {
      return "move(%d, %s, %d, %d, %s)".formatted(session, table, from, to, choice(values));
    }
  }

  /** Two rows exchange their keys, by way of a third key. */
  record Swap(int session, SourceTable table, int left, int right) implements SourceAction {
    @Override
    public String toString() {
      return "swap(%d, %s, %d, %d)".formatted(session, table, left, right);
    }
  }

  record Delete(int session, SourceTable table, int key) implements SourceAction {
    @Override
    public String toString() {
      return "delete(%d, %s, %d)".formatted(session, table, key);
    }
  }

  /** Ends its transaction: nobody could read the table before. */
  record Truncate(int session, SourceTable table) implements SourceAction {
    @Override
    public String toString() {
      return "truncate(%d, %s)".formatted(session, table);
    }
  }

  /** A nullable column, which later statements fill. */
  record AddColumn(SourceTable table) implements SourceAction {
    @Override
    public String toString() {
      return "addColumn(" + table + ")";
    }
  }

  private static String choice(int values) {
    return "0x" + Integer.toHexString(values).toUpperCase(Locale.ROOT);
  }
}
