package io.gkp.connector.cli.models;

import io.gkp.connector.cli.options.OutputOption;
import io.gkp.failure.ExitCode;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.ModelSource;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code models render}: the statements that a run would execute. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = "Prints the statement that creates each model, ready to be run by hand.")
final class ModelRenderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions options;
  @Mixin private OutputOption output;

  @Option(
      names = "--offline",
      description = "Connect to nothing: render for the platform's own three tables.")
  private boolean offline;

  @Override
  public Integer call() {
    ModelSource source = options.source(ModelCatalog.bundled(), offline);
    Ddl ddl = new Ddl(source.datasets());
    Map<String, String> statements = new LinkedHashMap<>();
    for (RenderedModel model : options.selection().of(source.models().models())) {
      statements.put(model.name(), ddl.createOrReplace(model));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.print(out, statements);
    } else {
      statements.values().forEach(sql -> out.println(sql + ";\n"));
    }
    out.flush();
    return ExitCode.OK;
  }
}
