package io.gkp.connector.changelog;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;

/** What an earlier run had loaded of a batch is not what this server's history has there. */
final class OtherHistory {
  private OtherHistory() {}

  /**
   * @param found what was found, as a sentence without its end
   */
  static ExportException failure(long batch, String found) {
    return new ExportException(
        Failure.LEDGER_AHEAD,
        """
        Batch %s was loaded in part by an earlier run, but %s: Postgres was restored or \
        failed over to, or is another server."""
            .formatted(batch, found),
        "Check that --source-url leads to the right server; then run offsets reset --all --yes to"
            + " take new snapshots.");
  }
}
