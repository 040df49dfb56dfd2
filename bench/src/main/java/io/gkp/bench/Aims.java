package io.gkp.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What the export shall reach, beside what was measured, as a table in Markdown. */
final class Aims {
  private static final double SECOND = 1000;
  private static final double MIB = 1 << 20;

  private final List<Result> results;

  Aims(List<Result> results) {
    this.results = results;
  }

  String markdown() {
    Predicate<Result> stream = result -> result.workload().table().isEmpty();
    Predicate<Result> wide = result -> result.workload().isWide();
    Predicate<Result> single = result -> result.workload().isSingle();
    Predicate<Result> sink = result -> result.contestant().equals(Export.INTO_SINK);
    Predicate<Result> plain = result -> result.contestant().equals(Export.UNCOMPRESSED);
    StringBuilder table = new StringBuilder("| aim | measured |\n|---|---|\n");
    line(
        table,
        "stream: 0.9 of `pg_recvlogical`",
        range("%.2f", Result::ratio, sink.and(stream).and(wide.negate())));
    line(
        table,
        "rows of 4 KiB: the same, with gzip and without",
        range("%.2f", Result::ratio, sink.and(stream).and(wide)),
        range("%.2f", Result::ratio, plain.and(stream).and(wide)));
    line(
        table,
        "8 us CPU a change, grouped",
        range("%.1f us", Result::cpuMicros, sink.and(stream).and(wide.or(single).negate())));
    line(
        table,
        "25 us in transactions of one row",
        range("%.1f us", Result::cpuMicros, sink.and(single)));
    line(
        table,
        "snapshot by one reader: 0.25 of `COPY`",
        range("%.2f", Result::ratio, sink.and(stream.negate()).and(wide.negate())));
    line(
        table,
        "rows of 4 KiB: the same, with gzip and without",
        range("%.2f", Result::ratio, sink.and(stream.negate()).and(wide)),
        range("%.2f", Result::ratio, plain.and(stream.negate()).and(wide)));
    line(table, "a run with nothing to do: 1.5 s", idle(sink));
    line(
        table,
        "peak memory: 450 MiB",
        range(
            "%.0f MiB",
            result -> result.usage().peakBytes() / MIB,
            result -> result.contestant().startsWith(Export.NAME)));
    return table.toString();
  }

  private Optional<String> idle(Predicate<Result> sink) {
    return results.stream()
        .filter(sink.and(result -> result.workload().name().equals(Workload.IDLE)))
        .map(result -> text("%.2f s", result.usage().wallMillis() / SECOND))
        .findFirst();
  }

  /** The least and the most of what is not a floor; empty where nothing was measured. */
  private Optional<String> range(
      String format, ToDoubleFunction<Result> figure, Predicate<Result> which) {
    double[] figures =
        results.stream()
            .filter(result -> !result.workload().isFloor())
            .filter(which)
            .mapToDouble(figure)
            .sorted()
            .toArray();
    if (figures.length == 0) {
      return Optional.empty();
    }
    String least = text(format, figures[0]);
    String most = text(format, figures[figures.length - 1]);
    return Optional.of(least.equals(most) ? most : least + " to " + most);
  }

  private static String text(String format, double figure) {
    return String.format(Locale.ROOT, format, figure);
  }

  @SafeVarargs
  private static void line(StringBuilder table, String aim, Optional<String>... measured) {
    List<String> known = List.of(measured).stream().flatMap(Optional::stream).toList();
    if (!known.isEmpty()) {
      table.append("| ").append(aim).append(" | ").append(String.join("; ", known)).append(" |\n");
    }
  }
}
