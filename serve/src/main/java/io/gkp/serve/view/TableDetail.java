package io.gkp.serve.view;

import io.gkp.connector.operations.HistoryEvent;
import java.util.List;

/**
 * One captured table.
 *
 * @param excluded columns that are not exported, by configuration
 * @param history newest first
 */
public record TableDetail(
    String name,
    String rawTable,
    List<Column> columns,
    List<String> excluded,
    List<HistoryEvent> history) {
  /**
   * A column of the raw table.
   *
   * @param description what it is in Postgres, and how its values are protected
   */
  public record Column(String name, String type, String description, boolean isKey) {}
}
