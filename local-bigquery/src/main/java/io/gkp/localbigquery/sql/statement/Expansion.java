package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedTableScanProto;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A statement with a slot wherever it reads a table or a view.
 *
 * @param statement as analyzed before the replacement
 * @param parts in order
 * @param referenced tables and views read, each once
 * @param named everything that the statement itself names, by the analyzer's name for it
 * @param functions of users, which the statement and its views may call
 */
public record Expansion(
    Message statement,
    List<Part> parts,
    Map<String, TableReference> referenced,
    Map<String, Relation> named,
    CalledFunctions functions) {
  /** The table that the statement changes; {@code null} where it changes none. */
  Relation target() {
    Message scan = Trees.child(statement, "table_scan");
    return scan instanceof ResolvedTableScanProto target
        ? named.get(target.getTable().getName())
        : null;
  }

  /** A piece of the statement. */
  sealed interface Part {}

  /** Text that is passed as it is. */
  record Text(String sql) implements Part {}

  /**
   * A table or view in FROM.
   *
   * @param alias by which the rest of the statement knows it; {@code null} where the text goes on
   *     with an alias of its own
   */
  record Slot(Relation table, String alias) implements Part {}

  /** Name of a table in the catalogs for expanded statements. */
  static String key(TableReference table) {
    return "_" + TableName.display(table).replace('`', '_');
  }

  static String key(Relation relation) {
    String key = key(relation.reference());
    if (relation instanceof Relation.View view && view.hidesRows()) {
      return key + "?";
    }
    return relation instanceof Relation.Numbered ? key + "#" : key;
  }

  /** The tables read, each once, those of its views among them; views not counted. */
  public Map<String, Relation> tables() {
    Map<String, Relation> tables = new LinkedHashMap<>();
    collect(parts, tables, new LinkedHashMap<>());
    functions.tables().forEach(tables::putIfAbsent);
    return tables;
  }

  /** The statement over the names of {@link #tables()}. */
  public String sql() {
    return sql(parts);
  }

  /** What the parts make, with each view that they read as a CTE before it. */
  static String sql(List<Part> parts) {
    Map<String, Relation.View> views = new LinkedHashMap<>();
    collect(parts, new LinkedHashMap<>(), views);
    List<String> queries = new ArrayList<>();
    views.forEach((key, view) -> queries.add(SqlTypes.quote(key) + " AS " + view.query()));
    return CommonTables.before(text(parts), queries);
  }

  /** Adds what the parts read, by its key: a view after those that it reads. */
  private static void collect(
      List<Part> parts, Map<String, Relation> tables, Map<String, Relation.View> views) {
    for (Part part : parts) {
      if (part instanceof Slot slot) {
        String key = key(slot.table());
        if (!(slot.table() instanceof Relation.View view)) {
          tables.putIfAbsent(key, slot.table());
        } else if (!views.containsKey(key)) {
          collect(view.body().parts(), tables, views);
          views.put(key, view);
        }
      }
    }
  }

  /** The parts with the keys of tables and views in their places. */
  static String text(List<Part> parts) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Slot slot) {
        text.append(SqlTypes.quote(key(slot.table())));
        if (slot.alias() != null) {
          text.append(" AS ").append(SqlTypes.quote(slot.alias()));
        }
      } else {
        text.append(((Text) part).sql());
      }
    }
    return text.toString();
  }
}
