package io.gkp.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** The results as JSON and as a table in Markdown. */
final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MIB = 1 << 20;

  private Report() {}

  static String json(Machine machine, List<Result> results) throws JsonProcessingException {
    ObjectNode report = JSON.createObjectNode();
    report.set("machine", JSON.valueToTree(machine));
    for (Result result : results) {
      ObjectNode one = report.withArray("/results").addObject();
      one.put("workload", result.workload().name());
      one.put("count", result.workload().count());
      one.put("contestant", result.contestant());
      one.set("median", JSON.valueToTree(result.usage()));
      one.set("runs", JSON.valueToTree(result.runs()));
      if (!result.workload().isFloor()) {
        one.put("per_second", result.perSecond());
        one.put("cpu_seconds_per_million", result.cpuMicros());
        one.put("of_the_fastest", result.ratio());
      }
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report);
  }

  static String markdown(Machine machine, List<Result> results) {
    StringBuilder table = new StringBuilder(machine.sentence()).append("\n\n");
    table.append(new Aims(results).markdown());
    Workload last = null;
    for (Result result : results) {
      if (result.workload() != last) {
        last = result.workload();
        table
            .append("\n**")
            .append(last.name())
            .append("**")
            .append(last.isFloor() ? "" : String.format(Locale.ROOT, " (%,d)", last.count()))
            .append(
                """


                | | wall s | CPU s | each second | of the fastest | CPU s per million | peak MiB | jobs | MiB sent | loading s |
                |---|---|---|---|---|---|---|---|---|---|
                """);
      }
      table.append(line(result));
    }
    return table.toString();
  }

  private static String line(Result result) {
    Usage usage = result.usage();
    boolean isFloor = result.workload().isFloor();
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %s | %s | %s | %s | %s | %s | %s |%n",
        result.contestant(),
        usage.wallMillis() / 1000,
        usage.cpuMillis() / 1000,
        isFloor ? "" : String.format(Locale.ROOT, "%,.0f", result.perSecond()),
        isFloor ? "" : String.format(Locale.ROOT, "%.2f", result.ratio()),
        isFloor ? "" : String.format(Locale.ROOT, "%.1f", result.cpuMicros()),
        some("%.0f", usage.peakBytes() / MIB),
        some("%.0f", usage.jobs()),
        some("%.1f", usage.sentBytes() / MIB),
        some("%.1f", usage.loadingMillis() / 1000));
  }

  private static String some(String format, double figure) {
    return figure == 0 ? "" : String.format(Locale.ROOT, format, figure);
  }
}
