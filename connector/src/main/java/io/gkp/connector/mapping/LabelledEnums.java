package io.gkp.connector.mapping;

import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Opens Debezium's connections so that it finds a list of labels for every type of the category
 * enum; public because Debezium instantiates it. Set {@code database.connection.factory.class} to
 * this class's name.
 *
 * <p>Why: Debezium 3.6 reads all types of the database when it starts, and stops for good at a
 * domain over an enum and at an enum without labels, captured or not: both are of that category and
 * have no list.
 */
public final class LabelledEnums implements JdbcConnection.ConnectionFactory {
  private static final String LABELS = "e.values as enum_values";
  private static final String LABELS_OR_NONE = "COALESCE(e.values, '{}') as enum_values";

  @Override
  public Connection connect(JdbcConfiguration config) throws SQLException {
    return rewriting(Connection.class, Debezium.connect(config));
  }

  /** The same JDBC object, except that it and the statements it makes run rewritten SQL. */
  private static <T> T rewriting(Class<T> type, T original) {
    Object proxy =
        Proxy.newProxyInstance(
            LabelledEnums.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                Object result = method.invoke(original, rewritten(arguments));
                return method.getReturnType() == Statement.class
                    ? rewriting(Statement.class, (Statement) result)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  private static Object[] rewritten(Object[] arguments) {
    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
      arguments[0] = sql.replace(LABELS, LABELS_OR_NONE);
    }
    return arguments;
  }

  /** Gives access to Debezium's own factory. */
  private static final class Debezium extends PostgresConnection {
    private Debezium(JdbcConfiguration config) {
      super(config, CONNECTION_GENERAL);
    }

    static Connection connect(JdbcConfiguration config) throws SQLException {
      return FACTORY.connect(config);
    }
  }
}
