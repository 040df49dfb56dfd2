package io.gkp.sql.render;

import static java.util.Objects.requireNonNull;

import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Model;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Renders a model of the catalog: every {@code {{name}}} becomes a quoted path. */
public final class ModelRenderer {
  private final Datasets datasets;
  private final Function<String, Layer> layers;

  /**
   * @param layers tells the layer of a model or raw table that a query names
   */
  public ModelRenderer(Datasets datasets, Function<String, Layer> layers) {
    this.datasets = datasets;
    this.layers = layers;
  }

  /**
   * @param absent models that it could read and that are not there
   */
  public RenderedModel render(Model model, List<Model> absent) {
    Map<String, String> paths = new HashMap<>();
    Set<String> reads = new LinkedHashSet<>(model.references());
    for (String name : model.references()) {
      paths.put(name, datasets.path(layers.apply(name), name));
    }
    for (Model other : absent) {
      paths.put(other.name(), noRows(other));
      reads.remove(other.name());
    }
    return new RenderedModel(
        model.name(),
        model.layer(),
        model.kind(),
        model.description() + " Grain: " + model.grain().row() + ".",
        model.grain().key(),
        model.layout(),
        model.columns(),
        model.allChecks(),
        reads,
        new SqlTemplate(requireNonNull(model.query())).render(paths));
  }

  /** A relation with the columns of the model. */
  private static String noRows(Model model) {
    return model.columns().stream()
        .map(
            column ->
                "CAST(NULL AS %s) AS %s"
                    .formatted(column.type(), Identifiers.column(column.name())))
        .collect(Collectors.joining(", ", "(SELECT ", " FROM UNNEST([1]) WHERE FALSE)"));
  }
}
