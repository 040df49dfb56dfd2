package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own, with a Maven and a Java that only say that they ran. */
class LauncherTest {
  @TempDir Path home;
  private Path built;

  @BeforeEach
  void tree() throws IOException {
    Files.copy(Path.of("..", "gkp_cli"), home.resolve("gkp_cli"));
    built = home.resolve("connector/target/dependencies.classpath");
    for (String file : new String[] {"pom.xml", "connector/pom.xml", "sql/src/main/models/a.sql"}) {
      Files.createDirectories(home.resolve(file).getParent());
      Files.writeString(home.resolve(file), "");
    }
    tool(
        "mvn",
        "printf '\\033[0mBUILT\\033[m\\n'; mkdir -p '%s'; touch '%s'"
            .formatted(built.getParent(), built));
    tool("java", "echo RAN \"$@\"");
    for (String needed :
        new String[] {
          "find", "dirname", "mkdir", "touch", "ln", "readlink", "rm", "mv", "sed", "sleep"
        }) {
      Path there = Path.of("/usr/bin", needed);
      Files.createSymbolicLink(
          home.resolve("bin").resolve(needed),
          Files.exists(there) ? there : Path.of("/bin", needed));
    }
  }

  private void tool(String name, String script) throws IOException {
    Path file = home.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String launch() throws IOException, InterruptedException {
    return output(start());
  }

  private Process start() throws IOException {
    return start("doctor");
  }

  private Process start(String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", home.resolve("gkp_cli").toString(), command, "--help")
            .redirectErrorStream(true);
    builder.environment().put("PATH", home.resolve("bin").toString());
    builder.environment().remove("JAVA_HOME");
    return builder.start();
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).containsPattern("RAN .* --help");
    return output;
  }

  private void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  /** As if all of it had been made a while ago, in the right order. */
  private void settle() throws IOException {
    try (var files = Files.walk(home)) {
      for (Path file : files.toList()) {
        age(file, Duration.ofHours(2));
      }
    }
    age(built, Duration.ofHours(1));
  }

  @Test
  void itBuildsOnceAndAgainWhenASourceIsNewer() throws Exception {
    assertThat(launch()).contains("not built yet", "BUILT").doesNotContain("\033");
    settle();
    assertThat(launch()).doesNotContain("BUILT");

    age(home.resolve("sql/src/main/models/a.sql"), Duration.ZERO);
    assertThat(launch())
        .contains(
            "gkp_cli: sql/src/main/models/a.sql is newer than the build, building again", "BUILT");
    settle();
    Files.delete(home.resolve("sql/src/main/models/a.sql"));
    assertThat(launch()).contains("sql/src/main/models is newer than the build", "BUILT");
  }

  @Test
  void withoutMavenItRunsWhatWasBuiltAndSaysSo() throws Exception {
    launch();
    settle();
    age(home.resolve("connector/pom.xml"), Duration.ZERO);
    Files.delete(home.resolve("bin/mvn"));
    assertThat(launch()).contains("there is no mvn: running what was built");
  }

  @Test
  void whoeverComesWhileAnotherBuildsWaitsAndDoesNotBuild() throws Exception {
    tool("mvn", "echo BUILT; sleep 1; mkdir -p '" + built.getParent() + "'; touch '" + built + "'");
    List<Process> both = List.of(start(), start());
    assertThat(output(both.get(0)) + output(both.get(1))).containsOnlyOnce("BUILT");
  }

  @Test
  void aBuildThatWasKilledKeepsNobodyWaiting() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path building = home.resolve(".gkp/building");
    Files.createDirectories(building.getParent());
    Files.createSymbolicLink(building, Path.of(Long.toString(ended.pid())));
    assertThat(launch()).contains("BUILT");
    assertThat(Files.exists(building, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void runsGetTheirClassesFromTheArchiveThatWasMadeWithTheBuild() throws Exception {
    String archiving = "case \"$*\" in *-Xshare:dump*) for a; do case $a in";
    tool(
        "java",
        archiving
            + " -XX:SharedArchiveFile=*) touch \"${a#*=}\" ;; esac; done ;; *) echo RAN \"$@\" ;; esac");
    Path archive = built.resolveSibling("classes.jsa");
    assertThat(launch()).contains("-XX:SharedArchiveFile=" + archive + " ");
    try (Stream<Path> files = Files.list(archive.getParent())) {
      assertThat(files).containsExactlyInAnyOrder(archive, built);
    }
    Path demo = home.resolve("demo/target/dependencies.classpath");
    tool(
        "mvn",
        "for f in '%s' '%s'; do mkdir -p \"${f%%/*}\"; touch \"$f\"; done".formatted(built, demo));
    assertThat(output(start("local-bigquery")))
        .contains("-XX:SharedArchiveFile=" + demo.resolveSibling("classes.jsa") + " ");
  }
}
