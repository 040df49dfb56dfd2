package io.gkp.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each resource of {@code deploy/terraform} gives its provider what that takes. What it takes was
 * read from the bindings that are generated of the provider's schema; types of values are not
 * compared.
 */
class TerraformSchemaTest {
  /** What Terraform itself takes in each resource. */
  private static final Set<String> META = Set.of("for_each", "count", "depends_on", "provider");

  private static final Pattern REFERENCE =
      Pattern.compile("(?<![\\w.\"-])((?:data\\.)?google_\\w+)\\.\\w+(?:\\[[^\\]]*\\])?\\.(\\w+)");

  private final JsonNode types;
  private final String text;
  private final List<String> wrong = new ArrayList<>();

  TerraformSchemaTest() throws IOException {
    types =
        new ObjectMapper()
            .readTree(TerraformSchemaTest.class.getResource("/terraform/google.json"))
            .path("types");
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(Path.of("..", "deploy", "terraform"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".tf")).sorted().toList()) {
        all.append(Files.readString(file));
      }
    }
    text = all.toString();
  }

  @Test
  void everyResourceGivesWhatTheProviderTakes() {
    List<HclBlock> resources =
        HclBlock.parse(text).stream()
            .filter(block -> Set.of("resource", "data").contains(block.kind()))
            .toList();
    assertThat(resources).hasSizeGreaterThan(15);
    for (HclBlock resource : resources) {
      String type = (resource.kind().equals("data") ? "data." : "") + resource.labels().get(0);
      compare(type + "." + resource.labels().get(1), resource, types.path(type).path("takes"));
    }
    assertThat(wrong).isEmpty();
  }

  private void compare(String place, HclBlock block, JsonNode takes) {
    for (String name : block.attributes().keySet()) {
      if (!META.contains(name) && (!takes.has(name) || takes.path(name).has("block"))) {
        wrong.add(place + " takes no attribute " + name);
      }
    }
    for (HclBlock inner : block.blocks()) {
      JsonNode taken = takes.path(inner.kind()).path("block");
      if (taken.isMissingNode()) {
        wrong.add(place + " takes no block " + inner.kind());
      } else {
        compare(place + "." + inner.kind(), inner, taken);
      }
    }
    takes
        .fields()
        .forEachRemaining(
            field -> {
              String name = field.getKey();
              if (field.getValue().has("required")
                  && !block.attributes().containsKey(name)
                  && block.blocks().stream().noneMatch(inner -> inner.kind().equals(name))) {
                wrong.add(place + " lacks " + name);
              }
            });
  }

  @Test
  void everyReferenceAsksForWhatAResourceHas() {
    List<String> asked =
        REFERENCE
            .matcher(text)
            .results()
            .filter(
                match ->
                    !types
                        .path(match.group(1))
                        .path("has")
                        .toString()
                        .contains('"' + match.group(2) + '"'))
            .map(match -> match.group(1) + " has no " + match.group(2))
            .toList();
    assertThat(REFERENCE.matcher(text).results().count()).isGreaterThan(15);
    assertThat(asked).isEmpty();
  }
}
