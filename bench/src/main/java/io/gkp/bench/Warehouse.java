package io.gkp.bench;

import io.gkp.localbigquery.LocalBigQuery;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where exports load to.
 *
 * @param sink what happens to rows; empty where they are kept
 * @param worth which workloads are worth the time
 */
record Warehouse(String name, LocalBigQuery server, Optional<Sink> sink, Predicate<Workload> worth)
    implements AutoCloseable {
  static final String SINK = "sink";

  static Warehouse start(String name, Path data, Optional<Sink> sink, Predicate<Workload> worth) {
    LocalBigQuery.Builder server = LocalBigQuery.builder(data);
    sink.ifPresent(server::filter);
    return new Warehouse(name, server.start(), sink, worth);
  }

  String host() {
    return server.host();
  }

  boolean isWorth(Workload workload) {
    return worth.test(workload);
  }

  @Override
  public void close() {
    server.close();
  }
}
