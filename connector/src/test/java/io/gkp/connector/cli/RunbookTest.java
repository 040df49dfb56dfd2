package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.failure.Failure;
import io.gkp.sql.warehouse.ModelException.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunbookTest {
  @Test
  void everyFailureHasAnEntryWithCauseRemedyAndAlert() throws Exception {
    List<String> entries =
        List.of(Files.readString(Path.of("..", "docs", "operate", "runbook.md")).split("\n### "));
    assertThat(entries.stream().skip(1).map(entry -> entry.substring(0, 7)))
        .containsExactlyElementsOf(
            Stream.concat(
                    Arrays.stream(Failure.values()).map(Failure::code),
                    Arrays.stream(Fault.values()).map(Fault::code))
                .distinct()
                .sorted()
                .toList());
    assertThat(entries.subList(1, entries.size()))
        .allSatisfy(entry -> assertThat(entry).contains("Cause: ", "Remedy: ", "Alert: "));
  }
}
