package io.gkp.localbigquery.translate;

import java.util.Optional;

/** What makes arrays. */
final class Arrays {
  private Arrays() {}

  static Optional<String> make(Call call) {
    return Optional.of(
        "CAST(["
            + String.join(", ", call.sqlFrom(0))
            + "] AS "
            + Types.duck(call.node().getType())
            + ")");
  }

  static Optional<String> dates(Call call) {
    long step = call.constant(2).orElseThrow().getInt64Value();
    String part = call.part(3);
    if (step == 0 || !part.equals("DAY") && !part.equals("WEEK")) {
      return Optional.empty();
    }
    long days = part.equals("WEEK") ? step * 7 : step;
    return Optional.of(
        "list_transform(generate_series(0, date_diff('day', "
            + call.sql(0)
            + ", "
            + call.sql(1)
            + "), "
            + days
            + "), lambda i: "
            + call.sql(0)
            + " + CAST(i AS INTEGER))");
  }
}
