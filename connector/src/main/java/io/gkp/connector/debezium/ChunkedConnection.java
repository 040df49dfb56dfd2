package io.gkp.connector.debezium;

import io.gkp.connector.silence.LastWords;
import io.gkp.name.Lsn;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.replication.PGReplicationConnection;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.ChainedStreamBuilder;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/**
 * Lets replication streams bring {@linkplain ChunkedStream chunks}, and their fence.
 *
 * <p>Debezium asks for the messages of {@code pg_logical_emit_message}. The server is told not to
 * send any: everybody who may connect can write one, of up to a gigabyte, and the driver takes each
 * into memory whole.
 */
final class ChunkedConnection {
  /** What leads from the connection to the stream. */
  private static final List<Class<?>> STEPS =
      List.of(
          PGReplicationConnection.class,
          ChainedStreamBuilder.class,
          ChainedLogicalStreamBuilder.class);

  private final Connection connection;
  private final Lsn fence;

  private ChunkedConnection(Connection connection, Lsn fence) {
    this.connection = connection;
    this.fence = fence;
  }

  /** The same connection, except for what its replication streams bring. */
  static Connection of(Connection connection, Lsn fence) throws SQLException {
    ChunkedConnection chunked = new ChunkedConnection(connection, fence);
    return Interposed.before(
        Connection.class,
        connection,
        (method, arguments, original) -> {
          Object result = original.call(arguments);
          return method.getName().equals("unwrap") && arguments[0] == BaseConnection.class
              ? Interposed.before(BaseConnection.class, result, chunked::step)
              : result;
        });
  }

  private Object step(Method method, Object[] arguments, Interposed.Original original)
      throws Throwable {
    if (method.getName().equals("withSlotOption") && arguments[0].equals("messages")) {
      arguments[1] = false;
    }
    Object result = original.call(arguments);
    if (result instanceof PGReplicationStream wire) {
      return Interposed.before(
          PGReplicationStream.class, new ChunkedStream(wire, fence), this::withLastWords);
    }
    for (Class<?> step : STEPS) {
      if (step.isInstance(result)) {
        return Interposed.before(step, result, this::step);
      }
    }
    return result;
  }

  private Object withLastWords(Method method, Object[] arguments, Interposed.Original original)
      throws Throwable {
    try {
      return original.call(arguments);
    } catch (SQLException e) {
      throw LastWords.of(connection, e);
    }
  }
}
