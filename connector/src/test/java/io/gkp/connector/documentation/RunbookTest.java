package io.gkp.connector.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gkp.connector.cli.GkpCli;
import io.gkp.failure.Alert;
import io.gkp.failure.Failure;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RunbookTest {
  private static final String PAGE = "operate/runbook.md";
  private static final List<String> QUESTIONS =
      List.of(
          "- **What happened:** ",
          "- **What analysts see:** ",
          "- **Can it wait?** ",
          "- **Decide:** ",
          "- **Do:** ",
          "- **Check it worked:** ");
  private static final Pattern ENTRY =
      Pattern.compile("(?ms)^### (GKP-\\d+) (.*?)$(.*?)(?=^##|\\z)");

  /** A code as the program knows it. */
  private record Code(String code, int exitCode, Alert alert, String acts, boolean passes) {
    static Code of(Failure failure) {
      String acts =
          switch (failure.side()) {
            case SOURCE -> "Postgres";
            case DESTINATION -> "BigQuery";
            case OPERATOR -> "deployment";
            case US -> "developers";
          };
      return new Code(
          failure.code(), failure.exitCode(), failure.alert(), acts, failure.isTransient());
    }
  }

  /** An entry of the page. */
  private record Entry(String code, String name, String text) {
    String link() {
      String heading = code + " " + name;
      return "[%s](#%s)"
          .formatted(code, heading.toLowerCase().replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'));
    }
  }

  @Test
  void everyCodeHasAnEntryThatAnswersTheSixQuestionsInOrder() {
    assertThat(entries().stream().map(Entry::code))
        .containsExactlyElementsOf(codes().stream().map(Code::code).toList());
    assertThat(entries())
        .allSatisfy(
            entry -> assertThat(entry.text()).as(entry.code()).containsSubsequence(QUESTIONS));
  }

  @Test
  void theTableOfAllCodesAgreesWithTheProgram() {
    List<Entry> entries = entries();
    String rows =
        codes().stream()
            .map(
                code -> {
                  Entry entry =
                      entries.stream()
                          .filter(e -> e.code().equals(code.code()))
                          .findFirst()
                          .orElseThrow();
                  return "| %s | %s | %d | %s | %s | %s |"
                      .formatted(
                          entry.link(),
                          entry.name(),
                          code.exitCode(),
                          code.acts(),
                          code.passes() ? "yes" : "no",
                          code.alert().label());
                })
            .collect(Collectors.joining("\n"));
    Generated.agrees(
        PAGE,
        "codes",
        "| code | name | exit code | who acts | passes by itself | alert |\n"
            + "|---|---|---:|---|---|---|\n"
            + rows);
  }

  @Test
  void everyCommandIsOneThatThereIsInBothForms() {
    for (Entry entry : entries()) {
      List<String> here = commands(entry.text(), "./gkp_cli ");
      assertThat(commands(entry.text(), "gkp ")).as(entry.code()).isEqualTo(here);
      for (String command : here) {
        assertThatCode(() -> GkpCli.commandLine().parseArgs(Commands.words(command)))
            .as(entry.code() + ": " + command)
            .doesNotThrowAnyException();
      }
    }
  }

  private static List<String> commands(String text, String program) {
    return text.lines()
        .filter(line -> line.startsWith("  " + program))
        .map(line -> line.strip().substring(program.length()))
        .toList();
  }

  private static List<Code> codes() {
    return Arrays.stream(Failure.values())
        .map(Code::of)
        .sorted(java.util.Comparator.comparing(Code::code))
        .toList();
  }

  private static List<Entry> entries() {
    Matcher entry = ENTRY.matcher(Pages.text(PAGE));
    return entry
        .results()
        .map(found -> new Entry(found.group(1), found.group(2), found.group(3)))
        .toList();
  }
}
