package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.Message;
import com.google.zetasql.ResolvedAggregateFunctionCallProto;
import com.google.zetasql.ResolvedFunctionCallBaseProto;
import io.gkp.localbigquery.api.ApiException;
import java.util.Locale;
import java.util.Set;

/** What ZetaSQL allows and BigQuery does not. */
public final class BigQueryRules {
  private static final Set<String> ANALYTIC_ONLY =
      Set.of("ZetaSQL:percentile_cont", "ZetaSQL:percentile_disc");

  private BigQueryRules() {}

  /** Functions of GoogleSQL that BigQuery has not: handling of errors, lambdas and others. */
  private static final Set<String> ABSENT =
      Set.of(
          "ZetaSQL:iferror",
          "ZetaSQL:iserror",
          "ZetaSQL:nulliferror",
          "ZetaSQL:is_first",
          "ZetaSQL:is_last",
          "ZetaSQL:regexp_extract_groups",
          "ZetaSQL:array_filter",
          "ZetaSQL:array_transform",
          "ZetaSQL:array_includes",
          "ZetaSQL:array_includes_any",
          "ZetaSQL:array_includes_all",
          "ZetaSQL:array_find",
          "ZetaSQL:array_find_all",
          "ZetaSQL:array_offset",
          "ZetaSQL:array_offsets");

  /** Throws {@code invalidQuery}. */
  public static void check(Message statement) {
    for (var call : Trees.all(statement, ResolvedFunctionCallBaseProto.class)) {
      String function = call.getFunction().getName();
      if (ABSENT.contains(function)) {
        throw ApiException.invalidQuery(
            "Function not found: " + function.replace("ZetaSQL:", "").toUpperCase(Locale.ROOT));
      }
    }
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
