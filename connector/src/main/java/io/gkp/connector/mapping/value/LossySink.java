package io.gkp.connector.mapping.value;

/** Takes the values of a row that BigQuery cannot hold. */
@FunctionalInterface
public interface LossySink {
  /**
   * Called once for each value that was written as NULL.
   *
   * @param column the BigQuery field's name
   * @param text the value as Postgres prints it; null when SQL NULL itself is what would be lost
   * @param reason why BigQuery cannot hold it
   */
  void add(String column, String text, LossyReason reason);
}
