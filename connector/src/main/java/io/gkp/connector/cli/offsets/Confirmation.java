package io.gkp.connector.cli.offsets;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.Console;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --yes}, {@code --dry-run} and {@code --reason} of commands that change something. */
final class Confirmation {
  @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
  boolean dryRun;

  @Option(names = "--yes", description = "Do not ask. Needed where there is no terminal to ask at.")
  boolean yes;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the record of it.")
  @Nullable String reason;

  private final Function<String, Optional<String>> terminal;

  Confirmation() {
    this(Confirmation::ask);
  }

  /**
   * @param terminal asks a question; empty where there is nobody to ask
   */
  Confirmation(Function<String, Optional<String>> terminal) {
    this.terminal = terminal;
  }

  /**
   * Returns when the operator has agreed.
   *
   * @throws ExportException {@code CONFIRMATION} when not, or when there is no terminal to ask at
   */
  void require(String question) {
    if (yes) {
      return;
    }
    String answer =
        terminal
            .apply(question + " [yes/no] ")
            .orElseThrow(
                () ->
                    new ExportException(
                        Failure.CONFIRMATION,
                        "This needs a confirmation, and there is no terminal to ask at;"
                            + " nothing was changed.",
                        "Look at it with --dry-run, then add --yes."));
    if (!answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
      throw new ExportException(
          Failure.CONFIRMATION, "Not confirmed; nothing was changed.", "Answer yes to go on.");
    }
  }

  private static Optional<String> ask(String question) {
    Console console = System.console();
    return console == null
        ? Optional.empty()
        : Optional.of(String.valueOf(console.readLine("%s", question)));
  }
}
