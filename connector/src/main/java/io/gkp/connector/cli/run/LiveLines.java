package io.gkp.connector.cli.run;

import io.gkp.connector.cli.text.SafeWriter;
import java.io.PrintWriter;
import java.util.List;

/**
 * The bottom of a terminal, where a few lines are written again and again while others scroll away
 * above them.
 *
 * @see <a href="https://invisible-island.net/xterm/ctlseqs/ctlseqs.html">control sequences</a>
 */
final class LiveLines {
  private static final String UP = "\033[%dA\r";
  private static final String CLEAR_BELOW = "\033[J";
  private static final String CUT_LONG_LINES = "\033[?7l";
  private static final String WRAP_LONG_LINES = "\033[?7h";

  private final PrintWriter out;
  private final PrintWriter terminal;
  private int shown;

  LiveLines(PrintWriter out) {
    this.out = out;
    this.terminal = SafeWriter.beneath(out);
  }

  /** Takes the place of the lines shown before. A line too long is cut, so that it stays one. */
  void show(List<String> lines) {
    terminal.print(CUT_LONG_LINES);
    erase();
    lines.forEach(out::println);
    terminal.print(WRAP_LONG_LINES);
    out.flush();
    shown = lines.size();
  }

  /** A line that stays, where the live ones were. */
  void say(String line) {
    erase();
    out.println(line);
    out.flush();
  }

  private void erase() {
    if (shown > 0) {
      terminal.print(UP.formatted(shown) + CLEAR_BELOW);
    }
    shown = 0;
  }
}
