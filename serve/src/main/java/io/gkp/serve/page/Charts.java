package io.gkp.serve.page;

import io.gkp.connector.operations.RunSummary;
import io.gkp.serve.view.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Two pictures of the last runs over the same time: how old the newest complete state was, which is
 * a saw, and how many rows each run loaded.
 *
 * @param age points of a line
 */
public record Charts(
    String from, String to, String mostAge, String mostRows, String age, List<Bar> rows) {
  private static final double LEFT = 60;
  private static final double WIDTH = 570;
  private static final double TOP = 10;
  private static final double BOTTOM = 150;
  private static final double THINNEST = 3;
  private static final double THICKEST = 18;

  /** A run's rows. */
  public record Bar(double x, double y, double width, double height, String kind, String title) {}

  private record Point(Instant at, double seconds) {}

  /**
   * @param runs in any order
   * @return null for less than two runs, which make no picture
   */
  static @Nullable Charts of(List<RunSummary> runs, Instant now) {
    if (runs.size() < 2) {
      return null;
    }
    List<RunSummary> byEnd =
        runs.stream().sorted(Comparator.comparing(RunSummary::finishedAt)).toList();
    Instant from = Instant.parse(byEnd.get(0).finishedAt());
    double span = Math.max(1, Duration.between(from, now).toMillis());
    List<Point> points = points(byEnd, now);
    double oldest = points.stream().mapToDouble(Point::seconds).max().orElse(1);
    long most = Math.max(1, byEnd.stream().mapToLong(RunSummary::rowsLoaded).max().orElse(1));
    StringBuilder line = new StringBuilder();
    for (Point point : points) {
      line.append(
          String.format(
              Locale.ROOT,
              "%.1f,%.1f ",
              x(from, point.at(), span),
              y(point.seconds() / Math.max(1, oldest))));
    }
    double width = Math.min(THICKEST, Math.max(THINNEST, WIDTH / runs.size() / 3));
    List<Bar> bars =
        byEnd.stream()
            .map(
                run -> {
                  double y = y((double) run.rowsLoaded() / most);
                  return new Bar(
                      round(
                          Math.min(
                              x(from, Instant.parse(run.finishedAt()), span),
                              LEFT + WIDTH - width)),
                      round(y),
                      round(width),
                      round(Math.max(1, BOTTOM - y)),
                      Frame.level(run.status()),
                      run.runId() + ": " + Words.count(run.rowsLoaded()) + " rows");
                })
            .toList();
    return new Charts(
        day(from),
        day(now),
        Words.shortly(Math.round(oldest)),
        Words.count(most),
        line.toString().strip(),
        bars);
  }

  private static List<Point> points(List<RunSummary> byEnd, Instant now) {
    List<Point> points = new ArrayList<>();
    Instant complete = null;
    for (RunSummary run : byEnd) {
      if (!run.status().equals("drained")) {
        continue;
      }
      Instant end = Instant.parse(run.finishedAt());
      if (complete != null) {
        points.add(new Point(end, seconds(complete, end)));
      }
      Instant started = Instant.parse(run.startedAt());
      complete = complete == null || started.isAfter(complete) ? started : complete;
      points.add(new Point(end, seconds(complete, end)));
    }
    if (complete != null) {
      points.add(new Point(now, seconds(complete, now)));
    }
    return points;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private static double x(Instant from, Instant at, double span) {
    return LEFT + WIDTH * Duration.between(from, at).toMillis() / span;
  }

  private static double y(double share) {
    return BOTTOM - (BOTTOM - TOP) * share;
  }

  private static double round(double number) {
    return Math.round(number * 10) / 10.0;
  }

  private static String day(Instant time) {
    return Words.time(time.toString()).replaceFirst(":\\d\\d UTC$", " UTC");
  }
}
