package io.gkp.connector.mapping.value;

import io.gkp.connector.wire.Tuple;

/**
 * Turns one value's Postgres text into the JSON that a BigQuery load job reads for a field's type.
 * Stateless, so shared by all columns and threads.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json#details_of_loading_json_data">BigQuery:
 *     loading JSON data</a>
 */
public interface ValueEncoder {
  /**
   * Checks the text and brings it to the form that {@link #write} takes.
   *
   * @throws Unrepresentable when the field cannot hold the value unchanged
   */
  String encode(String text) throws Unrepresentable;

  /** Writes what {@link #encode} returned as one JSON value. */
  default void write(String encoded, JsonLine out) {
    out.string(encoded);
  }

  /**
   * Writes a value from the bytes that came, where that gives what {@link #encode} and {@link
   * #write} give.
   *
   * @return false where it does not; then what it has written is of no use
   */
  default boolean writeBytes(Tuple row, int i, JsonLine out) {
    return false;
  }
}
