package io.gkp.connector.silence;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * How long nothing has come from a server while it was waited for.
 *
 * <ol>
 *   <li>After the timeout the server is asked what the backend is doing.
 *   <li>It is at work: it gets as much time again.
 *   <li>It is gone, waits for us, or the server does not answer either: it is asked once more, a
 *       moment later, since what it waits with may just be on its way.
 *   <li>The same again: the connection is lost. The backend is ended where that is possible.
 * </ol>
 *
 * <p>A reader that is busy elsewhere waits for nothing, and what has arrived meanwhile it finds.
 */
final class Silence {
  private static final long MOMENT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long NOBODY = -1;

  private final long timeoutNanos;
  private final Backends backends;
  private volatile long pid = NOBODY;

  private boolean waiting;
  private boolean doubtful;
  private long askAt;

  Silence(Duration timeout, Backends backends) {
    this.timeoutNanos = timeout.toNanos();
    this.backends = backends;
  }

  void servedBy(int backend) {
    pid = backend;
  }

  /** A read, within the socket's timeout. */
  @FunctionalInterface
  interface Read {
    int bytes() throws IOException;
  }

  /**
   * Reads what comes.
   *
   * @param socket whose timeout is set for it
   * @param limitMillis how long the caller wants to wait, 0 for ever
   * @throws SocketTimeoutException after that time
   * @throws SilentServerException when the connection is lost
   */
  int read(Socket socket, int limitMillis, Read read) throws IOException {
    long start = System.nanoTime();
    if (!waiting) {
      waiting = true;
      doubtful = false;
      askAt = start + timeoutNanos;
    }
    while (true) {
      long end = limitMillis == 0 ? askAt : Math.min(askAt, start + limitMillis * 1_000_000L);
      long millis = (end - System.nanoTime()) / 1_000_000;
      socket.setSoTimeout(Math.toIntExact(Math.max(1, millis)));
      try {
        int bytes = read.bytes();
        waiting = false;
        return bytes;
      } catch (SocketTimeoutException e) {
        if (System.nanoTime() >= askAt) {
          ask();
        }
        if (limitMillis != 0 && System.nanoTime() - start >= limitMillis * 1_000_000L) {
          throw e;
        }
      }
    }
  }

  private void ask() throws SilentServerException {
    if (pid != NOBODY && backends.isBusy((int) pid)) {
      doubtful = false;
      askAt = System.nanoTime() + timeoutNanos;
    } else if (pid != NOBODY && !doubtful) {
      doubtful = true;
      askAt = System.nanoTime() + MOMENT_NANOS;
    } else {
      if (pid != NOBODY) {
        backends.end((int) pid);
      }
      throw SilentServerException.after(Duration.ofNanos(timeoutNanos));
    }
  }
}
