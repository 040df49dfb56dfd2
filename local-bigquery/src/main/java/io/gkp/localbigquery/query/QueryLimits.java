package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.JobConfigurationQuery;
import io.gkp.localbigquery.api.ApiException;
import java.util.Locale;

/** Names what the real service's query jobs can do and these cannot. */
final class QueryLimits {
  private static final String STANDARD_SQL = "#standardsql";

  private QueryLimits() {}

  static void check(JobConfigurationQuery query) {
    if (query.getQuery() == null || query.getQuery().isBlank()) {
      throw new ApiException(400, "required", "Required parameter is missing: query", "query");
    }
    boolean says = query.getQuery().strip().toLowerCase(Locale.ROOT).startsWith(STANDARD_SQL);
    if (!says && !Boolean.FALSE.equals(query.getUseLegacySql())) {
      throw ApiException.notImplemented(
          "legacy SQL, which the API takes unless told otherwise: set useLegacySql to false (bq:"
              + " --use_legacy_sql=false)");
    }
    if (query.getTableDefinitions() != null && !query.getTableDefinitions().isEmpty()) {
      throw ApiException.notImplemented("queries of external data");
    }
    if (query.getUserDefinedFunctionResources() != null
        && !query.getUserDefinedFunctionResources().isEmpty()) {
      throw ApiException.notImplemented("user-defined functions from files");
    }
    if (query.getConnectionProperties() != null
        && query.getConnectionProperties().stream()
            .anyMatch(p -> "time_zone".equals(p.getKey()) && !"UTC".equals(p.getValue()))) {
      throw ApiException.notImplemented("another time zone than UTC");
    }
    if (Boolean.TRUE.equals(query.getContinuous())) {
      throw ApiException.notImplemented("continuous queries");
    }
  }
}
