package io.gkp.failure;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A known failure: one sentence that says what happened and to what, and one that says what to do
 * now. Neither holds row values or secrets.
 */
public final class ExportException extends RuntimeException {
  private final Failure failure;
  private final String remedy;

  public ExportException(Failure failure, String what, String remedy) {
    this(failure, what, remedy, null);
  }

  public ExportException(Failure failure, String what, String remedy, @Nullable Throwable cause) {
    super(SafeText.line(what), cause);
    this.failure = failure;
    this.remedy = SafeText.line(remedy);
  }

  public Failure failure() {
    return failure;
  }

  /** What happened, in one sentence; never null. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }

  /** What the operator does now. */
  public String remedy() {
    return remedy;
  }

  /** The line for the operator: what happened, what to do, the code. */
  public String sentence() {
    return getMessage() + " " + remedy + " [" + failure.code() + "]";
  }
}
