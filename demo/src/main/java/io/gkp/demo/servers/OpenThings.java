package io.gkp.demo.servers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was opened gets closed, last first and once: by {@link #close()}, or when the JVM is told to
 * end, as by Ctrl-C. A signal during an opening waits for it, so that nothing slips through.
 */
public final class OpenThings implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenThings.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread hook = new Thread(this::closeAll, "demo-close");
  private boolean closed;

  public OpenThings() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Opens something that {@link #close()} will close. */
  public synchronized <T extends AutoCloseable> T add(Callable<T> opening) throws Exception {
    if (closed) {
      throw new IllegalStateException("closed already");
    }
    T thing = opening.call();
    open.push(thing);
    return thing;
  }

  @Override
  public void close() {
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("The JVM is ending already");
    }
  }

  private synchronized void closeAll() {
    closed = true;
    while (!open.isEmpty()) {
      AutoCloseable thing = open.pop();
      try {
        thing.close();
      } catch (Exception e) {
        log.warn("Could not close {}: {}", thing.getClass().getSimpleName(), e.toString());
      }
    }
  }
}
