package io.gkp.bench;

import io.gkp.failure.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gkp_cli bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the export on this machine, beside what Postgres's own tools and a bare Debezium take.",
      "",
      "Starts a Postgres and local BigQuerys. Everybody reads the same changes in turn, each in a"
          + " process of its own; the figures are medians. --changes and --repetitions make it shorter."
    })
final class BenchCommand implements Callable<Integer> {
  /** Seconds that load jobs of BigQuery take, one after the other. */
  private static final int[] SLOW_LOADS = {2, 4, 6, 8, 10};

  @Spec private CommandSpec spec;

  @Option(
      names = "--changes",
      paramLabel = "N",
      description = "Changes of the workload of narrow rows; others follow. Default: 400000.")
  private long changes = 400_000;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "How often each workload is written and read. Default: 3.")
  private int repetitions = 3;

  @Option(
      names = "--only",
      paramLabel = "WORDS",
      description = "Only workloads whose name contains this, and those with nothing to do.")
  private String only = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write benchmark.json, benchmark.md and benchmark.svg there. Default: target/bench.")
  private Path out = Path.of("target", "bench");

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description =
          "Put the results into this page of the documentation as well, and the chart beside it.")
  private @Nullable Path page;

  @Option(
      names = "--rows",
      description = "Measure the row writer alone, with what it allocates (JMH).")
  private boolean rows;

  @Override
  public Integer call() throws Exception {
    if (rows) {
      RowWriterBenchmark.run();
      return ExitCode.OK;
    }
    PrintWriter err = spec.commandLine().getErr();
    double loadBefore = Machine.load();
    Page documentation = page == null ? null : new Page(page); // a wrong path is told at once
    Path data = Files.createTempDirectory("gkp-bench");
    List<Warehouse> warehouses = new ArrayList<>();
    try (Source source = Source.start()) {
      warehouses.addAll(warehouses(data));
      source.execute(Workload.tables(changes).toArray(String[]::new));
      List<Result> results =
          new Bench(source, contestants(source, warehouses), repetitions, told(err))
              .run(workloads());
      write(Machine.current(source, repetitions, loadBefore), results, documentation);
      return ExitCode.OK;
    } finally {
      warehouses.forEach(Warehouse::close);
      Deleted.tree(data);
    }
  }

  private static Consumer<String> told(PrintWriter err) {
    return line -> {
      err.println(line);
      err.flush();
    };
  }

  private List<Workload> workloads() {
    return Workload.all(changes).stream()
        .filter(workload -> workload.isFloor() || workload.name().contains(only))
        .toList();
  }

  /** The fastest readers come first: others are compared with them. */
  private static List<Contestant> contestants(Source source, List<Warehouse> warehouses) {
    List<Contestant> contestants = new ArrayList<>();
    contestants.add(new RecvLogical(source));
    contestants.add(new Copy(source));
    contestants.add(
        new JavaReader(source, "engine, discarded", "bench_engine", DiscardingEngine.class));
    contestants.add(
        new JavaReader(source, "Debezium's JSON, discarded", "bench_json", DebeziumJson.class));
    String launcher = System.getProperty("gkp.launcher", "./gkp_cli");
    warehouses.forEach(warehouse -> contestants.add(new Export(source, warehouse, launcher, true)));
    contestants.add(new Export(source, warehouses.get(0), launcher, false));
    return contestants;
  }

  private static List<Warehouse> warehouses(Path data) {
    AtomicInteger load = new AtomicInteger();
    Sink.LoadTime slow = () -> 1000L * SLOW_LOADS[load.getAndIncrement() % SLOW_LOADS.length];
    return List.of(
        Warehouse.start(
            Warehouse.SINK,
            data.resolve("sink"),
            Optional.of(new Sink(Sink.LoadTime.NONE)),
            any -> true),
        Warehouse.start("local BigQuery", data.resolve("local"), Optional.empty(), any -> true),
        Warehouse.start(
            "loads of 2-10 s",
            data.resolve("slow"),
            Optional.of(new Sink(slow)),
            workload ->
                workload.table().isEmpty()
                    && (workload.isFloor() || workload.name().contains("logs of 250"))));
  }

  private void write(Machine machine, List<Result> results, @Nullable Page documentation)
      throws IOException {
    Files.createDirectories(out);
    String table = Report.markdown(machine, results);
    String chart = Chart.svg(results);
    Files.writeString(out.resolve("benchmark.md"), table);
    Files.writeString(out.resolve("benchmark.json"), Report.json(machine, results));
    Files.writeString(out.resolve("benchmark.svg"), chart);
    if (documentation != null) {
      documentation.write(table, chart);
    }
    spec.commandLine().getOut().print(table);
    spec.commandLine().getOut().flush();
  }
}
