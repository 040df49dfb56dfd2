package io.gkp.sql.model;

import java.util.List;

/**
 * Clustering, at most four columns (BigQuery's limit).
 *
 * @param reason what it saves, and for whom
 */
public record Cluster(List<String> by, String reason) {
  /** BigQuery's limit on clustering columns. */
  public static final int MAX_COLUMNS = 4;
}
