package io.gkp.connector.debezium;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;

/** Changes three of the queries that Debezium 3.6 makes when it starts. */
final class RewrittenQueries {
  /**
   * Debezium never sees a value, so it needs none of the database's types. It would read all of
   * them, and stop for good at an enum without labels and at a domain over an enum.
   */
  private static final String ALL_TYPES = "WHERE n.nspname != 'pg_toast'";

  private static final String NO_TYPE = "WHERE false";

  /** The same types once more, for what JDBC calls them. */
  private static final String ALL_NAMES = "SELECT DISTINCT ON (typname) typname,";

  private static final String NOTHING = "SELECT WHERE false";

  /** Debezium only logs the number. To take one is to write to the source. */
  private static final String TAKEN_TRANSACTION = "else pg_current_xact_id() end";

  private static final String NEXT_TRANSACTION = "else pg_snapshot_xmax(pg_current_snapshot()) end";

  private RewrittenQueries() {}

  /** The same connection, except that it and the statements it makes run rewritten SQL. */
  static Connection of(Connection connection) {
    return Interposed.before(Connection.class, connection, RewrittenQueries::rewriting);
  }

  private static Object rewriting(Method method, Object[] arguments, Interposed.Original original)
      throws Throwable {
    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
      arguments[0] = rewritten(sql);
    }
    Object result = original.call(arguments);
    return method.getReturnType() == Statement.class
        ? Interposed.before(Statement.class, result, RewrittenQueries::rewriting)
        : result;
  }

  private static String rewritten(String sql) {
    return sql.startsWith(ALL_NAMES) || sql.endsWith(ALL_TYPES)
        ? NOTHING
        : sql.replace(ALL_TYPES, NO_TYPE).replace(TAKEN_TRANSACTION, NEXT_TRANSACTION);
  }
}
