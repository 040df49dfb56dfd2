package io.gkp.failure;

/**
 * Process exit codes, a contract with schedulers. From 64 on they follow BSD's <a
 * href="https://man.openbsd.org/sysexits">sysexits</a>.
 */
public final class ExitCode {
  /** Drained to the fence. */
  public static final int OK = 0;

  /** Stopped early; everything loaded so far is committed and the next run goes on from there. */
  public static final int STOPPED_EARLY = 3;

  public static final int USAGE = 64;

  /** Data differ, or a check failed. */
  public static final int DIFFERENT = 65;

  /** Source or destination unavailable. */
  public static final int UNAVAILABLE = 69;

  public static final int INTERNAL = 70;

  /** Another run holds the slot. */
  public static final int BUSY = 75;

  public static final int PERMISSION = 77;

  /** Configuration, "disabled" included; also a position that only an operator can decide about. */
  public static final int CONFIGURATION = 78;

  private ExitCode() {}
}
