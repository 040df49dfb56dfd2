package io.gkp.sql.render;

import io.gkp.sql.model.Layer;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The project and the dataset of each layer.
 *
 * @throws IllegalArgumentException where a name is not one that BigQuery allows
 */
public record Datasets(String project, String raw, String curated, String marts) {
  private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9.:-]+");
  private static final Pattern DATASET = Pattern.compile("[A-Za-z0-9_]{1,1024}");

  public Datasets {
    if (!PROJECT.matcher(Objects.requireNonNull(project, "project")).matches()) {
      throw new IllegalArgumentException("not a project id: " + project);
    }
    for (String dataset : new String[] {raw, curated, marts}) {
      if (!DATASET.matcher(Objects.requireNonNull(dataset, "dataset")).matches()) {
        throw new IllegalArgumentException("not a dataset id: " + dataset);
      }
    }
  }

  /** All layers in one dataset. */
  public static Datasets one(String project, String dataset) {
    return new Datasets(project, dataset, dataset, dataset);
  }

  public String of(Layer layer) {
    return switch (layer) {
      case RAW -> raw;
      case CURATED -> curated;
      case MARTS -> marts;
    };
  }

  /** The quoted path of a relation, e.g. {@code `project.dataset.name`}. */
  public String path(Layer layer, String name) {
    return "`" + project + "." + of(layer) + "." + name + "`";
  }
}
