package io.gkp.localbigquery.sql.statement;

import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;

/** Queries whose columns take the types of those that their rows go to, as the analyzer does it. */
public final class Coercion {
  private Coercion() {}

  /** The query with columns {@code _0}, {@code _1} ... of these types. */
  public static String of(String query, List<TypeProto> types) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add("CAST(NULL AS " + SqlTypes.sql(types.get(i)) + ") AS _" + i);
    }
    return "SELECT %s FROM (SELECT 1) WHERE FALSE UNION ALL (\n%s\n)"
        .formatted(String.join(", ", columns), query);
  }
}
