package io.gkp.sql.lift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gkp.sql.model.Check;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Severity;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The models as a dbt project. Its tests are queries of its own, so it needs no package.
 *
 * @see <a href="https://docs.getdbt.com/reference/resource-configs/bigquery-configs">dbt on
 *     BigQuery</a>
 */
public final class DbtProject {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private final Lift lift;

  private DbtProject(Lift lift) {
    this.lift = lift;
  }

  /**
   * @param models of one warehouse, rendered for these datasets
   * @return content by path
   */
  public static Map<String, String> files(Datasets datasets, Collection<RenderedModel> models) {
    return new DbtProject(Lift.of(datasets, models)).files();
  }

  private Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("dbt_project.yml", project());
    files.put("profiles.yml", profile());
    files.put("models/sources.yml", sources());
    files.put("models/models.yml", properties());
    for (RenderedModel model : lift.models()) {
      files.put("models/" + model.name() + ".sql", model(model));
      for (Check check : model.checks()) {
        files.put("tests/%s__%s.sql".formatted(model.name(), check.name()), test(model, check));
      }
    }
    return files;
  }

  private static String project() {
    return """
        name: gkp
        version: "1.0"
        profile: gkp
        model-paths: [models]
        test-paths: [tests]
        models:
          gkp:
            +persist_docs: {relation: true, columns: true}
        """;
  }

  private String profile() {
    return """
        gkp:
          target: default
          outputs:
            default:
              type: bigquery
              method: oauth
              project: %s
              dataset: %s
              threads: 4
        """
        .formatted(lift.datasets().project(), lift.datasets().curated());
  }

  private String sources() {
    List<Object> tables = new ArrayList<>();
    lift.sources()
        .forEach(
            (name, description) -> {
              Map<String, Object> table = new LinkedHashMap<>();
              table.put("name", name);
              table.put("description", description);
              if (name.equals("runs")) {
                table.put(
                    "config",
                    Map.of(
                        "loaded_at_field",
                        "finished_at",
                        "freshness",
                        Map.of("warn_after", Map.of("count", 2, "period", "hour"))));
              }
              tables.add(table);
            });
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("name", "gkp");
    source.put("database", lift.datasets().project());
    source.put("schema", lift.datasets().raw());
    source.put("tables", tables);
    return yaml(Map.of("sources", List.of(source)));
  }

  private String properties() {
    List<Object> models = new ArrayList<>();
    for (RenderedModel model : lift.models()) {
      List<Object> columns = new ArrayList<>();
      for (Column column : model.columns()) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("name", column.name());
        properties.put("data_type", column.type());
        properties.put("description", column.shownDescription());
        columns.add(properties);
      }
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("name", model.name());
      properties.put("description", model.description());
      properties.put("columns", columns);
      models.add(properties);
    }
    return yaml(Map.of("models", models));
  }

  private String model(RenderedModel model) {
    List<String> config = new ArrayList<>();
    config.add("materialized='%s'".formatted(model.kind() == Kind.VIEW ? "view" : "table"));
    if (!lift.datasets().of(model.layer()).equals(lift.datasets().curated())) {
      config.add("schema='%s'".formatted(lift.datasets().of(model.layer())));
    }
    model
        .layout()
        .partition()
        .ifPresent(
            partition ->
                config.add(
                    "partition_by={'field': '%s', 'data_type': '%s'}"
                        .formatted(
                            partition.by(),
                            Lift.type(model, partition.by()).toLowerCase(Locale.ROOT))));
    model
        .layout()
        .cluster()
        .ifPresent(
            cluster ->
                config.add("cluster_by=['%s']".formatted(String.join("', '", cluster.by()))));
    return "{{ config(%s) }}\n\n%s"
        .formatted(String.join(", ", config), lift.query(model, this::reference));
  }

  private String test(RenderedModel model, Check check) {
    return "%s{{ config(severity='%s') }}\n\n%s"
        .formatted(
            check.reason() == null ? "" : "-- " + check.reason() + "\n",
            check.severity() == Severity.FAIL ? "error" : "warn",
            Lift.failures(check, reference(model.name()), this::reference));
  }

  private String reference(String name) {
    return lift.holds(name)
        ? "{{ ref('%s') }}".formatted(name)
        : "{{ source('gkp', '%s') }}".formatted(name);
  }

  private static String yaml(Object content) {
    try {
      return YAML.writeValueAsString(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
