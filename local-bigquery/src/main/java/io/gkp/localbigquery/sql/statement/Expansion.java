package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedTableScanProto;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A statement whose views are replaced by their queries, with a slot wherever it reads a table.
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
   * A table in FROM.
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
    return relation instanceof Relation.Numbered ? key + "#" : key;
  }

  /** The tables read, each once, views not counted. */
  public Map<String, Relation> tables() {
    Map<String, Relation> tables = new LinkedHashMap<>();
    for (Part part : parts) {
      if (part instanceof Slot slot) {
        tables.putIfAbsent(key(slot.table()), slot.table());
      }
    }
    functions.tables().forEach(tables::putIfAbsent);
    return tables;
  }

  /** The statement over the names of {@link #tables()}. */
  public String sql() {
    return render(table -> SqlTypes.quote(key(table)));
  }

  /** The statement with something that yields each table's rows in its place. */
  String render(Function<Relation, String> from) {
    return parts.stream()
        .map(
            part -> {
              if (part instanceof Slot slot) {
                String table = from.apply(slot.table());
                return slot.alias() == null ? table : table + " AS " + SqlTypes.quote(slot.alias());
              }
              return ((Text) part).sql();
            })
        .collect(Collectors.joining());
  }
}
