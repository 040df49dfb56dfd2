package io.gkp.sql.model;

import java.util.Locale;

/** Where a model lives: its folder in the source tree and its dataset in the warehouse. */
public enum Layer {
  /** What the export writes: the changelog and its ledger. Never created by a model run. */
  RAW,
  /** The changelog turned into states and histories, and the business views on top. */
  CURATED,
  /** Aggregates for dashboards. */
  MARTS;

  /** The folder's name. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
