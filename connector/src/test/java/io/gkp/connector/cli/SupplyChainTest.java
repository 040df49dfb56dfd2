package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the build says of what goes into the image. */
class SupplyChainTest {
  private static final Path TOP = Path.of("..");

  @Test
  void artifactsWithOtherChecksumsAreRefused() {
    assertThat(TOP.resolve(".mvn/maven.config")).content().contains("--strict-checksums");
  }

  @Test
  void aReleaseStandsOnABaseThatIsNamedByItsDigest() {
    assertThat(TOP.resolve("pom.xml"))
        .content()
        .contains("<image>${image.base}</image>")
        .contains("<id>base-image-by-digest</id>", "<regex>.+@sha256:[0-9a-f]{64}</regex>");
  }

  /** The class path of the tests: that of production, and more. */
  @Test
  void noLibraryIsOlderThanItsAdvisories() throws IOException {
    Map<String, String> libraries = libraries();
    assertThat(libraries).containsKeys("org.postgresql:postgresql", "ch.qos.logback:logback-core");
    List<String> advisories =
        Files.readAllLines(TOP.resolve(".ci/advisories.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(advisories)
        .hasSizeGreaterThan(10)
        .filteredOn(
            line -> {
              String[] words = line.split(" ");
              String there = libraries.get(words[0]);
              return there != null && (words[1].equals("never") || isOlder(there, words[1]));
            })
        .isEmpty();
    assertThat(isOlder("4.1.117.Final", "4.1.118")).isTrue();
    assertThat(isOlder("42.7.13", "42.7.7")).isFalse();
  }

  private static Map<String, String> libraries() {
    Map<String, String> libraries = new HashMap<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String[] path = entry.replace(File.separatorChar, '/').split("/repository/");
      if (path.length == 2 && entry.endsWith(".jar")) {
        String[] parts = path[1].split("/");
        String group = String.join(".", Arrays.copyOf(parts, parts.length - 3));
        libraries.put(group + ":" + parts[parts.length - 3], parts[parts.length - 2]);
      }
    }
    return libraries;
  }

  /** By the numbers in them. */
  private static boolean isOlder(String version, String mended) {
    String[] numbers = version.split("[^0-9]+");
    String[] others = mended.split("[^0-9]+");
    for (int i = 0; i < others.length; i++) {
      long number = i < numbers.length ? Long.parseLong(numbers[i]) : 0;
      if (number != Long.parseLong(others[i])) {
        return number < Long.parseLong(others[i]);
      }
    }
    return false;
  }
}
