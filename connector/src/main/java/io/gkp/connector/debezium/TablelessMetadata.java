package io.gkp.connector.debezium;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the source's tables, columns and keys from Debezium, which needs none of them. It would
 * read those of all tables when it starts, and stop at columns whose names differ by case alone.
 */
final class TablelessMetadata {
  private TablelessMetadata() {}

  /** The same connection, except that its metadata finds nothing. */
  static Connection of(Connection connection) {
    return Interposed.before(
        Connection.class,
        connection,
        (method, arguments, original) -> {
          Object result = original.call(arguments);
          return method.getReturnType() == DatabaseMetaData.class
              ? Interposed.before(DatabaseMetaData.class, result, TablelessMetadata::finding)
              : result;
        });
  }

  private static Object finding(Method method, Object[] arguments, Interposed.Original original)
      throws Throwable {
    return method.getReturnType() == ResultSet.class
        ? Interposed.before(ResultSet.class, null, TablelessMetadata::nothing)
        : original.call(arguments);
  }

  private static @Nullable Object nothing(
      Method method, Object[] arguments, Interposed.Original none) {
    return switch (method.getName()) {
      case "next" -> false;
      case "close" -> null;
      default -> throw new UnsupportedOperationException(method.getName() + " of no rows");
    };
  }
}
