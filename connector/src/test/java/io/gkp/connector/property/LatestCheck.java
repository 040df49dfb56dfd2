package io.gkp.connector.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.faults.SourceLog.Transaction;
import io.gkp.connector.property.WarehouseTable.Change;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A latest view is the table as it was at the last published batch, column by column. */
final class LatestCheck {
  private final Deployment deployment;
  private final SourceTable table;

  /** The columns that the view must have: those of the raw table when the models ran last. */
  private Set<String> columns = Set.of();

  LatestCheck(Deployment deployment, SourceTable table) {
    this.deployment = deployment;
    this.table = table;
  }

  private String name() {
    return "latest_" + table.table();
  }

  boolean isThere() {
    return WarehouseTable.exists(deployment, name());
  }

  /** To be called after a run of the models. */
  void modelsRan() {
    columns = WarehouseTable.list(deployment, "raw_" + table.table()).columns();
  }

  void check(ControlTables control, List<Transaction> transactions) {
    WarehouseTable view = WarehouseTable.query(deployment, name());
    assertThat(view.columns()).as("columns of %s", name()).containsAll(columns);
    assertThat(byKey(view)).as(name()).isEqualTo(expected(control, transactions, view.columns()));
  }

  private Map<String, Row> expected(
      ControlTables control, List<Transaction> transactions, Set<String> seen) {
    Map<String, Row> expected = new TreeMap<>();
    if (control.visibleEpoch(table).isPresent()) {
      TableState.at(table, transactions, control.lsn(control.visibleBatch(table)))
          .byKey()
          .forEach((key, row) -> expected.put(key, row.only(seen)));
    }
    return expected;
  }

  private Map<String, Row> byKey(WarehouseTable view) {
    Map<String, Row> rows = new TreeMap<>();
    for (Change change : view.rows()) {
      assertThat(rows.put(change.row().key(table), change.row()))
          .as("%s has one row per key", name())
          .isNull();
    }
    return rows;
  }
}
