package io.gkp.sql.render;

import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Partition;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The statement that creates or replaces a model, atomically for its readers. */
public final class Ddl {
  /** The label that {@link #definition} sets. */
  public static final String DEFINITION = "gkp_definition";

  private final Datasets datasets;

  public Ddl(Datasets datasets) {
    this.datasets = datasets;
  }

  /** {@code CREATE OR REPLACE VIEW} or {@code TABLE}, with descriptions. */
  public String createOrReplace(RenderedModel model) {
    return createOrReplace(model, Map.of());
  }

  /**
   * What a view's labels say of its definition. It tells whether the view is as it would be created
   * now, without a look at the view.
   *
   * @param model with nothing folded: where a changelog is folded up to is no part of it
   */
  public Map<String, String> definition(RenderedModel model) {
    return Map.of(DEFINITION, Hash.of(createOrReplace(model)));
  }

  /** The same, with labels. */
  public String createOrReplace(RenderedModel model, Map<String, String> labels) {
    StringBuilder sql = new StringBuilder("CREATE OR REPLACE ");
    sql.append(model.kind()).append(' ').append(datasets.path(model.layer(), model.name()));
    sql.append(
        model.columns().stream()
            .map(column -> "  " + definition(model.kind(), column))
            .collect(Collectors.joining(",\n", " (\n", "\n)\n")));
    if (model.kind() == Kind.TABLE) {
      // Whatever the dataset's default is: keys that differ by case are different keys.
      sql.append("DEFAULT COLLATE ''\n");
    }
    model.layout().partition().ifPresent(partition -> sql.append(partitionBy(model, partition)));
    model
        .layout()
        .cluster()
        .ifPresent(
            cluster ->
                sql.append("CLUSTER BY ")
                    .append(
                        cluster.by().stream()
                            .map(Identifiers::column)
                            .collect(Collectors.joining(", ")))
                    .append('\n'));
    sql.append("OPTIONS (description = ")
        .append(Identifiers.literal(model.description()))
        .append(labelOption(labels))
        .append(")\nAS\n")
        .append(model.query());
    return sql.toString();
  }

  /** For a view of the curated dataset. */
  public String dropView(String name) {
    return "DROP VIEW IF EXISTS " + datasets.path(Layer.CURATED, name);
  }

  private static String labelOption(Map<String, String> labels) {
    return labels.isEmpty()
        ? ""
        : new TreeMap<>(labels)
            .entrySet().stream()
                .map(
                    e ->
                        "(%s, %s)"
                            .formatted(
                                Identifiers.literal(e.getKey()), Identifiers.literal(e.getValue())))
                .collect(Collectors.joining(", ", ", labels = [", "]"));
  }

  private static String definition(Kind kind, Column column) {
    String name = Identifiers.column(column.name());
    String type = kind == Kind.TABLE ? " " + column.type() : "";
    String description = Identifiers.literal(column.shownDescription());
    return name + type + " OPTIONS (description = " + description + ")";
  }

  private static String partitionBy(RenderedModel model, Partition partition) {
    boolean date =
        model.columns().stream()
            .anyMatch(c -> c.name().equals(partition.by()) && c.type().equals("DATE"));
    String by = Identifiers.column(partition.by());
    return "PARTITION BY " + (date ? by : "TIMESTAMP_TRUNC(" + by + ", DAY)") + "\n";
  }
}
