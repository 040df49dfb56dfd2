package io.gkp.bench;

import java.util.List;

/**
 * What one contestant took for one workload, the median of its runs.
 *
 * @param floor the same with nothing to do; {@code usage} itself for that
 * @param reference the result of the same workload that the others are compared with; null for that
 */
record Result(
    Workload workload, String contestant, List<Usage> runs, Usage floor, Result reference) {
  Usage usage() {
    return Usage.median(runs);
  }

  /** Without the start of the process and what else nothing to do takes. */
  double netMillis() {
    return Math.max(1, usage().wallMillis() - floor.wallMillis());
  }

  double perSecond() {
    return workload.count() / netMillis() * 1000;
  }

  /** As {@link #netMillis}, of CPU and for each change or row. */
  double cpuMicros() {
    return (usage().cpuMillis() - floor.cpuMillis()) * 1000 / workload.count();
  }

  /** How the rate compares with the reference's. */
  double ratio() {
    return reference == null ? 1 : perSecond() / reference.perSecond();
  }
}
