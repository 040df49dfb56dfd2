package io.gkp.connector.config;

/** How rows travel to BigQuery. */
public enum Compression {
  /** A quarter of the bytes, for some microseconds of CPU a row. */
  GZIP,
  /** Where the network is faster than gzip is; BigQuery reads such files in parallel. */
  NONE;

  static Compression parse(String text) {
    return Choice.parse(Compression.class, text);
  }

  /** As it is configured, such as {@code gzip}. */
  public String text() {
    return Choice.text(this);
  }
}
