package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gkp.connector.config.Setting;
import io.gkp.connector.documentation.Pages;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation tells people to set and to run exists. */
class DocumentationTest {
  private static final Path TOP = Pages.TOP;
  private static final Pattern VARIABLE = Pattern.compile("GKP_[A-Z_]+");

  /** One that names a host; a scheme alone is none. */
  private static final Pattern CONNECTION_STRING =
      Pattern.compile("postgres(?:ql)?://[\\w.@:-]+/\\S*");

  private static final Pattern ARGUMENTS = Pattern.compile("--args=(\\S*?\"[^\"]*\"|\\S+)");
  private static final Pattern YAML_ARGUMENTS = Pattern.compile("args: \\[(.*)]");

  @Test
  void everyVariableIsOneThatSomethingReads() {
    Set<String> known =
        Stream.concat(
                Stream.of(
                    "GKP_LOG_FORMAT",
                    "GKP_JAVA_OPTS",
                    "GKP_LOCAL_BIGQUERY_MEMORY",
                    "GKP_LOCAL_BIGQUERY_TIME_TRAVEL"),
                Arrays.stream(Setting.values()).map(Setting::variable))
            .collect(Collectors.toSet());
    for (Path page : Pages.all()) {
      assertThat(found(VARIABLE, page, 0)).as(page.toString()).isSubsetOf(known);
    }
  }

  @Test
  void everyJobIsDeployedWithACommandThatThereIs() {
    Path manifests = TOP.resolve("deploy").resolve("kubernetes").resolve("base");
    List<String> commands =
        Stream.concat(
                found(ARGUMENTS, TOP.resolve("docs/set-up/cloud-run.md"), 1).stream(),
                Stream.of("export.yaml", "verify.yaml")
                    .flatMap(job -> found(YAML_ARGUMENTS, manifests.resolve(job), 1).stream())
                    .map(list -> list.replace(", ", ",")))
            .filter(command -> !command.contains("$")) // a function passes any command
            .toList();
    assertThat(commands).hasSize(7);
    for (String command : commands) {
      assertThatCode(() -> GkpCli.commandLine().parseArgs(command.replace("\"", "").split(",")))
          .as(command)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void everyExampleOfAConnectionStringSaysHowTlsIsChecked() {
    for (Path page : Pages.all()) {
      if (page.endsWith("reference/commands.md")) {
        continue; // the help, whose lines are broken; see below
      }
      assertThat(found(CONNECTION_STRING, page, 0))
          .as(page.toString())
          .allMatch(
              url ->
                  url.contains("sslmode=verify-")
                      || url.matches(".*(localhost|127\\.0\\.0\\.1).*"));
    }
    String help = GkpCli.commandLine().getSubcommands().get("export-bigquery").getUsageMessage();
    assertThat(help.replaceAll("\\s+", ""))
        .contains("/database?sslmode=verify-full&sslrootcert=", "@db/gkp?sslmode=verify-full");
  }

  private static List<String> found(Pattern pattern, Path page, int group) {
    return pattern
        .matcher(Pages.read(page))
        .results()
        .map((MatchResult result) -> result.group(group))
        .toList();
  }
}
