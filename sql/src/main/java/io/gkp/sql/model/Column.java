package io.gkp.sql.model;

import java.util.Optional;

/**
 * One column of a model.
 *
 * @param type GoogleSQL type, e.g. {@code INT64} or {@code ARRAY<STRING>}
 * @param pii class of the personal data that it holds or may hold, e.g. {@code identity}
 */
public record Column(String name, String type, String description, Optional<String> pii) {
  /** BigQuery's limit on a column's description. */
  private static final int MAX_DESCRIPTION = 1024;

  public Column {
    pii = pii == null ? Optional.empty() : pii;
  }

  /** A column without personal data. */
  public Column(String name, String type, String description) {
    this(name, type, description, Optional.empty());
  }

  /** The description as BigQuery is to show it: it tells of personal data, and fits. */
  public String shownDescription() {
    String text = description + pii.map(c -> " Personal data: " + c + ".").orElse("");
    return text.length() > MAX_DESCRIPTION ? text.substring(0, MAX_DESCRIPTION) : text;
  }
}
