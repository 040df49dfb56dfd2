package io.gkp.connector.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A piece of network that can be cut, or fall silent. */
public final class Proxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Flow> flows = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean cut;
  private volatile boolean silent;

  /** Which way nothing gets through any more. */
  public enum Silence {
    FROM_SERVER,
    TO_SERVER,
    BOTH_WAYS
  }

  public Proxy(int target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Breaks every connection, and lets none come about. */
  public void cut() {
    cut = true;
    flows.forEach(Flow::close);
    flows.clear();
  }

  /**
   * From now on nothing gets through on the connections that there are, for good; nobody is told.
   */
  public void silence(Silence way) {
    flows.forEach(flow -> flow.silence(way));
  }

  /** Nothing gets through any more, on new connections neither until {@link #mend}. */
  public void silence() {
    silent = true;
    silence(Silence.BOTH_WAYS);
  }

  /** How many connections have come about since the last {@link #cut}. */
  public int connections() {
    return flows.size();
  }

  public void mend() {
    cut = false;
    silent = false;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        if (cut) {
          close(client);
          continue;
        }
        Flow flow = new Flow(client, new Socket(InetAddress.getLoopbackAddress(), target));
        flows.add(flow);
        if (silent) {
          flow.silence(Silence.BOTH_WAYS);
        }
        threads.execute(() -> flow.copy(flow.client, flow.upstream, Silence.FROM_SERVER));
        threads.execute(() -> flow.copy(flow.upstream, flow.client, Silence.TO_SERVER));
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** One connection through here. */
  private static final class Flow {
    private final Socket client;
    private final Socket upstream;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Silence silence;

    Flow(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void silence(Silence way) {
      silence = way;
    }

    /**
     * @param other the silence that does not concern this direction
     */
    void copy(Socket from, Socket to, Silence other) {
      byte[] buffer = new byte[8192];
      try (InputStream in = from.getInputStream()) {
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          if (silence != null && silence != other) {
            closed.await();
            return;
          }
          to.getOutputStream().write(buffer, 0, length);
        }
      } catch (IOException e) {
        // cut, or at its end
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        close();
      }
    }

    void close() {
      closed.countDown();
      Proxy.close(client);
      Proxy.close(upstream);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // as good as closed
    }
  }

  @Override
  public void close() {
    cut();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
