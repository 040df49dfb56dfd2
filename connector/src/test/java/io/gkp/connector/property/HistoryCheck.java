package io.gkp.connector.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.faults.SourceLog.Transaction;
import io.gkp.connector.property.WarehouseTable.Change;
import io.gkp.name.Lsn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A history view holds each row's versions, none beside another, and the table as it was when a run
 * drained.
 */
final class HistoryCheck {
  private final Deployment deployment;
  private final SourceTable table;

  /** What the table held at the fences of drained runs. */
  private final List<Drained> fences = new ArrayList<>();

  HistoryCheck(Deployment deployment, SourceTable table) {
    this.deployment = deployment;
    this.table = table;
  }

  private String name() {
    return "history_" + table.table();
  }

  boolean isThere() {
    return WarehouseTable.exists(deployment, name());
  }

  /** A run has drained to a fence; nobody else changes the table now. */
  void drained(List<Transaction> transactions, Lsn fence) {
    fences.add(
        new Drained(fence, Instant.now(), TableState.at(table, transactions, fence).byKey()));
  }

  /** A fence and what lay before it, shown by the history until the first change behind it. */
  private record Drained(Lsn fence, Instant at, Map<String, Row> rows) {
    long shownAt(List<Transaction> transactions) {
      Instant until =
          transactions.stream()
              .filter(transaction -> transaction.end().isAfter(fence))
              .map(transaction -> transaction.committedAt().minus(1, ChronoUnit.MICROS))
              .min(Instant::compareTo)
              .filter(before -> before.isBefore(at))
              .orElse(at);
      return ChronoUnit.MICROS.between(Instant.EPOCH, until);
    }
  }

  void check(ControlTables control, List<Transaction> transactions) {
    WarehouseTable view = WarehouseTable.query(deployment, name());
    checkVersions(view);
    for (Drained fence : fences) {
      assertThat(asOf(view, fence.shownAt(transactions)))
          .as("%s as of the fence %s", name(), fence)
          .isEqualTo(only(fence.rows(), view.columns()));
    }
    if (control.visibleEpoch(table).isPresent()) {
      assertThat(asOf(view, Long.MAX_VALUE))
          .as("open versions of %s", name())
          .isEqualTo(
              only(
                  TableState.at(table, transactions, control.lsn(control.visibleBatch(table)))
                      .byKey(),
                  view.columns()));
    }
  }

  private Map<String, Row> asOf(WarehouseTable view, long time) {
    Map<String, Row> rows = new TreeMap<>();
    for (Change version : view.rows()) {
      Long to = version.time("valid_to");
      if (version.time("valid_from") <= time && (to == null || to > time)) {
        assertThat(rows.put(version.row().key(table), version.row()))
            .as("versions of %s at %s", name(), version.row().key(table))
            .isNull();
      }
    }
    return rows;
  }

  private void checkVersions(WarehouseTable view) {
    Map<String, List<Change>> byKey = new TreeMap<>();
    for (Change version : view.rows()) {
      byKey.computeIfAbsent(version.row().key(table), key -> new ArrayList<>()).add(version);
    }
    byKey.forEach(
        (key, versions) -> {
          versions.sort(
              Comparator.comparingLong((Change version) -> version.number("_cdc_epoch"))
                  .thenComparingLong(version -> version.number("_cdc_batch"))
                  .thenComparingLong(version -> version.number("_cdc_row")));
          for (int i = 0; i < versions.size(); i++) {
            Long to = versions.get(i).time("valid_to");
            if (i + 1 < versions.size()) {
              assertThat(to)
                  .as("%s: end of version %d of %s", name(), i, key)
                  .isNotNull()
                  .isLessThanOrEqualTo(versions.get(i + 1).time("valid_from"));
            }
            if (to != null) {
              assertThat(versions.get(i).time("valid_from"))
                  .as("%s: beginning of version %d of %s", name(), i, key)
                  .isLessThanOrEqualTo(to);
            }
          }
        });
  }

  private static Map<String, Row> only(Map<String, Row> rows, Set<String> columns) {
    Map<String, Row> filtered = new TreeMap<>();
    rows.forEach((key, row) -> filtered.put(key, row.only(columns)));
    return filtered;
  }
}
