package io.gkp.connector.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.faults.SourceLog.Transaction;
import io.gkp.connector.property.WarehouseTable.Change;
import io.gkp.name.Lsn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A raw table holds every change once, in commit order, in the epoch that was streamed into; each
 * snapshot is the table as it was at one moment; and what is there stays as it is.
 */
final class RawCheck {
  private final Deployment deployment;
  private final SourceTable table;
  private Map<String, String> seen = Map.of();

  RawCheck(Deployment deployment, SourceTable table) {
    this.deployment = deployment;
    this.table = table;
  }

  void check(ControlTables control, List<Transaction> transactions) {
    String name = "raw_" + table.table();
    if (!WarehouseTable.exists(deployment, name)) {
      return;
    }
    List<Change> rows = WarehouseTable.list(deployment, name).rows();
    List<Change> stream =
        rows.stream()
            .filter(row -> !row.text("_cdc_op").equals("r"))
            .sorted(
                Comparator.comparingLong((Change row) -> row.number("_cdc_batch"))
                    .thenComparingLong(row -> row.number("_cdc_row")))
            .toList();
    checkStream(control, transactions, stream);
    checkSnapshots(control, transactions, rows);
    keep(control, rows);
  }

  private void checkStream(
      ControlTables control, List<Transaction> transactions, List<Change> stream) {
    List<String> committed = history(transactions, control.start(), control.lastLsn());
    List<String> all = history(transactions, control.start(), Lsn.parse("FFFFFFFF/FFFFFFFF"));
    List<String> changes = new ArrayList<>();
    List<String> published = new ArrayList<>();
    for (Change row : stream) {
      String text = row.number("_cdc_tx_id") + " " + row.text("_cdc_op") + " " + row.row();
      changes.add(text);
      if (row.number("_cdc_batch") <= control.lastBatch()) {
        published.add(text);
      }
    }
    assertThat(published).as("changes of %s up to the checkpoint", table).isEqualTo(committed);
    assertThat(changes)
        .as("changes of %s, begun batches included", table)
        .isEqualTo(all.subList(0, Math.min(all.size(), changes.size())));
  }

  private List<String> history(List<Transaction> transactions, Lsn start, Lsn end) {
    List<String> history = new ArrayList<>();
    for (Transaction transaction : transactions) {
      if (transaction.end().isAfter(start) && !transaction.end().isAfter(end)) {
        transaction.changes().stream()
            .filter(change -> change.table().equals(table.table()))
            .flatMap(change -> change.events().stream())
            .forEach(
                change ->
                    history.add(
                        transaction.xid()
                            + " "
                            + change.op().letter()
                            + " "
                            + Row.of(table, change)));
      }
    }
    return history;
  }

  private void checkSnapshots(
      ControlTables control, List<Transaction> transactions, List<Change> rows) {
    control
        .snapshots(table)
        .forEach(
            (epoch, batch) -> {
              List<Change> read =
                  rows.stream()
                      .filter(
                          row ->
                              row.text("_cdc_op").equals("r")
                                  && row.number("_cdc_epoch") == epoch
                                  && row.number("_cdc_batch") == batch)
                      .toList();
              if (read.stream().noneMatch(row -> seen.containsKey(place(row)))) {
                assertThat(read.stream().map(row -> row.row().toString()).sorted().toList())
                    .as("snapshot of %s in epoch %d", table, epoch)
                    .isIn(
                        TableState.since(table, transactions, control.lsn(batch)).stream()
                            .map(TableState::texts)
                            .toList());
              }
            });
  }

  /** Compares with what was there before, and the new rows with what is streamed into. */
  private void keep(ControlTables control, List<Change> rows) {
    Map<String, String> now = new HashMap<>();
    Set<String> places = new HashSet<>();
    for (Change row : rows) {
      String place = place(row);
      assertThat(places.add(place)).as("%s: two rows at %s", table, place).isTrue();
      now.put(place, row.row().toString());
      if (!seen.containsKey(place) && !row.text("_cdc_op").equals("r")) {
        assertThat(row.number("_cdc_epoch"))
            .as("%s: epoch of the change at %s", table, place)
            .isEqualTo(control.streamEpoch(table, row.number("_cdc_batch")));
      }
    }
    assertThat(now).as("%s: rows that were there before", table).containsAllEntriesOf(seen);
    seen = now;
  }

  private static String place(Change row) {
    return row.number("_cdc_epoch") + "/" + row.number("_cdc_batch") + "/" + row.number("_cdc_row");
  }
}
