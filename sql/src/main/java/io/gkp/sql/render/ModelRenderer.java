package io.gkp.sql.render;

import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Model;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

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

  public RenderedModel render(Model model) {
    Map<String, String> paths = new HashMap<>();
    for (String name : model.references()) {
      paths.put(name, datasets.path(layers.apply(name), name));
    }
    return new RenderedModel(
        model.name(),
        model.layer(),
        model.kind(),
        model.description() + " Grain: " + model.grain() + ".",
        model.uniqueKey(),
        model.partition(),
        model.cluster(),
        model.columns(),
        model.allChecks(),
        model.references(),
        new SqlTemplate(model.query()).render(paths));
  }
}
