package io.gkp.sql.testing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A test of a model: {@code <layer>/<model>/tests/<what holds>.yaml}.
 *
 * @param table for the models that every raw table gets: the table
 * @param watermark for those: how far the state table goes; null for none
 * @param given rows of the relations that the query reads; a column left out is NULL
 * @param expect exactly the rows that it returns; a column left out is NULL
 */
public record Fixture(
    Table table, Mark watermark, Map<String, List<JsonNode>> given, List<JsonNode> expect) {
  private static final JsonMapper YAML =
      JsonMapper.builder(new YAMLFactory())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** A raw table; its columns by name, with their types. */
  public record Table(String name, List<String> key, Map<String, String> columns) {}

  /** A watermark. */
  public record Mark(long epoch, long batch, String since) {}

  public static Fixture read(Path file) {
    try {
      return YAML.readValue(Files.readString(file), Fixture.class);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** The tests of all models under the module's own folder. */
  public static List<Path> all() {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      return files
          .filter(f -> f.toString().matches("(raw|curated|marts)/[^/]+/tests/[^/]+\\.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
