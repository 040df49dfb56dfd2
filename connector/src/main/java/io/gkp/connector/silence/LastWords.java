package io.gkp.connector.silence;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.PGStream;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.QueryExecutorBase;
import org.postgresql.core.VisibleBufferedInputStream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a server says when it ends a session: an administrator, a timeout, a shutdown. In the middle
 * of a COPY the driver reads it, waits for more, and tells only that the connection broke. What it
 * has read last still stands in its buffer, to which no method of its leads. Where that cannot be
 * looked into, its own error stays; so it does where the server waited for us to read when it ended
 * the session, for it says nothing then.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-error-fields.html">fields of error
 *     messages</a>
 */
public final class LastWords {
  /** The severity, in the form that is never translated, and what follows: the SQLSTATE. */
  private static final String FATAL = "\0VFATAL\0C";

  private static final String END = "\0\0";

  private LastWords() {}

  /**
   * The error that the server has sent.
   *
   * @param error what the driver has thrown
   * @return the driver's where the server has said nothing, or the error is no broken connection
   */
  public static SQLException of(Connection connection, SQLException error) {
    if (!(error.getCause() instanceof IOException)) {
      return error;
    }
    Optional<String> said = read(connection).flatMap(LastWords::last);
    if (said.isEmpty()) {
      return error;
    }
    PSQLException words = new PSQLException(new ServerErrorMessage(said.get()));
    words.initCause(error);
    return words;
  }

  /** The fields of the last fatal error among the bytes, from its severity on. */
  static Optional<String> last(byte[] bytes) {
    int severity = new String(bytes, US_ASCII).lastIndexOf(FATAL) + 1;
    String fields = new String(bytes, severity, bytes.length - severity, UTF_8);
    int end = fields.indexOf(END);
    return severity == 0 || end < 0 ? Optional.empty() : Optional.of(fields.substring(0, end));
  }

  private static Optional<byte[]> read(Connection connection) {
    try {
      QueryExecutor executor = connection.unwrap(BaseConnection.class).getQueryExecutor();
      Object stream = field(QueryExecutorBase.class, "pgStream", executor);
      return field(PGStream.class, "pgInput", stream) instanceof VisibleBufferedInputStream input
          ? Optional.of(input.getBuffer())
          : Optional.empty();
    } catch (SQLException | ReflectiveOperationException | RuntimeException e) {
      return Optional.empty(); // another version of the driver
    }
  }

  private static @Nullable Object field(Class<?> type, String name, @Nullable Object of)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
