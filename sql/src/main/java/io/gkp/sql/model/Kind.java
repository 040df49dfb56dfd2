package io.gkp.sql.model;

/** How a model is materialized. */
public enum Kind {
  /** Written by the export; a model run reads it and never touches it. */
  SOURCE,
  /** A view: always current, computed when it is read. */
  VIEW,
  /** A table, replaced whole and atomically by every run. */
  TABLE
}
