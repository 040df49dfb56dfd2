package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.JobConfigurationQuery;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.statement.StatementResult;

/**
 * What the service charges a query for: whole MB, and 10 MB at least of each table it reads.
 *
 * @see <a href="https://cloud.google.com/bigquery/pricing#on_demand_pricing">On-demand pricing</a>
 */
final class BytesBilled {
  private static final long MB = 1 << 20;
  private static final long LEAST = 10 * MB;

  private BytesBilled() {}

  static long of(StatementResult result) {
    long bytes = result.bytesProcessed();
    return bytes == 0
        ? 0
        : Math.max(
            (bytes + MB - 1) / MB * MB, LEAST * Math.max(1, result.referencedTables().size()));
  }

  /** Throws {@code bytesBilledLimitExceeded} (400) where the query allows less. */
  static void check(JobConfigurationQuery query, StatementResult plan) {
    Long limit = query.getMaximumBytesBilled();
    if (limit != null && of(plan) > limit) {
      throw new ApiException(
          400,
          "bytesBilledLimitExceeded",
          "Query exceeded limit for bytes billed: %d. %d or higher required."
              .formatted(limit, of(plan)));
    }
  }
}
