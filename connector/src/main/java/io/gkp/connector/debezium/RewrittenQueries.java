package io.gkp.connector.debezium;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;

/** Changes two of the queries that Debezium 3.6 makes when it starts. */
final class RewrittenQueries {
  /**
   * A domain over an enum and an enum without labels are both of the category enum, and have no
   * list of labels. At either of them, captured or not, Debezium would stop for good.
   */
  private static final String LABELS = "e.values as enum_values";

  private static final String LABELS_OR_NONE = "COALESCE(e.values, '{}') as enum_values";

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
      arguments[0] =
          sql.replace(LABELS, LABELS_OR_NONE).replace(TAKEN_TRANSACTION, NEXT_TRANSACTION);
    }
    Object result = original.call(arguments);
    return method.getReturnType() == Statement.class
        ? Interposed.before(Statement.class, result, RewrittenQueries::rewriting)
        : result;
  }
}
