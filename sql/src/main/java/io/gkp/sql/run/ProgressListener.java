package io.gkp.sql.run;

/** Hears of each model as the run comes to it, on the run's thread. */
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = new ProgressListener() {};

  /** A model is about to be created or replaced. */
  default void started(String model) {}

  /** A model was run, failed, or was left out. */
  default void finished(ModelResult result) {}

  /** A check was made. */
  default void checked(CheckResult result) {}
}
