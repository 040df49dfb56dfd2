package io.gkp.connector.cli.text;

import io.gkp.failure.SafeText;
import java.io.PrintWriter;
import picocli.CommandLine;

/**
 * What a command prints: text with names and messages of others in it, which command no terminal.
 */
public final class SafeWriter extends PrintWriter {
  private final PrintWriter beneath;

  private SafeWriter(PrintWriter beneath) {
    super(beneath, true);
    this.beneath = beneath;
  }

  /** Lets a command print nothing else. */
  public static void use(CommandLine command) {
    command.setOut(of(command.getOut()));
    command.setErr(of(command.getErr()));
  }

  private static PrintWriter of(PrintWriter writer) {
    return writer instanceof SafeWriter ? writer : new SafeWriter(writer);
  }

  /** For those who command the terminal themselves. */
  public static PrintWriter beneath(PrintWriter writer) {
    return writer instanceof SafeWriter safe ? safe.beneath : writer;
  }

  @Override
  public void write(String text, int offset, int length) {
    String safe = SafeText.lines(text.substring(offset, offset + length));
    super.write(safe, 0, safe.length());
  }

  @Override
  public void write(char[] text, int offset, int length) {
    write(new String(text, offset, length), 0, length);
  }

  @Override
  public void write(int character) {
    write(String.valueOf((char) character), 0, 1);
  }
}
