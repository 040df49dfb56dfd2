package io.gkp.localbigquery.load;

import io.gkp.localbigquery.storage.RowStager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Hands rows from the thread that parses them to one that stages them, so that both go on at once.
 *
 * <p>What is on its way is bounded by the rows' bytes in the file. A row larger than that travels
 * alone.
 */
final class RowHandover implements AutoCloseable {
  private static final int GROUP_BYTES = 256 << 10;
  private static final int MOST_BYTES = 4 << 20;
  private static final Group END = new Group();

  private final RowStager out;
  private final BlockingQueue<Group> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(MOST_BYTES);
  private final Thread writer = new Thread(this::drain, "local-bigquery-stager");
  private Group next = new Group();
  private volatile Throwable failure;

  private static final class Group {
    private final List<Object[]> rows = new ArrayList<>();
    private int bytes;
  }

  RowHandover(RowStager out) {
    this.out = out;
    writer.setDaemon(true);
    writer.start();
  }

  /** Waits while too much is on its way. Throws what the other thread failed with. */
  void write(Object[] row, int bytes) {
    next.rows.add(row);
    next.bytes = Math.min(MOST_BYTES, next.bytes + bytes);
    if (next.bytes >= GROUP_BYTES) {
      send();
    }
  }

  private void send() {
    check();
    room.acquireUninterruptibly(next.bytes);
    queue.add(next);
    next = new Group();
  }

  /** Returns when all rows are staged. */
  void finish() {
    send();
    close();
    check();
  }

  private void check() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void drain() {
    try {
      for (Group group = queue.take(); group != END; group = queue.take()) {
        if (failure == null) {
          write(group);
        }
        room.release(group.bytes);
      }
    } catch (InterruptedException e) {
      failure = new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private void write(Group group) {
    try {
      group.rows.forEach(out::write);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /** Ends the other thread. */
  @Override
  public void close() {
    queue.add(END);
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
