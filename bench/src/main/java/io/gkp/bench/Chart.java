package io.gkp.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Bars for what a change or a row costs in CPU, as SVG. */
final class Chart {
  private static final int WIDTH = 860;
  private static final int LEFT = 300;
  private static final int BAR = 16;
  private static final int GAP = 26;
  private static final int TITLE = 40;
  private static final List<String> COLOURS =
      List.of("#7f8c8d", "#2980b9", "#c0392b", "#27ae60", "#8e44ad", "#d35400");

  private Chart() {}

  static String svg(List<Result> results) {
    List<Result> shown = results.stream().filter(result -> !result.workload().isFloor()).toList();
    double most = shown.stream().mapToDouble(Result::cpuMicros).max().orElse(1);
    Map<String, String> colours = new LinkedHashMap<>();
    StringBuilder bars = new StringBuilder();
    int y = TITLE;
    Workload last = null;
    for (Result result : shown) {
      if (result.workload() != last) {
        last = result.workload();
        y += GAP;
        bars.append(text(8, y - 6, "bold", last.name()));
      }
      String colour =
          colours.computeIfAbsent(
              result.contestant(), name -> COLOURS.get(colours.size() % COLOURS.size()));
      double length = Math.max(1, result.cpuMicros() / most * (WIDTH - LEFT - 60));
      bars.append(text(24, y + BAR - 4, "normal", result.contestant()))
          .append(
              String.format(
                  Locale.ROOT,
                  "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                  LEFT,
                  y,
                  length,
                  BAR - 3,
                  colour))
          .append(
              text(
                  (int) (LEFT + length + 6),
                  y + BAR - 4,
                  "normal",
                  String.format(Locale.ROOT, "%.1f", result.cpuMicros())));
      y += BAR;
    }
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            WIDTH,
            y + GAP)
        + text(8, 22, "bold", "CPU seconds for a million changes or rows, start-up left out")
        + bars
        + "</svg>\n";
  }

  private static String text(int x, int y, String weight, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%d\" y=\"%d\" font-weight=\"%s\">%s</text>%n",
        x,
        y,
        weight,
        text.replace("&", "&amp;").replace("<", "&lt;"));
  }
}
