package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.PseudoColumns;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.ColumnTypes;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.translate.Sources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables of a statement in DuckDB, in the order of its catalog. */
public final class StatementTables implements Sources {
  private final Session session;
  private final Warehouse warehouse;
  private final List<Relation> tables;
  private final Map<Long, String> computed = new HashMap<>();

  public StatementTables(Session session, Warehouse warehouse, List<Relation> tables) {
    this.session = session;
    this.warehouse = warehouse;
    this.tables = tables;
  }

  @Override
  public String from(long table) {
    Relation relation = relation(table);
    if (relation instanceof Relation.Computed view) {
      return computed.computeIfAbsent(
          table,
          number -> {
            Iterator<Object[]> rows = view.rows().get().iterator();
            return "(" + warehouse.stage(session, Column.of(view.fields()), rows).query() + ")";
          });
    }
    if (relation instanceof Relation.Wildcard wildcard) {
      return wildcard.tables().stream()
          .map(one -> select(wildcard, one))
          .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }
    return warehouse.rows(session, relation.reference());
  }

  /** The rows of one of the tables, under the columns of all. */
  private String select(Relation.Wildcard wildcard, Table table) {
    List<Column> own = Column.of(table.getSchema());
    List<Column> wanted = Column.of(wildcard.fields());
    List<String> items = new ArrayList<>();
    for (int i = 0; i < wanted.size() - 1; i++) {
      Column column = wanted.get(i);
      int position = Column.indexOf(own, column.name());
      if (position >= 0 && !ColumnTypes.of(own.get(position)).equals(ColumnTypes.of(column))) {
        throw ApiException.invalidQuery(
            "Cannot read field of type "
                + own.get(position).type()
                + " as "
                + column.type()
                + " Field: "
                + column.name());
      }
      items.add(
          (position < 0 ? ColumnTypes.absent(column) : ColumnTypes.column(position))
              + " AS "
              + ColumnTypes.column(i));
    }
    String suffix = wildcard.suffix(table).replace("'", "''");
    items.add("'" + suffix + "' AS " + ColumnTypes.column(wanted.size() - 1));
    return "SELECT "
        + String.join(", ", items)
        + " FROM "
        + warehouse.rows(session, table.getTableReference());
  }

  @Override
  public String column(long table, int column) {
    Relation relation = relation(table);
    TableFieldSchema field = relation.columns().get(column);
    if (field.getCollation() != null && !field.getCollation().isEmpty()) {
      // Comparing by a collation would give other answers than comparing as it is done here.
      throw ApiException.notImplemented("collation (of column " + field.getName() + ")");
    }
    return relation instanceof Relation.Numbered && column == relation.fields().size() - 1
        ? "rowid"
        : PseudoColumns.sql(field.getName()).orElse(ColumnTypes.column(column));
  }

  /** Catalogs number their tables from 1. */
  private Relation relation(long table) {
    return tables.get((int) table - 1);
  }
}
