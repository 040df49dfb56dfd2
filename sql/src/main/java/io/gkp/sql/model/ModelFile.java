package io.gkp.sql.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The content of a {@code model.yaml}; an unknown key is an error, one that is missing is null. */
record ModelFile(
    Kind kind,
    @Nullable String description,
    @Nullable String grain,
    @Nullable List<String> uniqueKey,
    @Nullable String tiebreak,
    @Nullable List<String> optional,
    @Nullable Partition partition,
    @Nullable Cluster cluster,
    @Nullable List<Column> columns,
    @Nullable List<Check> checks) {
  private static final JsonMapper YAML =
      JsonMapper.builder(new YAMLFactory())
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static ModelFile parse(String yaml) throws JsonProcessingException {
    return YAML.readValue(yaml, ModelFile.class);
  }

  Model toModel(String name, Layer layer, @Nullable String query) {
    return new Model(
        name,
        layer,
        kind,
        flow(description),
        new Grain(flow(grain), orEmpty(uniqueKey), flow(tiebreak)),
        Set.copyOf(orEmpty(optional)),
        new Layout(Optional.ofNullable(partition), Optional.ofNullable(cluster)),
        orEmpty(columns).stream()
            .map(c -> new Column(c.name(), c.type(), flow(c.description()), c.pii()))
            .toList(),
        orEmpty(checks),
        query);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /** A text that YAML broke into lines, as one line. */
  private static String flow(@Nullable String text) {
    return text == null ? "" : text.strip().replaceAll("\\s+", " ");
  }
}
