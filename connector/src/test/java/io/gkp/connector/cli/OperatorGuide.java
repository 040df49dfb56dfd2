package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.documentation.Commands;
import io.gkp.connector.documentation.Pages;
import io.gkp.connector.export.Deployment;
import java.util.List;

/** The commands that operators are told to run after a disaster. */
public final class OperatorGuide {
  private static final String PAGE = "operate/disasters.md";

  private OperatorGuide() {}

  /** The lines of commands under a heading, in order; there is at least one. */
  public static List<String> commands(String heading) {
    String page = Pages.text(PAGE);
    int start = page.indexOf("## " + heading + "\n");
    assertThat(start).as("heading " + heading + " in " + PAGE).isNotNegative();
    int end = page.indexOf("\n#", start);
    List<String> commands =
        page.substring(start, end < 0 ? page.length() : end)
            .lines()
            .filter(line -> line.startsWith("./gkp_cli "))
            .toList();
    assertThat(commands).as("commands under " + heading).isNotEmpty();
    return commands;
  }

  /** Runs a line as it stands; {@code ...} are a deployment's settings. */
  public static Cli run(Deployment deployment, String command) {
    return Cli.run(deployment, Commands.words(command));
  }
}
