package io.gkp.connector.cli;

import io.gkp.connector.cli.log.Logs;
import io.gkp.connector.cli.models.ModelsCommand;
import io.gkp.connector.cli.offsets.HistoryCommand;
import io.gkp.connector.cli.offsets.OffsetsCommand;
import io.gkp.connector.cli.offsets.ShowCommand;
import io.gkp.connector.cli.run.ExportCommand;
import io.gkp.connector.cli.run.VerifyCommand;
import io.gkp.connector.cli.text.SafeWriter;
import io.gkp.failure.ExitCode;
import io.gkp.failure.OutOfMemory;
import java.util.List;
import java.util.ServiceLoader;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of {@code gkp_cli}. */
@Command(
    name = "gkp_cli",
    description = "Exports the operational history of the Grounded Knowledge Platform to BigQuery.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start with: ./gkp_cli demo",
      "",
      "Exit codes: 0 drained to the fence; 3 stopped early, all so far committed; 64 usage;"
          + " 65 data differ or a check failed; 69 source or destination unavailable; 70 internal error; 75 another run holds the slot;"
          + " 77 permission missing; 78 configuration (disabled included)."
    })
public final class GkpCli {
  @CommandLine.Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log more, and show stack traces.")
  void verbose(boolean on) {
    Logs.verbose(on);
  }

  private static final int HELP_WIDTH = 100;

  private GkpCli() {}

  public static void main(String[] arguments) {
    Logs.setUp(arguments);
    System.exit(commandLine().execute(arguments));
  }

  /** The whole command line; a test may give it other writers. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new GkpCli());
    line.addSubcommand(new ExportCommand());
    line.addSubcommand(new VerifyCommand());
    line.addSubcommand(new DoctorCommand());
    line.addSubcommand(OffsetsCommand.create());
    line.addSubcommand(new CommandLine(new ShowCommand()).setCommandName("status"));
    line.addSubcommand("history", new HistoryCommand());
    line.addSubcommand(ModelsCommand.create());
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      line.addSubcommand(provider.command());
    }
    line.addSubcommand(new QueryCommand());
    line.addSubcommand(new HelpCommand());
    line.addSubcommand(new CommandLine(new GenerateCompletion()).setCommandName("completion"));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(HELP_WIDTH);
    HelpLayout.use(line);
    line.setExecutionStrategy(GkpCli::runLast);
    line.setExecutionExceptionHandler(new FailureHandler());
    line.setParameterExceptionHandler(new UsageHandler());
    exitCodes(line);
    return line;
  }

  /** To picocli an error is no exception; of this one there is something to say. */
  private static int runLast(ParseResult parsed) {
    parsed.asCommandLineList().forEach(SafeWriter::use);
    for (CommandLine command : parsed.asCommandLineList()) {
      List<String> unknown = command.getParseResult().unmatched();
      if (!unknown.isEmpty()) { // the help of what there is not would be that of something else
        throw new UnmatchedArgumentException(command, unknown);
      }
    }
    try {
      return new RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      List<CommandLine> given = parsed.asCommandLineList();
      throw new ExecutionException(
          given.get(given.size() - 1), "out of memory", OutOfMemory.in(e).orElseThrow());
    }
  }

  private static void exitCodes(CommandLine line) {
    line.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE);
    line.getSubcommands().values().forEach(GkpCli::exitCodes);
  }
}
