package io.gkp.bench;

import io.gkp.name.Lsn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The plan: whatever is written, all read it in turn, and with the next repetition the next one
 * begins. So none has a quieter machine than the others, and medians are those of one sitting.
 */
final class Bench {
  private final Source source;
  private final List<Contestant> contestants;
  private final int repetitions;
  private final Consumer<String> progress;

  Bench(Source source, List<Contestant> contestants, int repetitions, Consumer<String> progress) {
    this.source = source;
    this.contestants = contestants;
    this.repetitions = repetitions;
    this.progress = progress;
  }

  /**
   * @param workloads the floors among them come first
   */
  List<Result> run(List<Workload> workloads) throws Exception {
    for (Contestant contestant : contestants) {
      contestant.prepare();
    }
    Map<String, Map<String, Usage>> floors = new LinkedHashMap<>();
    List<Result> results = new ArrayList<>();
    for (Workload workload : workloads) {
      Map<String, List<Usage>> runs = runs(workload);
      Result reference = null;
      for (Map.Entry<String, List<Usage>> each : runs.entrySet()) {
        Usage median = Usage.median(each.getValue());
        if (workload.isFloor()) {
          floors
              .computeIfAbsent(workload.name(), name -> new LinkedHashMap<>())
              .put(each.getKey(), median);
        }
        Usage floor =
            floors.getOrDefault(workload.floor(), Map.of()).getOrDefault(each.getKey(), median);
        Result result = new Result(workload, each.getKey(), each.getValue(), floor, reference);
        results.add(result);
        reference = reference == null ? result : reference;
      }
    }
    return results;
  }

  private Map<String, List<Usage>> runs(Workload workload) throws Exception {
    List<Contestant> readers = contestants.stream().filter(c -> c.reads(workload)).toList();
    Map<String, List<Usage>> runs = new LinkedHashMap<>();
    readers.forEach(reader -> runs.put(reader.name(), new ArrayList<>()));
    for (int repetition = 0; repetition < repetitions; repetition++) {
      source.write(workload);
      Lsn end = source.end();
      for (int turn = 0; turn < readers.size(); turn++) {
        Contestant reader = readers.get((repetition + turn) % readers.size());
        Usage usage = reader.read(workload, end);
        runs.get(reader.name()).add(usage);
        progress.accept(
            "%s: %s: %.2f s, %.2f s CPU"
                .formatted(
                    workload.name(),
                    reader.name(),
                    usage.wallMillis() / 1000,
                    usage.cpuMillis() / 1000));
      }
    }
    return runs;
  }
}
