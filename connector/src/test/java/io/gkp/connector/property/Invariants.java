package io.gkp.connector.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.faults.SourceLog;
import io.gkp.connector.faults.SourceLog.Transaction;
import io.gkp.name.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What must hold whenever nothing runs. */
final class Invariants {
  private static final List<SourceTable> TABLES = List.of(SourceTable.values());

  private final Deployment deployment;
  private final SourceLog log;
  private final List<RawCheck> raw;
  private final List<LatestCheck> latest;
  private final List<HistoryCheck> history;

  Invariants(Deployment deployment, SourceLog log) {
    this.deployment = deployment;
    this.log = log;
    this.raw = TABLES.stream().map(table -> new RawCheck(deployment, table)).toList();
    this.latest = keyed().map(table -> new LatestCheck(deployment, table)).toList();
    this.history = keyed().map(table -> new HistoryCheck(deployment, table)).toList();
  }

  private static Stream<SourceTable> keyed() {
    return TABLES.stream().filter(SourceTable::isKeyed);
  }

  /** After a run that has reached its fence; {@code before} is what had been committed by then. */
  void drained(Lsn before) {
    ControlTables control = new ControlTables(deployment);
    List<Transaction> transactions = log.transactions();
    assertThat(control.lastLsn()).as("everything up to the fence").isGreaterThanOrEqualTo(before);
    history.forEach(check -> check.drained(transactions, control.lastLsn()));
  }

  void modelsRan() {
    latest.forEach(LatestCheck::modelsRan);
  }

  /** Raw tables and latest views. */
  void check() {
    ControlTables control = new ControlTables(deployment);
    List<Transaction> transactions = log.transactions();
    checkLog(transactions);
    if (control.havePosition()) {
      raw.forEach(check -> check.check(control, transactions));
      latest.stream()
          .filter(LatestCheck::isThere)
          .forEach(check -> check.check(control, transactions));
    }
  }

  /** History views, which read all of raw. */
  void checkHistory() {
    ControlTables control = new ControlTables(deployment);
    List<Transaction> transactions = log.transactions();
    history.stream()
        .filter(HistoryCheck::isThere)
        .forEach(check -> check.check(control, transactions));
  }

  /**
   * What the log adds up to is what Postgres holds; so whatever equals the one equals the other.
   */
  private void checkLog(List<Transaction> transactions) {
    for (SourceTable table : TABLES) {
      assertThat(TableState.at(table, transactions, Lsn.parse("FFFFFFFF/FFFFFFFF")).texts())
          .as("%s, by its log", table)
          .isEqualTo(content(table));
    }
  }

  private List<String> content(SourceTable table) {
    List<String> texts = new ArrayList<>();
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM " + table.table())) {
      while (row.next()) {
        Map<String, String> values = new HashMap<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          values.put(row.getMetaData().getColumnName(i), row.getString(i));
        }
        texts.add(Row.ofPostgres(table, values).toString());
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    texts.sort(null);
    return texts;
  }
}
