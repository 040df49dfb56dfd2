package io.gkp.serve;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinBindException;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty with limits. A connection without a whole request costs no thread, and a request that comes
 * too slowly or is too large ends; so those who mean no good, or whose network is bad, keep nobody
 * else out.
 */
final class HttpServer implements AutoCloseable {
  private static final int MOST_THREADS = 48;
  private static final int MOST_CONNECTIONS = 1_000;
  private static final int MOST_HEADER_BYTES = 16 << 10;
  private static final long MOST_BODY_BYTES = 64 << 10;
  private static final int MOST_CHUNKS = 4 << 10;
  private static final int IDLE_MILLIS = 20_000;

  /** Of a request's body, in bytes a second. */
  private static final long SLOWEST = 100;

  /** Cloud Run and Kubernetes give ten seconds or more. */
  private static final int STOP_MILLIS = 5_000;

  private final Javalin javalin;

  private HttpServer(Javalin javalin) {
    this.javalin = javalin;
  }

  /**
   * Listens when it returns.
   *
   * @throws ExportException {@code PORT_TAKEN}
   */
  static HttpServer start(String bind, int port, Consumer<RoutesConfig> routes) {
    Javalin javalin = Javalin.create(config -> configure(config, bind, port, routes));
    try {
      javalin.start();
    } catch (JavalinBindException e) {
      throw new ExportException(
          Failure.PORT_TAKEN,
          "Nothing can listen at " + bind + ":" + port + ".",
          "Choose another --port, or end what listens there.",
          e);
    }
    return new HttpServer(javalin);
  }

  private static void configure(
      JavalinConfig config, String bind, int port, Consumer<RoutesConfig> routes) {
    config.startup.showJavalinBanner = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = MOST_BODY_BYTES;
    config.http.prefer405over404 = true;
    config.http.generateEtags = false;
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 4, IDLE_MILLIS);
    threads.setName("http");
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(HttpServer::limit);
    config.jetty.addConnector((server, http) -> connector(server, http, bind, port));
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(STOP_MILLIS);
          server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
          // A body is gathered without a thread, and only a whole one gets one.
          server.setHandler(
              new EagerContentHandler(
                  new EagerContentHandler.RetainedContentLoaderFactory(
                      MOST_BODY_BYTES, MOST_CHUNKS, true)));
        });
    routes.accept(config.routes);
  }

  private static void limit(HttpConfiguration http) {
    http.setRequestHeaderSize(MOST_HEADER_BYTES);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setMinRequestDataRate(SLOWEST);
    http.setIdleTimeout(IDLE_MILLIS);
  }

  private static Connector connector(Server server, HttpConfiguration http, String bind, int port) {
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(bind);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    return connector;
  }

  int port() {
    return javalin.port();
  }

  /** Lets requests end that are being answered, for some seconds. */
  @Override
  public void close() {
    javalin.stop();
  }
}
