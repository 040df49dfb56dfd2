package io.gkp.sql.model;

import java.util.Optional;

/** How BigQuery keeps a table's rows; a view has none of it. */
public record Layout(Optional<Partition> partition, Optional<Cluster> cluster) {
  public static final Layout NONE = new Layout(Optional.empty(), Optional.empty());

  /** Clustered and not partitioned. */
  public static Layout of(Optional<Cluster> cluster) {
    return new Layout(Optional.empty(), cluster);
  }
}
