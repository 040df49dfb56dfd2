package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that the operator guide tells people to run. */
public final class OperatorGuide {
  private static final Path FILE = Path.of("..", "docs", "operate", "daily-look.md");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  private OperatorGuide() {}

  /** The lines of commands under a heading, in order; there is at least one. */
  public static List<String> commands(String heading) {
    String page;
    try {
      page = Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int start = page.indexOf("### " + heading + "\n");
    assertThat(start).as("heading " + heading + " in " + FILE).isNotNegative();
    int end = page.indexOf("\n#", start);
    List<String> commands =
        page.substring(start, end < 0 ? page.length() : end)
            .lines()
            .filter(line -> line.startsWith("    ./gkp_cli "))
            .map(String::strip)
            .toList();
    assertThat(commands).as("commands under " + heading).isNotEmpty();
    return commands;
  }

  /** Runs a line as it stands; {@code ...} are a deployment's settings. */
  public static Cli run(Deployment deployment, String command) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      String text = word.group(1) != null ? word.group(1) : word.group(2);
      if (text.equals("#")) {
        break;
      }
      if (!text.equals("./gkp_cli") && !text.equals("...")) {
        words.add(text);
      }
    }
    return Cli.run(deployment, words.toArray(String[]::new));
  }
}
