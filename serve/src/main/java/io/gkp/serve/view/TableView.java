package io.gkp.serve.view;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.History;
import io.gkp.name.TableName;
import io.gkp.raw.RawNames;
import io.gkp.serve.backend.Backend;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.util.List;
import java.util.Optional;

/** Reads what there is to say of one table. */
public final class TableView {
  private static final int MOST_EVENTS = 500;

  private final Backend backend;

  public TableView(Backend backend) {
    this.backend = backend;
  }

  /**
   * @param name a captured table's
   */
  public TableDetail of(BothSides sides, String name) {
    TableName table = TableName.parse(name);
    String raw = RawNames.raw(table.schema(), table.table());
    BigQuery client = BigQueryClients.create(backend.config().destination());
    Optional<RawTable> there = new Warehouse(client, backend.models().datasets()).rawTable(raw);
    return new TableDetail(
        name,
        raw,
        there.map(TableView::columns).orElse(List.of()),
        backend.config().source().protection().excluded().stream()
            .filter(column -> column.table().equals(table))
            .map(column -> column.column())
            .sorted()
            .toList(),
        new History(sides)
            .newest(MOST_EVENTS).stream()
                .filter(event -> name.equals(event.table()) && !event.what().equals("run"))
                .toList());
  }

  private static List<TableDetail.Column> columns(RawTable table) {
    return table.columns().stream()
        .map(
            column ->
                new TableDetail.Column(
                    column.name(),
                    column.type(),
                    column.description(),
                    table.key().contains(column.name())))
        .toList();
  }
}
