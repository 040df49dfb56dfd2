package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.RowAccessPolicy;
import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.api.ApiJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Row access policies of a table, which are kept with its metadata. A table that has some shows a
 * caller the rows that one of those lets through that are granted to the caller.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/row-level-security-intro">row-level
 *     security</a>
 */
public final class RowAccess {
  private static final String KEY = "rowAccessPolicies";

  /** Every caller's name, as {@code SESSION_USER()} has it, and what else it is part of. */
  private static final Set<String> CALLER =
      Set.of(
          "user:local@localhost",
          "serviceaccount:local@localhost",
          "domain:localhost",
          "allauthenticatedusers",
          "allusers");

  private RowAccess() {}

  public static List<RowAccessPolicy> of(Table table) {
    List<RowAccessPolicy> policies = new ArrayList<>();
    if (table.get(KEY) instanceof List<?> kept) {
      kept.forEach(
          policy -> policies.add(ApiJson.read(ApiJson.write(policy), RowAccessPolicy.class)));
    }
    return policies;
  }

  public static void set(Table table, List<RowAccessPolicy> policies) {
    if (policies.isEmpty()) {
      table.remove(KEY);
    } else {
      table.set(KEY, policies);
    }
  }

  public static boolean isGranted(RowAccessPolicy policy) {
    return policy.getGrantees() != null
        && policy.getGrantees().stream()
            .anyMatch(grantee -> CALLER.contains(grantee.toLowerCase(java.util.Locale.ROOT)));
  }
}
