package io.gkp.connector.cli.models;

import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.cli.text.Counts;
import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.lift.DataformProject;
import io.gkp.sql.lift.DbtProject;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.run.ModelSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models export}: the models as a project of another tool. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes curated_* and marts_* as a dbt or Dataform project.",
      "Sources, models, descriptions and tests. latest_* and history_* stay with the export. Files"
          + " that are there are replaced, others are left alone.",
      "",
      "Example:",
      "",
      "  ./gkp_cli models export --format dbt gkp-dbt",
      "  cd gkp-dbt && dbt build --profiles-dir ."
    })
final class ModelExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions options;
  @Mixin private OutputOption output;

  @Option(
      names = "--format",
      paramLabel = "TOOL",
      required = true,
      description = "dbt or dataform.")
  @SuppressWarnings("NullAway.Init") // required
  private Tool tool;

  @Option(
      names = "--offline",
      description = "Connect to nothing: the models of all of the platform's documented tables.")
  private boolean offline;

  @Parameters(index = "0", paramLabel = "DIR", description = "Where the project goes.")
  private Path directory;

  /** Whose project it is to be. */
  enum Tool {
    dbt,
    dataform
  }

  @Override
  public Integer call() {
    ModelSource source = options.source(ModelCatalog.bundled(), offline);
    Map<String, String> files =
        tool == Tool.dbt
            ? DbtProject.files(source.datasets(), source.models().models())
            : DataformProject.files(source.datasets(), source.models().models(), null);
    try {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = directory.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
    } catch (IOException e) {
      throw new ExportException(
          Failure.USAGE,
          "The project cannot be written to " + directory + ".",
          "Choose another.",
          e);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.print(out, Map.of("files", List.copyOf(files.keySet())));
    } else {
      out.printf("%s in %s%n", Counts.of(files.size(), "file"), directory);
      out.flush();
    }
    return ExitCode.OK;
  }
}
