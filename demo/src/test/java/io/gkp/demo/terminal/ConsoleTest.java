package io.gkp.demo.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final StringWriter text = new StringWriter();

  @Test
  void aStepPrintsItsNameAndItsTime() throws Exception {
    assertThat(console(false, Map.of()).<Integer>step("Counting", () -> 3)).isEqualTo(3);
    assertThat(text.toString()).matches("  Counting \\.+ [0-9]+\\.[0-9] s\\R");
  }

  @Test
  void aStepThatFailsSaysSoAndPassesTheErrorOn() {
    assertThatThrownBy(
            () ->
                console(false, Map.of())
                    .step(
                        "Counting",
                        () -> {
                          throw new IllegalStateException("no numbers");
                        }))
        .hasMessage("no numbers");
    assertThat(text.toString()).matches("  Counting \\.+ failed\\R");
  }

  @Test
  void coloursAppearOnATerminalOnly() {
    console(true, Map.of()).heading("a");
    console(false, Map.of()).heading("b");
    assertThat(text.toString().lines()).containsExactly("", "\u001b[1ma\u001b[0m", "", "b");
  }

  @Test
  void noColorIsHonoured() {
    console(true, Map.of("NO_COLOR", "1")).heading("a");
    assertThat(text.toString()).doesNotContain("\u001b");
  }

  @Test
  void aTerminalWithoutControlCodesGetsNone() throws Exception {
    console(true, Map.of("TERM", "dumb")).<Integer>step("Counting", () -> 3);
    assertThat(text.toString().lines()).hasSize(1);
    assertThat(text.toString()).doesNotContain("\u001b").startsWith("  Counting");
  }

  private Console console(boolean terminal, Map<String, String> environment) {
    return Console.of(new PrintWriter(text), terminal, environment);
  }
}
