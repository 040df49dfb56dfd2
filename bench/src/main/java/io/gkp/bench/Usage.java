package io.gkp.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one process took, from its start to its end.
 *
 * @param wallMillis by the clock
 * @param cpuMillis of all its threads; the last 20 milliseconds may be missing
 * @param peakBytes {@code VmHWM}; 0 where the kernel does not say
 * @param sentBytes rows as they travelled to BigQuery; 0 for those who send nothing
 * @param jobs load jobs of rows
 * @param loadingMillis while at least one load job was under way, those of the export's own tables
 *     included
 */
record Usage(
    double wallMillis,
    double cpuMillis,
    double peakBytes,
    double sentBytes,
    double jobs,
    double loadingMillis) {

  /** The median of each figure by itself. */
  static Usage median(List<Usage> usages) {
    return new Usage(
        median(usages, Usage::wallMillis),
        median(usages, Usage::cpuMillis),
        median(usages, Usage::peakBytes),
        median(usages, Usage::sentBytes),
        median(usages, Usage::jobs),
        median(usages, Usage::loadingMillis));
  }

  private static double median(List<Usage> usages, ToDoubleFunction<Usage> figure) {
    double[] sorted = usages.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  Usage sending(Sink.Load load) {
    return new Usage(
        wallMillis, cpuMillis, peakBytes, load.bytes(), load.jobs(), load.busyMillis());
  }
}
