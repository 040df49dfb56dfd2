package io.gkp.sql.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.sql.testing.Fixture;
import io.gkp.sql.testing.FixtureRun;
import io.gkp.sql.testing.ReferenceEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ModelFixturesTest {
  private final ModelCatalog catalog = ModelCatalog.bundled();

  @TestFactory
  Stream<DynamicTest> rowsAreExactlyThoseExpected() {
    return Fixture.all().stream()
        .map(file -> DynamicTest.dynamicTest(file.toString(), () -> runs(file)));
  }

  @Test
  void everyModelWithAQueryHasAFixture() {
    List<String> tested =
        Fixture.all().stream().map(f -> f.getName(1).toString()).distinct().toList();
    assertThat(tested)
        .containsAll(
            catalog.models().stream()
                .filter(m -> m.kind() != Kind.SOURCE)
                .map(Model::name)
                .toList());
  }

  private void runs(Path file) {
    Fixture fixture = Fixture.read(file);
    FixtureRun run = new FixtureRun(catalog, fixture);
    List<JsonNode> actual = ReferenceEngine.rows(run.query(file.getName(1).toString()));
    assertThat(actual.stream().map(ModelFixturesTest::text))
        .containsExactlyInAnyOrderElementsOf(
            fixture.expect().stream().map(ModelFixturesTest::text).toList());
  }

  /** A row as text: NULL and empty columns left out, the rest in order of their names. */
  private static String text(JsonNode row) {
    Map<String, String> columns = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : row.properties()) {
      JsonNode value = entry.getValue();
      boolean ours = entry.getKey().startsWith("_cdc_") && !entry.getKey().equals("_cdc_lossy");
      if (!ours && !value.isNull() && !(value.isArray() && value.isEmpty())) {
        columns.put(entry.getKey(), value.isTextual() ? value.asText() : normal(value).toString());
      }
    }
    return columns.toString();
  }

  /** Numbers that JSON writes differently but mean the same. */
  private static JsonNode normal(JsonNode value) {
    if (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue())) {
      return com.fasterxml.jackson.databind.node.LongNode.valueOf(value.longValue());
    }
    if (value instanceof ObjectNode object) {
      ObjectNode sorted = object.objectNode();
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      names.stream().sorted().forEach(name -> sorted.set(name, normal(object.get(name))));
      return sorted;
    }
    return value;
  }
}
