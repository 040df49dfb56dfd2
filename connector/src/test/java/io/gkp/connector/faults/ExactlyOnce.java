package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares raw tables with their source. */
public final class ExactlyOnce {
  private final Deployment deployment;

  public ExactlyOnce(Deployment deployment) {
    this.deployment = deployment;
  }

  /** Every change is there once, in commit order, with its values and its transaction. */
  void assertHistory(SourceHistory history, String... tables) {
    for (String table : tables) {
      assertThat(changelog(table)).as("changes of %s", table).isEqualTo(history.changes(table));
    }
  }

  /** The stream's rows as {@link SourceHistory#changes} prints them. */
  List<String> changelog(String table) {
    return deployment.raw("raw_" + table).stream()
        .filter(row -> !row.get("_cdc_op").equals("r"))
        .sorted(
            Comparator.comparing((Map<String, Object> row) -> Deployment.number(row, "_cdc_batch"))
                .thenComparing(row -> Deployment.number(row, "_cdc_row")))
        .map(row -> row.get("_cdc_tx_id") + " " + row.get("_cdc_op") + values(row))
        .toList();
  }

  /**
   * The changelog holds the inserts of so many ids from this one on, in that order, and no more.
   */
  public void assertInserts(String table, int from, int count) {
    String all = Integer.toString(count);
    assertThat(
            deployment.query(
                "SELECT COUNT(*), COUNTIF(_cdc_op = 'c' AND id = place + "
                    + (from - 1)
                    + ") FROM (SELECT _cdc_op, id,"
                    + " ROW_NUMBER() OVER (ORDER BY _cdc_epoch, _cdc_batch, _cdc_row) AS place"
                    + " FROM history.raw_"
                    + table
                    + ")"))
        .as("rows of %s, and those that insert the next id", table)
        .containsExactly(List.of(all, all));
  }

  /** No two rows share a place in the order. */
  void assertPlacesUnique(String... tables) {
    for (String table : tables) {
      List<Map<String, Object>> rows = deployment.raw("raw_" + table);
      assertThat(rows)
          .extracting(
              row ->
                  row.get("_cdc_epoch") + "/" + row.get("_cdc_batch") + "/" + row.get("_cdc_row"))
          .doesNotHaveDuplicates();
    }
  }

  /** The newest epoch, replayed, gives what the source table holds now. */
  void assertState(String table, String... key) {
    List<Map<String, Object>> rows = deployment.raw("raw_" + table);
    long epoch =
        rows.stream().mapToLong(row -> Deployment.number(row, "_cdc_epoch")).max().orElse(0);
    Map<String, String> state = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      if (Deployment.number(row, "_cdc_epoch") == epoch) {
        String id = Stream.of(key).map(row::get).map(String::valueOf).toList().toString();
        switch ((String) row.get("_cdc_op")) {
          case "t" -> state.clear();
          case "d" -> state.remove(id);
          default -> state.put(id, values(row));
        }
      }
    }
    assertThat(state.values().stream().sorted().toList())
        .as("state of %s", table)
        .isEqualTo(source(table));
  }

  private static String values(Map<String, Object> row) {
    StringBuilder text = new StringBuilder();
    row.forEach(
        (name, value) -> {
          if (!name.startsWith("_cdc_")) {
            text.append(' ').append(name).append('=').append(value);
          }
        });
    return text.toString();
  }

  private List<String> source(String table) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
      while (row.next()) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          if (row.getString(i) != null) {
            text.append(' ')
                .append(row.getMetaData().getColumnName(i))
                .append('=')
                .append(row.getString(i));
          }
        }
        rows.add(text.toString());
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    rows.sort(null);
    return rows;
  }
}
