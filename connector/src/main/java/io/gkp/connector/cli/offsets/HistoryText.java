package io.gkp.connector.cli.offsets;

import io.gkp.connector.cli.text.Counts;
import io.gkp.connector.cli.text.Moments;
import io.gkp.connector.cli.text.Printable;
import io.gkp.connector.operations.HistoryEvent;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code offsets history} for people: a line for each run, and one for each table that it brought
 * rows of.
 */
final class HistoryText {
  private static final String LINE = "%-20s  %-9s  %-13s";

  private final PrintWriter out;

  HistoryText(PrintWriter out) {
    this.out = out;
  }

  /**
   * @param events newest first; those of one run stand together
   */
  void print(List<HistoryEvent> events) {
    if (events.isEmpty()) {
      out.println("Nothing has happened yet.");
    } else {
      out.println(LINE.formatted("when (UTC)", "what", "outcome") + "  about");
    }
    for (int from = 0; from < events.size(); ) {
      int to = from + 1;
      while (to < events.size() && areOfOneRun(events.get(from), events.get(to))) {
        to++;
      }
      print(events.get(from), events.subList(from, to));
      from = to;
    }
    out.flush();
  }

  private static boolean areOfOneRun(HistoryEvent one, HistoryEvent other) {
    return one.what().equals("run")
        && other.what().equals("run")
        && Objects.equals(one.id(), other.id());
  }

  private void print(HistoryEvent first, List<HistoryEvent> all) {
    if (!first.what().equals("run")) {
      out.println(beginning(first) + about(first));
      return;
    }
    out.println(beginning(first) + Printable.line(first.id()) + error(first));
    List<HistoryEvent> moved =
        all.stream().filter(event -> event.table() != null && rows(event) > 0).toList();
    moved.forEach(event -> out.println(indented(about(event))));
    long idle = all.stream().filter(event -> event.table() != null).count() - moved.size();
    if (idle > 0) {
      out.println(indented(Counts.of(idle, "table") + " without changes"));
    }
  }

  private static String beginning(HistoryEvent event) {
    return LINE.formatted(Moments.text(Instant.parse(event.at())), event.what(), event.outcome())
        + "  ";
  }

  private static String indented(String text) {
    return LINE.formatted("", "", "") + "    " + text;
  }

  private static String about(HistoryEvent event) {
    List<String> words = new ArrayList<>();
    if (!event.what().equals("schema")) { // its detail names the table
      add(words, "", event.table());
    }
    add(words, "", event.detail());
    if (event.rows() != null) {
      words.add(Counts.of(event.rows(), "row"));
    }
    if (!event.what().equals("run")) {
      add(words, "", event.errorCode());
      add(words, "", event.id());
    }
    add(words, "by ", event.who());
    add(words, "because ", event.why());
    return String.join(" ", words);
  }

  private static String error(HistoryEvent run) {
    return run.errorCode() == null ? "" : " " + Printable.line(run.errorCode());
  }

  private static long rows(HistoryEvent event) {
    return event.rows() == null ? 0 : event.rows();
  }

  private static void add(List<String> words, String label, @Nullable String value) {
    if (value != null) {
      words.add(label + Printable.line(value));
    }
  }
}
