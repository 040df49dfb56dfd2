package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.ColumnTypes;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.translate.Sources;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The tables of a statement in DuckDB, in the order of its catalog. */
final class StatementTables implements Sources {
  private final Session session;
  private final Warehouse warehouse;
  private final List<Relation> tables;
  private final Map<Long, String> computed = new HashMap<>();

  StatementTables(Session session, Warehouse warehouse, List<Relation> tables) {
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
    return warehouse.rows(session, relation.reference());
  }

  @Override
  public String column(long table, int column) {
    Relation relation = relation(table);
    TableFieldSchema field = relation.fields().get(column);
    if (field.getCollation() != null && !field.getCollation().isEmpty()) {
      // Comparing by a collation would give other answers than comparing as it is done here.
      throw ApiException.notImplemented("collation (of column " + field.getName() + ")");
    }
    return relation instanceof Relation.Numbered && column == relation.fields().size() - 1
        ? "rowid"
        : ColumnTypes.column(column);
  }

  /** Catalogs number their tables from 1. */
  private Relation relation(long table) {
    return tables.get((int) table - 1);
  }
}
