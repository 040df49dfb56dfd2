package io.gkp.bench;

import io.gkp.name.Lsn;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * {@code gkp_cli export-bigquery} as anybody runs it. Tables that are read as they stand are the
 * first run of a deployment of their own.
 */
final class Export implements Contestant {
  static final String NAME = "export, ";
  static final String INTO_SINK = NAME + Warehouse.SINK;
  static final String UNCOMPRESSED = INTO_SINK + ", no gzip";

  private static final String SLOT = "bench_export_";

  private final Source source;
  private final Warehouse warehouse;
  private final String launcher;
  private final boolean compresses;
  private final String id;

  /**
   * @param launcher path of {@code gkp_cli}
   * @param compresses false reads only what gzip makes slow
   */
  Export(Source source, Warehouse warehouse, String launcher, boolean compresses) {
    this.compresses = compresses;
    this.source = source;
    this.warehouse = warehouse;
    this.launcher = launcher;
    this.id = UUID.randomUUID().toString().replace('-', '_');
  }

  @Override
  public String name() {
    return compresses ? NAME + warehouse.name() : UNCOMPRESSED;
  }

  @Override
  public boolean reads(Workload workload) {
    return warehouse.isWorth(workload) && (compresses || workload.isFloor() || workload.isWide());
  }

  @Override
  public void prepare() throws Exception {
    run(id, String.join(",", Source.TABLES));
  }

  @Override
  public Usage read(Workload workload, Lsn end) throws Exception {
    warehouse.sink().ifPresent(Sink::measure);
    if (workload.table().isEmpty()) {
      return run(id, String.join(",", Source.TABLES));
    }
    String once = UUID.randomUUID().toString().replace('-', '_');
    Usage usage = run(once, workload.table().orElseThrow());
    source.dropSlot(SLOT + once);
    source.execute("DROP PUBLICATION " + SLOT + once);
    return usage;
  }

  private Usage run(String deployment, String tables) throws InterruptedException {
    Map<String, String> environment = new TreeMap<>();
    environment.put("GKP_EXPORT_ENABLED", "true");
    environment.put("DATABASE_URL", source.url());
    environment.put("GKP_SLOT", SLOT + deployment);
    environment.put("GKP_PUBLICATION", SLOT + deployment);
    environment.put("GKP_TABLES", tables);
    environment.put("GKP_PROJECT", "bench");
    environment.put("GKP_COMPRESSION", compresses ? "gzip" : "none");
    environment.put("GKP_DATASET", "bench_" + deployment);
    environment.put("BIGQUERY_EMULATOR_HOST", warehouse.host());
    Usage usage =
        MeasuredProcess.run(List.of(launcher, "export-bigquery", "--output", "json"), environment);
    return warehouse.sink().map(sink -> usage.sending(sink.load())).orElse(usage);
  }
}
