package io.gkp.connector.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void numbersAlignToTheRightAndTextToTheLeft() {
    TextTable table =
        new TextTable(
            List.of("table", "rows"), List.of(List.of("a", "1,000"), List.of("bcd", "-2.5")));
    assertThat(table.lines())
        .containsExactly("table   rows", "-----  -----", "a      1,000", "bcd     -2.5");
  }

  @Test
  void aVersionIsNoNumber() {
    TextTable table = new TextTable(List.of("version", "n"), List.of(List.of("1.16.1", "1")));
    assertThat(table.lines().get(2)).isEqualTo("1.16.1   1");
  }

  @Test
  void longTextAndLineBreaksAreCut() {
    TextTable table =
        new TextTable(List.of("text"), List.of(List.of("line\nbreak " + "x".repeat(90))));
    assertThat(table.lines().get(2)).startsWith("line break xx").hasSize(44).endsWith("x…");
  }

  @Test
  void aTableWithoutRowsIsItsHeader() {
    assertThat(new TextTable(List.of("a"), List.of()).lines()).containsExactly("a", "-");
  }
}
