package io.gkp.sql.cli;

import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.warehouse.ModelException.Fault;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code models}: the SQL models on top of the raw tables. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Lists, renders, checks or runs the SQL models on top of the raw tables.",
    synopsisSubcommandLabel = "COMMAND")
public final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  private ModelsCommand() {}

  /** The command with its subcommands, to be added to a command line. */
  public static CommandLine create(ModelsEnvironment environment) {
    ModelCatalog catalog = ModelCatalog.bundled();
    CommandLine models =
        new CommandLine(new ModelsCommand())
            .addSubcommand(new ListCommand(environment, catalog))
            .addSubcommand(new RenderCommand(environment, catalog))
            .addSubcommand(new CheckCommand(environment, catalog))
            .addSubcommand(new RunCommand(environment));
    models.getCommandSpec().exitCodeOnInvalidInput(Fault.USAGE.exitCode());
    for (CommandLine command : models.getSubcommands().values()) {
      command.getCommandSpec().exitCodeOnInvalidInput(Fault.USAGE.exitCode());
    }
    return models;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which one: list, render, check or run?");
  }
}
