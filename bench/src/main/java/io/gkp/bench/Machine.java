package io.gkp.bench;

import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * What the figures were measured on.
 *
 * @param loadBefore the kernel's load average when the benchmark began: what others did meanwhile
 * @param cpus how many everybody shares, Postgres and the local BigQuery included
 */
record Machine(
    String day,
    String system,
    int cpus,
    String java,
    String postgres,
    int repetitions,
    double loadBefore) {

  static Machine current(Source source, int repetitions, double loadBefore) throws SQLException {
    return new Machine(
        LocalDate.now(ZoneOffset.UTC).toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        source.version(),
        repetitions,
        loadBefore);
  }

  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  String sentence() {
    return "%s, %s, %d CPUs, Java %s, PostgreSQL %s; medians of %d; load before %.1f."
        .formatted(day, system, cpus, java, postgres, repetitions, loadBefore);
  }
}
