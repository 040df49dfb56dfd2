package io.gkp.localbigquery;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.ViewDefinition;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.gkp.localbigquery.copy.CopyWork;
import io.gkp.localbigquery.jobs.JobHistory;
import io.gkp.localbigquery.jobs.Jobs;
import io.gkp.localbigquery.load.LoadWork;
import io.gkp.localbigquery.query.QueryWork;
import io.gkp.localbigquery.rest.Api;
import io.gkp.localbigquery.sql.ZetaSqlEngine;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A BigQuery that runs in this process and answers on the loopback interface, unless it is told to
 * listen elsewhere. Official clients talk to it when their host is set to {@link #host()}, without
 * credentials.
 *
 * <p>All it was told is kept in its data directory and survives {@code kill -9}; a server without
 * one keeps it until it is closed.
 */
public final class LocalBigQuery implements AutoCloseable {
  static {
    // Without it every answer on a reused connection waits for the client's delayed
    // acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final DataDirectory data;
  private final Jobs jobs;

  /** Needs what most queries need, and no table. */
  private static final String ANY_QUERY =
      """
      WITH numbers AS (SELECT n FROM UNNEST([1, 2]) AS n)
      SELECT a.n, SUM(b.n) AS total, ROW_NUMBER() OVER (ORDER BY a.n) AS place
      FROM numbers AS a
      LEFT JOIN numbers AS b ON a.n = b.n
      WHERE a.n > 0
      GROUP BY a.n
      """;

  private final HttpServer server;
  private final ExecutorService executor;
  private final QueryWork queries;

  private LocalBigQuery(Builder builder) {
    this.data = builder.data.map(DataDirectory::open).orElseGet(DataDirectory::inMemory);
    Warehouse warehouse = Warehouse.open(data.database());
    JobHistory history = JobHistory.open(data.database());
    this.queries =
        new QueryWork(
            warehouse,
            new LazyEngine(() -> new ZetaSqlEngine(data.database(), warehouse, history)));
    this.jobs =
        Jobs.open(
            history,
            data.path().resolve("jobs"),
            List.of(new LoadWork(warehouse), new CopyWork(warehouse), queries));
    this.executor = Executors.newCachedThreadPool(LocalBigQuery::thread);
    try {
      this.server = HttpServer.create(new InetSocketAddress(builder.address, builder.port), 0);
    } catch (IOException e) {
      data.close();
      throw new UncheckedIOException(
          new IOException("Port " + builder.port + " cannot be used: " + e.getMessage(), e));
    }
    jobs.recover();
    HttpContext context =
        server.createContext(
            "/", Api.of(warehouse, jobs, queries, data.path().resolve("uploads"), builder.address));
    context.getFilters().addAll(builder.filters);
    server.setExecutor(executor);
    server.start();
  }

  /**
   * Starts a server.
   *
   * @param data its directory, created where it is missing
   * @param port 0 for any that is free
   */
  public static LocalBigQuery start(Path data, int port) {
    return builder(data).port(port).start();
  }

  public static Builder builder(Path data) {
    return new Builder(Optional.of(data.toAbsolutePath()));
  }

  /** A server that forgets all it was told when it is closed. */
  public static Builder inMemory() {
    return new Builder(Optional.empty());
  }

  /** What clients on this machine take as host, such as {@code http://127.0.0.1:9050}. */
  public String host() {
    InetAddress address = server.getAddress().getAddress();
    boolean byLoopback = address.isLoopbackAddress() || address.isAnyLocalAddress();
    String name = byLoopback ? "127.0.0.1" : address.getHostAddress();
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /**
   * Makes ready for queries, on a thread of its own. Otherwise the first of them waits until the
   * analyzer's library is unpacked and the classes for SQL are loaded, a second or two.
   */
  public void warmUp() {
    executor.execute(
        () -> {
          try {
            queries.viewSchema(
                new Table()
                    .setTableReference(new TableReference().setProjectId("any"))
                    .setView(new ViewDefinition().setQuery(ANY_QUERY)));
          } catch (RuntimeException e) {
            // Whatever is wrong, the first query says so.
          }
        });
  }

  /** Stops answering; jobs under way get a moment to end, others run at the next start. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdown();
    jobs.close();
    data.close();
  }

  private static final AtomicInteger THREADS = new AtomicInteger();

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "local-bigquery-" + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** How a server is to be started. */
  public static final class Builder {
    private final Optional<Path> data;
    private final List<Filter> filters = new ArrayList<>();
    private InetAddress address = InetAddress.getLoopbackAddress();
    private int port;

    private Builder(Optional<Path> data) {
      this.data = data;
    }

    /** 0, the default, takes any that is free. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Listens at another address than the loopback interface's. Whoever reaches it may then read,
     * change and run everything: there are no credentials.
     */
    public Builder listen(InetAddress address) {
      this.address = address;
      return this;
    }

    /**
     * Sees every request before the server does, and may answer it, delay it, or close its exchange
     * to break the connection. To lose an answer, hand on an exchange that writes nowhere.
     */
    public Builder filter(Filter filter) {
      filters.add(filter);
      return this;
    }

    /** Throws {@link UncheckedIOException} where the port or the data directory is taken. */
    public LocalBigQuery start() {
      return new LocalBigQuery(this);
    }
  }
}
