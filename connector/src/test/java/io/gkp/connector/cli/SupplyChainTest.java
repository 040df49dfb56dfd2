package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.testing.Libraries;
import java.nio.file.Path;
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
  void noLibraryIsOlderThanItsAdvisories() {
    Map<String, String> libraries = Libraries.onClassPath();
    assertThat(libraries).containsKeys("org.postgresql:postgresql", "ch.qos.logback:logback-core");
    assertThat(Libraries.breached(libraries)).isEmpty();
  }

  @Test
  void whatIsOldOrMustNotBeThereIsFound() {
    assertThat(
            Libraries.breached(
                Map.of(
                    "org.postgresql:postgresql", "42.7.7",
                    "io.netty:netty-handler", "4.1.117.Final",
                    "io.netty:netty-codec", "4.1.137.Final",
                    "org.lz4:lz4-java", "1.8.0")))
        .extracting(line -> line.split(" ")[2])
        .containsExactly("CVE-2026-54291", "CVE-2025-24970", "CVE-2025-12183");
  }

  /** The export answers nobody: docs/internals/threat-model.md. */
  @Test
  void theImageOfTheExportHasNoServerOfPages() {
    assertThat(Libraries.onClassPath().keySet())
        .noneMatch(
            library -> library.matches("(org\\.eclipse\\.jetty|org\\.glassfish\\.jersey).*"));
  }
}
