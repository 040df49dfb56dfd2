package io.gkp.connector.source.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Rows as the server sends them, on their way from readers to the one thread that takes them. What
 * waits is bounded in bytes; a row that is larger waits alone.
 */
final class RowQueue {
  /** Of one reader's lines that are handed over together. */
  private static final int PIECE_BYTES = 64 << 10;

  private static final int MOST_BYTES = 1 << 20;

  /** Lines of one reader; without any where the reader has ended. */
  private record Piece(List<byte[]> lines, int bytes) {}

  private static final Piece END = new Piece(List.of(), 0);

  private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(MOST_BYTES, true);
  private int readers;

  /** Takes a row. */
  @FunctionalInterface
  interface Taker {
    void take(byte[] line) throws InterruptedException;
  }

  /**
   * @param readers how many will {@link Writer#close}
   */
  RowQueue(int readers) {
    this.readers = readers;
  }

  /** Passes rows on until all readers have ended. */
  void drain(Taker taker) throws InterruptedException {
    while (readers > 0) {
      Piece piece = pieces.take();
      if (piece == END) {
        readers--;
        continue;
      }
      try {
        for (byte[] line : piece.lines()) {
          taker.take(line);
        }
      } finally {
        room.release(piece.bytes());
      }
    }
  }

  /** What one reader fills. */
  final class Writer {
    private List<byte[]> lines = new ArrayList<>();
    private long bytes;

    /** Waits while too much is waiting. */
    void add(byte[] line) throws InterruptedException {
      lines.add(line);
      bytes += line.length;
      if (bytes >= PIECE_BYTES) {
        pass();
      }
    }

    /** Hands over what is left. */
    void pass() throws InterruptedException {
      int counted = (int) Math.min(bytes, MOST_BYTES);
      room.acquire(counted);
      pieces.add(new Piece(lines, counted));
      lines = new ArrayList<>();
      bytes = 0;
    }

    /** Nothing more comes. */
    void close() {
      pieces.add(END);
    }
  }
}
