package io.gkp.connector.cli.offsets;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code offsets}: where the export stands, and how to move it. */
@Command(
    name = "offsets",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows where the export stands, has tables or rows read again, skips a transaction.",
      "Safe while a run is going: what concerns single tables is queued for the next run, reset --all"
          + " and skip are refused meanwhile. What changes something asks first, or wants --yes, and"
          + " --dry-run shows what it would do."
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start with: ./gkp_cli offsets show. What to do when something is broken: docs/operate/runbook.md"
    })
public final class OffsetsCommand {
  private OffsetsCommand() {}

  public static CommandLine create() {
    return new CommandLine(new OffsetsCommand())
        .addSubcommand(new ShowCommand())
        .addSubcommand(new HistoryCommand())
        .addSubcommand(new ResetCommand())
        .addSubcommand(new BackfillCommand())
        .addSubcommand(new CancelCommand())
        .addSubcommand(new SkipCommand())
        .addSubcommand(new ShardsCommand());
  }
}
