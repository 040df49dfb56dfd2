package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.Message;
import com.google.zetasql.ResolvedAggregateFunctionCallProto;
import io.gkp.localbigquery.api.ApiException;
import java.util.Locale;
import java.util.Set;

/** What ZetaSQL allows and BigQuery does not. */
public final class BigQueryRules {
  private static final Set<String> ANALYTIC_ONLY =
      Set.of("ZetaSQL:percentile_cont", "ZetaSQL:percentile_disc");

  private BigQueryRules() {}

  /** Throws {@code invalidQuery}. */
  public static void check(Message statement) {
    for (var call : Trees.all(statement, ResolvedAggregateFunctionCallProto.class)) {
      String function = call.getParent().getParent().getFunction().getName();
      if (ANALYTIC_ONLY.contains(function)) {
        throw ApiException.invalidQuery(
            "Analytic function "
                + function.replace("ZetaSQL:", "").toUpperCase(Locale.ROOT)
                + " cannot be called without an OVER clause");
      }
    }
  }
}
