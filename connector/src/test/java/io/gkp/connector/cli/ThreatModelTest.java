package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each attack of the threat model is shown to be stopped, by a test that exists. */
class ThreatModelTest {
  private static final Path TOP = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

  @Test
  void eachLineNamesTestsThatExist() throws IOException {
    Map<String, Path> tests = tests();
    List<String> lines =
        Files.readString(TOP.resolve("docs/internals/threat-model.md"))
            .split("## Attacks")[1]
            .lines()
            .filter(line -> line.startsWith("| ") && !line.endsWith("| shown by |"))
            .toList();
    assertThat(lines).hasSizeGreaterThan(30);
    for (String line : lines) {
      String[] cells = line.split("\\|");
      String shown = cells[cells.length - 1].strip();
      assertThat(TEST.matcher(shown).find()).as("a test in: %s", line).isTrue();
      TEST.matcher(shown)
          .results()
          .forEach(
              test -> {
                assertThat(tests).as(line).containsKey(test.group(1));
                if (test.group(2) != null) {
                  assertThat(tests.get(test.group(1)))
                      .as(line)
                      .content()
                      .contains(" " + test.group(2) + "(");
                }
              });
    }
  }

  private static Map<String, Path> tests() throws IOException {
    try (Stream<Path> files = Files.walk(TOP)) {
      return files
          .filter(file -> file.toString().contains("src/test/java"))
          .filter(file -> file.toString().endsWith("Test.java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  file -> file,
                  (one, other) -> one));
    }
  }
}
