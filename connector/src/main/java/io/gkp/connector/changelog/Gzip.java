package io.gkp.connector.changelog;

import io.gkp.bigquery.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses on a thread of its own, so that rows can be written meanwhile, and in large pieces:
 * row by row costs up to twice as much. All share the thread, which takes the pieces in the order
 * in which they are full.
 */
final class Gzip extends PartContent {
  private static final int PIECE = 64 * 1024;

  /** That wait for the thread; whoever writes more waits for it, too. */
  private static final int MAX_WAITING = 16;

  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "compress");
            thread.setDaemon(true);
            return thread;
          });
  private static final Semaphore WAITING = new Semaphore(MAX_WAITING);

  private final Content.Collector compressed = new Content.Collector();
  private final GZIPOutputStream gzip;
  private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
  private byte[] piece = new byte[PIECE];
  private int length;

  Gzip() {
    try {
      gzip = new Fast(compressed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void write(byte[] source, int offset, int count) {
    int from = offset;
    int left = count;
    while (left > 0) {
      if (length == PIECE) {
        pass();
      }
      int some = Math.min(left, PIECE - length);
      System.arraycopy(source, from, piece, length, some);
      length += some;
      from += some;
      left -= some;
    }
  }

  private void pass() {
    byte[] full = piece;
    int count = length;
    WAITING.acquireUninterruptibly();
    written =
        written.thenRunAsync(
            () -> compress(full, count), THREAD); // does nothing once a piece has failed
    written.whenComplete((done, error) -> WAITING.release());
    piece = new byte[PIECE];
    length = 0;
  }

  private void compress(byte[] full, int count) {
    try {
      gzip.write(full, 0, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  Content finish() {
    pass();
    try {
      written.join();
      gzip.close();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.finish();
  }

  /** The fastest level: it already shrinks JSON rows several times. */
  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, PIECE);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
