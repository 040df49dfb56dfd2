package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunbookTest {
  @Test
  void everyFailureHasAnEntryWithCauseRemedyAndAlert() throws Exception {
    List<String> entries =
        List.of(Files.readString(Path.of("..", "docs", "operate", "runbook.md")).split("\n### "));
    assertThat(entries.stream().skip(1).map(entry -> entry.substring(0, 7)))
        .containsExactlyElementsOf(
            Arrays.stream(Failure.values()).map(Failure::code).sorted().toList());
    assertThat(entries.subList(1, entries.size()))
        .allSatisfy(entry -> assertThat(entry).contains("Cause: ", "Remedy: ", "Alert: "));
  }
}
