package io.gkp.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.GkpCli;
import org.junit.jupiter.api.Test;

class CommandProvidersTest {
  @Test
  void theCommandLineHasTheDemoAndTheLocalBigQuery() {
    assertThat(GkpCli.commandLine().getSubcommands().keySet()).contains("demo", "local-bigquery");
  }
}
