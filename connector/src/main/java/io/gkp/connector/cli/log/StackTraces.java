package io.gkp.connector.cli.log;

import io.gkp.failure.ExportException;
import org.jspecify.annotations.Nullable;

/**
 * Stack traces as they may be shown anywhere: what others write into their messages may hold row
 * values, so only ours are in it.
 */
public final class StackTraces {
  private StackTraces() {}

  /**
   * Classes and frames, from the error to its first cause.
   *
   * @param error null gives an empty text
   */
  public static String of(@Nullable Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = error; t != null; t = t.getCause()) {
      text.append(text.isEmpty() ? "\n" : "\nCaused by: ").append(t.getClass().getName());
      if (t instanceof ExportException known) {
        text.append(": ").append(known.getMessage());
      }
      for (StackTraceElement frame : t.getStackTrace()) {
        text.append("\n\tat ").append(frame);
      }
    }
    return text.toString();
  }
}
