package io.gkp.sql.render;

import static java.util.Objects.requireNonNull;

import io.gkp.sql.model.Check;
import io.gkp.sql.model.Check.AcceptedValues;
import io.gkp.sql.model.Check.Fresh;
import io.gkp.sql.model.Check.References;
import io.gkp.sql.model.Layer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The query of a model's checks: how many rows, or groups of rows, break each rule. */
public final class CheckQueries {
  private final Datasets datasets;
  private final Function<String, Layer> layers;

  public CheckQueries(Datasets datasets, Function<String, Layer> layers) {
    this.datasets = datasets;
    this.layers = layers;
  }

  /** One query for all checks of a model, so that BigQuery bills a scan for each column once. */
  public String failures(RenderedModel model) {
    return model.checks().stream()
        .map(
            check ->
                "SELECT %s AS name, (%s) AS failures"
                    .formatted(Identifiers.literal(check.name()), failures(model, check)))
        .collect(Collectors.joining("\nUNION ALL\n"));
  }

  private String failures(RenderedModel model, Check check) {
    String from = "FROM " + datasets.path(model.layer(), model.name());
    if (check.unique() != null) {
      return "SELECT COUNT(*) FROM (SELECT 1 %s%s GROUP BY %s HAVING COUNT(*) > 1)"
          .formatted(from, held(model, check.unique()), columns(check.unique()));
    }
    if (check.fresh() != null) {
      return "SELECT IF(MAX(%s) >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL %s), 0, 1) %s"
          .formatted(Identifiers.column(check.fresh().column()), interval(check.fresh()), from);
    }
    if (check.references() != null) {
      return references(from, check.references());
    }
    return "SELECT COUNTIF((%s) IS NOT TRUE) %s".formatted(condition(check), from);
  }

  /** Values that BigQuery cannot hold are NULL, and tell no rows apart. */
  private static String held(RenderedModel model, List<String> columns) {
    boolean maySay = model.columns().stream().anyMatch(c -> c.name().equals("_cdc_lossy"));
    return maySay
        ? " WHERE NOT EXISTS (SELECT 1 FROM UNNEST(_cdc_lossy) AS lossy WHERE lossy.column IN (%s))"
            .formatted(columns.stream().map(Identifiers::literal).collect(Collectors.joining(", ")))
        : "";
  }

  private static String condition(Check check) {
    if (check.notNull() != null) {
      return check.notNull().stream()
          .map(c -> Identifiers.column(c) + " IS NOT NULL")
          .collect(Collectors.joining(" AND "));
    }
    if (check.acceptedValues() != null) {
      AcceptedValues accepted = check.acceptedValues();
      String column = Identifiers.column(accepted.column());
      String values =
          accepted.values().stream().map(Identifiers::literal).collect(Collectors.joining(", "));
      return "%s IS NULL OR %s IN (%s)".formatted(column, column, values);
    }
    return requireNonNull(check.holds());
  }

  private String references(String from, References references) {
    String column = Identifiers.column(references.column());
    return "SELECT COUNT(*) %s WHERE %s IS NOT NULL AND %s NOT IN (SELECT %s FROM %s WHERE %s IS NOT NULL)"
        .formatted(
            from,
            column,
            column,
            Identifiers.column(references.key()),
            datasets.path(layers.apply(references.to()), references.to()),
            Identifiers.column(references.key()));
  }

  /** From our own files, but it stands in SQL unquoted: let nothing else through. */
  private static String interval(Fresh fresh) {
    if (!fresh.within().matches("[0-9]+ (MINUTE|HOUR|DAY)")) {
      throw new IllegalArgumentException("not an interval: " + fresh.within());
    }
    return fresh.within();
  }

  private static String columns(List<String> names) {
    return names.stream().map(Identifiers::column).collect(Collectors.joining(", "));
  }
}
