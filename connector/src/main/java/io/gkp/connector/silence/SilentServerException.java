package io.gkp.connector.silence;

import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server was waited for and has said nothing. */
public final class SilentServerException extends SocketException {
  private SilentServerException(String message) {
    super(message);
  }

  static SilentServerException after(Duration timeout) {
    return new SilentServerException("it has been silent for " + timeout.toSeconds() + " s");
  }

  /** The silence that an error goes back to, where it does. */
  public static Optional<SilentServerException> in(@Nullable Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SilentServerException silent) {
        return Optional.of(silent);
      }
    }
    return Optional.empty();
  }
}
