package io.gkp.demo.question;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.connector.cli.text.TextTable;
import io.gkp.demo.workload.Json;
import java.util.List;

/** What BigQuery answered: every value as text, {@code NULL} for null. */
public record Answer(Question question, List<String> columns, List<List<String>> rows) {
  public TextTable table() {
    return new TextTable(columns, rows);
  }

  public ObjectNode json() {
    ObjectNode node = Json.object().put("question", question.words()).put("sql", question.sql());
    columns.forEach(node.putArray("columns")::add);
    ArrayNode values = node.putArray("rows");
    rows.forEach(row -> row.forEach(values.addArray()::add));
    return node;
  }
}
