package io.gkp.connector.debezium;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;

/**
 * Lets Debezium find a list of labels for every type of the category enum.
 *
 * <p>Why: Debezium 3.6 reads all types of the database when it starts, and stops for good at a
 * domain over an enum and at an enum without labels, captured or not: both are of that category and
 * have no list.
 */
final class LabelledEnums {
  private static final String LABELS = "e.values as enum_values";
  private static final String LABELS_OR_NONE = "COALESCE(e.values, '{}') as enum_values";

  private LabelledEnums() {}

  /** The same connection, except that it and the statements it makes run rewritten SQL. */
  static Connection of(Connection connection) {
    return Interposed.before(Connection.class, connection, LabelledEnums::rewriting);
  }

  private static Object rewriting(Method method, Object[] arguments, Interposed.Original original)
      throws Throwable {
    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
      arguments[0] = sql.replace(LABELS, LABELS_OR_NONE);
    }
    Object result = original.call(arguments);
    return method.getReturnType() == Statement.class
        ? Interposed.before(Statement.class, result, LabelledEnums::rewriting)
        : result;
  }
}
