package io.gkp.offsets;

import java.util.List;

/** Lists of names in one column, separated by commas; job ids hold none. */
final class Joined {
  private Joined() {}

  static String text(List<String> names) {
    return names.isEmpty() ? null : String.join(",", names);
  }

  static List<String> list(String text) {
    return text == null || text.isEmpty() ? List.of() : List.of(text.split(","));
  }
}
