package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.log.Logs;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GkpCliTest {
  @Test
  void withoutACommandTheHelpIsShown() {
    Cli cli = Cli.run();
    assertThat(cli.code()).isEqualTo(64);
    assertThat(cli.err()).contains("Usage: gkp_cli", "Commands:", "export-bigquery");
  }

  @Test
  void theHelpOfACommandThatThereIsNotIsAnError() {
    Cli cli = Cli.run("serv", "--help");
    assertThat(cli.code()).isEqualTo(64);
    assertThat(cli.err()).contains("[GKP-001]").doesNotContain("Commands:");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void aCommandWithoutItsGroupIsFound() {
    Cli cli = Cli.run("backfill", "--table", "items");
    assertThat(cli.code()).isEqualTo(64);
    assertThat(cli.err()).contains("Did you mean: gkp_cli offsets backfill?");
  }

  @Test
  void statusHistoryHelpAndCompletionAreCommands() {
    assertThat(Cli.run("help", "status").out()).contains("gkp_cli status");
    assertThat(Cli.run("history", "--help").out()).contains("gkp_cli history");
    assertThat(Cli.run("completion").out()).contains("complete", "gkp_cli");
  }

  @Test
  void theVersionHasItsCommitAndDate() {
    assertThat(Cli.run("--version").out()).matches("gkp_cli \\S+ \\(commit .+ of .+\\)\\R");
  }

  @Test
  void peopleReadTextAndSchedulersJson() {
    assertThat(Logs.isForAScheduler(Map.of(), "doctor")).isFalse();
    assertThat(Logs.isForAScheduler(Map.of(), "offsets", "show")).isFalse();
    assertThat(Logs.isForAScheduler(Map.of(), "models", "check")).isFalse();
    assertThat(Logs.isForAScheduler(Map.of(), "export-bigquery", "--project", "p")).isTrue();
    assertThat(Logs.isForAScheduler(Map.of(), "models", "run")).isTrue();
    assertThat(Logs.isForAScheduler(Map.of("CLOUD_RUN_JOB", "gkp-export"), "doctor")).isTrue();
  }
}
