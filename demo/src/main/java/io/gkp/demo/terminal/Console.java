package io.gkp.demo.terminal;

import io.gkp.connector.cli.text.TextTable;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** Tells the story: headings, steps with their time, tables. */
public final class Console {
  private static final String INDENT = "  ";
  private static final int STEP_WIDTH = 64;

  private final PrintWriter out;
  private final Style style;
  private final boolean live;

  /**
   * @param live whether this is a terminal, on which a step shows its running time
   */
  public Console(PrintWriter out, Style style, boolean live) {
    this.out = out;
    this.style = style;
    this.live = live;
  }

  /** Live and coloured on a terminal; plain elsewhere, and colourless where NO_COLOR is set. */
  public static Console of(PrintWriter out, boolean terminal, Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean colour = terminal && !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Console(out, new Style(colour), terminal && !dumb);
  }

  public void heading(String text) {
    line("");
    line(style.bold(text));
  }

  /** Prints lines of text, indented under the heading. */
  public void say(String text) {
    text.lines().forEach(line -> line(INDENT + line));
  }

  public void blank() {
    line("");
  }

  /** Prints text that matters less, such as the SQL behind an answer. */
  public void aside(String text) {
    text.lines().forEach(line -> line(INDENT + style.dim(line)));
  }

  public void check(boolean holds, String text) {
    line(INDENT + (holds ? style.good("ok") : style.bad("FAILED")) + "  " + text);
  }

  public void table(TextTable table) {
    table.lines().forEach(line -> line(INDENT + line));
  }

  /** Does the work and prints what it was and how long it took, also when it fails. */
  public <T> T step(String what, Callable<T> work) throws Exception {
    long start = System.nanoTime();
    String label = INDENT + what + " " + ".".repeat(Math.max(3, STEP_WIDTH - what.length())) + " ";
    out.print(label);
    out.flush();
    String end = style.bad("failed");
    try (Ticker ticker = live ? new Ticker(out, label) : null) {
      T result = work.call();
      end = seconds(System.nanoTime() - start);
      return result;
    } finally {
      line((live ? "\r" + label : "") + end);
    }
  }

  public static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }

  /** A count with its thousands set apart. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private void line(String text) {
    out.println(text);
    out.flush();
  }
}
