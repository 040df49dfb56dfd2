package io.gkp.connector.bigquery;

import io.gkp.connector.changelog.PartId;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Deterministic job ids.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/JobReference">a job
 *     id</a>: letters, digits, underscores and dashes, at most 1,024
 */
final class JobIds {
  private static final int MAX_TABLE = 300;

  private JobIds() {}

  /**
   * {@code gkp_<lineage>_<n>_<table>_p<part>}, for snapshots {@code
   * gkp_<lineage>_<n>_<run>_<table>_p<part>}; the attempt is appended later.
   */
  static String of(PartId id) {
    return "gkp_"
        + id.lineage()
        + "_"
        + id.batch()
        + "_"
        + (id.snapshotRun().isEmpty() ? "" : id.snapshotRun() + "_")
        + legal(id.table(), MAX_TABLE)
        + "_p"
        + id.part();
  }

  /** {@code gkp_<lineage>_<n>_claim}: who may load batch n. */
  static String claim(String lineage, long batch) {
    return "gkp_" + lineage + "_" + batch + "_claim";
  }

  /** Unchanged where it is legal; otherwise with a checksum, so that no two texts become one. */
  static String legal(String text, int longest) {
    String legal = text.replaceAll("[^A-Za-z0-9_-]", "-");
    if (legal.equals(text) && text.length() <= longest) {
      return text;
    }
    CRC32 checksum = new CRC32();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return legal.substring(0, Math.min(legal.length(), longest - 9))
        + "-"
        + Long.toHexString(checksum.getValue());
  }
}
