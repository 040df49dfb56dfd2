package io.gkp.connector.debezium;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.replication.PGReplicationConnection;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.ChainedStreamBuilder;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/** Lets the replication stream announce tables and columns to Debezium by {@link Alias}es. */
final class AliasedStream {
  /** What leads from the connection to the stream. */
  private static final List<Class<?>> STEPS =
      List.of(
          PGReplicationConnection.class,
          ChainedStreamBuilder.class,
          ChainedLogicalStreamBuilder.class,
          PGReplicationStream.class);

  private final RelationNames names;

  private AliasedStream(RelationNames names) {
    this.names = names;
  }

  /** The same connection, except for what its replication streams bring. */
  static Connection of(Connection connection, RelationNames names) {
    AliasedStream stream = new AliasedStream(names);
    return Interposed.before(
        Connection.class,
        connection,
        (method, arguments, original) -> {
          Object result = original.call(arguments);
          return method.getName().equals("unwrap") && arguments[0] == BaseConnection.class
              ? Interposed.before(BaseConnection.class, result, stream::aliasing)
              : result;
        });
  }

  private Object aliasing(Method method, Object[] arguments, Interposed.Original original)
      throws Throwable {
    Object result = original.call(arguments);
    if (result instanceof ByteBuffer message) {
      return RelationMessage.aliased(message, names);
    }
    for (Class<?> step : STEPS) {
      if (step.isInstance(result)) {
        return Interposed.before(step, result, this::aliasing);
      }
    }
    return result;
  }
}
