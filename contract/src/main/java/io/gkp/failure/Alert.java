package io.gkp.failure;

/**
 * Who should hear of a failure, and how soon. The log carries it as the label {@code alert}, by
 * which the policies in {@code docs/operate/alerts/} are made, so that no list of codes has to be
 * kept in them.
 */
public enum Alert {
  /** Somebody, now: no run gets on before they have acted. Logged as an error. */
  PAGE,
  /** Somebody, on a working day: data go on arriving. Logged as an error. */
  TICKET,
  /**
   * Nobody for one of them: a later run makes it good. That none does is told by the absence of
   * drained runs. Logged as a warning.
   */
  ABSENCE,
  /** Nobody but the one who typed the command. Logged as a warning. */
  NONE;

  /** Whether it is logged as an error, or as a warning. */
  public boolean isError() {
    return this == PAGE || this == TICKET;
  }

  /** Value of the label, and the word in the runbook's table. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
