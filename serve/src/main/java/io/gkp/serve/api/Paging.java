package io.gkp.serve.api;

import io.gkp.serve.http.Problem;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** {@code ?limit=&before=}. */
record Paging(int limit, @Nullable Instant before) {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MOST = 500;

  static Paging of(Context context) {
    String limit = context.queryParam("limit");
    String before = context.queryParam("before");
    try {
      int number = limit == null ? DEFAULT_LIMIT : Integer.parseInt(limit);
      if (number < 1 || number > MOST) {
        throw new NumberFormatException();
      }
      return new Paging(number, before == null ? null : time(before));
    } catch (NumberFormatException e) {
      throw Problem.badRequest("limit is no number of runs.", "1 to " + MOST + ".");
    } catch (DateTimeParseException e) {
      throw Problem.badRequest("before is no time.", "Example: 2026-03-02T08:00:00Z.");
    }
  }

  /** What a TIMESTAMP of BigQuery can be. */
  private static Instant time(String text) {
    Instant time = Instant.parse(text);
    if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("9999-12-31T00:00:00Z"))) {
      throw new DateTimeParseException("out of range", text, 0);
    }
    return time;
  }
}
