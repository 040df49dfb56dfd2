package io.gkp.sql.model;

/** What a check's failure means. */
public enum Severity {
  /** The data is wrong: the run fails. */
  FAIL,
  /** Somebody should look: the run reports it and goes on. */
  WARN
}
