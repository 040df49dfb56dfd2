package io.gkp.connector.cli.text;

import io.gkp.failure.SafeText;
import org.jspecify.annotations.Nullable;

/** Text of the dataset, for a terminal: others may have written it. */
public final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /**
   * One line, cut where it is long; what would command the terminal is a question mark.
   *
   * @param text null is a dash
   */
  public static String line(@Nullable String text) {
    if (text == null) {
      return "-";
    }
    String line = SafeText.line(text);
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
  }
}
