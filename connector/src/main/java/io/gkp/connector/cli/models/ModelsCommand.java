package io.gkp.connector.cli.models;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code models}: the SQL models on top of the raw tables. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description =
        "Lists, renders, checks, runs or exports the SQL models on top of the raw tables.",
    synopsisSubcommandLabel = "COMMAND")
public final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  private ModelsCommand() {}

  /**
   * The command with its subcommands, to be added to a command line. They read the models when they
   * run: every other command would wait for that, too.
   */
  public static CommandLine create() {
    return new CommandLine(new ModelsCommand())
        .addSubcommand(new ModelListCommand())
        .addSubcommand(new ModelRenderCommand())
        .addSubcommand(new ModelCheckCommand())
        .addSubcommand(new ModelRunCommand())
        .addSubcommand(new ModelExportCommand());
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Which one: list, render, check, run or export?");
  }
}
