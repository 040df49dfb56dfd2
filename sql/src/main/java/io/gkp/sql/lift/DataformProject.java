package io.gkp.sql.lift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gkp.sql.model.Check;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Severity;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models as a Dataform project. Checks of severity {@code warn} have the tag {@code warn}:
 * leave it out of the releases that must not fail for them.
 *
 * @see <a href="https://cloud.google.com/dataform/docs/reference/dataform-core-reference">Dataform
 *     core</a>
 */
public final class DataformProject {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Lift lift;

  private DataformProject(Lift lift) {
    this.lift = lift;
  }

  /**
   * @param models of one warehouse, rendered for these datasets
   * @param location of the datasets; null where nobody gave one
   * @return content by path
   */
  public static Map<String, String> files(
      Datasets datasets, Collection<RenderedModel> models, @Nullable String location) {
    return new DataformProject(Lift.of(datasets, models)).files(location);
  }

  private Map<String, String> files(@Nullable String location) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "workflow_settings.yaml",
        """
        defaultProject: %s
        defaultLocation: %s
        defaultDataset: %s
        defaultAssertionDataset: %s
        dataformCoreVersion: 3.0.0
        """
            .formatted(
                lift.datasets().project(),
                location == null ? "US" : location,
                lift.datasets().curated(),
                lift.datasets().curated()));
    files.put("definitions/sources.js", sources());
    for (RenderedModel model : lift.models()) {
      files.put("definitions/" + model.name() + ".sqlx", model(model));
      for (Check check : model.checks()) {
        files.put(
            "definitions/assertions/%s__%s.sqlx".formatted(model.name(), check.name()),
            assertion(model, check));
      }
    }
    return files;
  }

  private String sources() {
    return lift.sources().keySet().stream()
        .map(
            name ->
                "declare({database: \"%s\", schema: \"%s\", name: \"%s\"});\n"
                    .formatted(lift.datasets().project(), lift.datasets().raw(), name))
        .collect(Collectors.joining());
  }

  private String model(RenderedModel model) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("type", model.kind() == Kind.VIEW ? "view" : "table");
    config.put("schema", lift.datasets().of(model.layer()));
    config.put("description", model.description());
    Map<String, Object> layout = new LinkedHashMap<>();
    model.layout().partition().ifPresent(partition -> layout.put("partitionBy", partition.by()));
    model.layout().cluster().ifPresent(cluster -> layout.put("clusterBy", cluster.by()));
    if (!layout.isEmpty()) {
      config.put("bigquery", layout);
    }
    Map<String, String> columns = new LinkedHashMap<>();
    for (Column column : model.columns()) {
      columns.put(column.name(), column.shownDescription());
    }
    config.put("columns", columns);
    return "config " + json(config) + "\n\n" + lift.query(model, DataformProject::reference);
  }

  private static String assertion(RenderedModel model, Check check) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("type", "assertion");
    if (check.reason() != null) {
      config.put("description", check.reason());
    }
    if (check.severity() == Severity.WARN) {
      config.put("tags", List.of("warn"));
    }
    return "config "
        + json(config)
        + "\n\n"
        + Lift.failures(check, reference(model.name()), DataformProject::reference);
  }

  private static String reference(String name) {
    return "${ref(\"" + name + "\")}";
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
