package io.gkp.serve.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SQL models as they are in the warehouse; {@code GET /api/models}.
 *
 * @param checks null where they were not asked for
 */
public record ModelsReport(List<Entry> models, @Nullable List<Check> checks) {
  /**
   * A raw table or a model, after everything that it reads.
   *
   * @param kind {@code source}, {@code view} or {@code table}
   * @param exists whether it is there
   * @param modifiedAt of the table, or when the view was made; null where it is not there
   * @param rows null for a view
   */
  public record Entry(
      String name,
      String layer,
      String kind,
      List<String> reads,
      String description,
      boolean exists,
      @Nullable String modifiedAt,
      @Nullable Long rows,
      @Nullable Long bytes) {}

  /**
   * One check of the data.
   *
   * @param severity {@code fail} or {@code warn}
   * @param failures rows, or groups of rows, that break the rule
   */
  public record Check(
      String model, String check, String severity, long failures, @Nullable String reason) {}
}
