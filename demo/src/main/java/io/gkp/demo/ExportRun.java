package io.gkp.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The report of one export, in rows that a person reads. */
record ExportRun(ObjectNode report) {
  private static final List<String> COUNTS =
      List.of("snapshot_rows", "inserts", "updates", "deletes", "rows_loaded");

  TextTable table() {
    List<String> columns = new ArrayList<>(List.of("table"));
    COUNTS.forEach(count -> columns.add(count.replace('_', ' ')));
    columns.add("load jobs");
    List<List<String>> rows = new ArrayList<>();
    for (String table : GkpTables.NAMES) {
      List<String> row = new ArrayList<>(List.of(table));
      COUNTS.forEach(count -> row.add(Console.count(count(table, count))));
      row.add(Console.count(of(table).path("load_jobs").size()));
      rows.add(row);
    }
    return new TextTable(columns, rows);
  }

  long count(String table, String what) {
    return of(table).path(what).asLong();
  }

  boolean caughtUp() {
    return report.path("caught_up").asBoolean();
  }

  String fence() {
    return report.path("fence_lsn").asText();
  }

  String loadJob() {
    return of(GkpTables.QUERY_LOGS).path("load_jobs").path(0).asText();
  }

  private JsonNode of(String table) {
    return report.path("tables").path(table);
  }
}
