package io.gkp.sql.cli;

import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.render.RenderedModel;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code models render}: the statements that a run would execute. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = "Prints the statement that creates each model, ready to be run by hand.")
final class RenderCommand extends ModelCommand {
  private final ModelCatalog catalog;

  @Option(
      names = "--offline",
      description = "Connect to nothing: render for the platform's own three tables.")
  private boolean offline;

  RenderCommand(ModelsEnvironment environment, ModelCatalog catalog) {
    super(environment);
    this.catalog = catalog;
  }

  @Override
  int execute() {
    Datasets datasets =
        offline ? options.datasetsOrPlaceholders(environment) : options.datasets(environment);
    ModelSource source =
        offline
            ? ModelSource.documented(catalog, datasets)
            : ModelSource.live(catalog, datasets, options.connect(environment));
    Ddl ddl = new Ddl(datasets);
    Map<String, String> statements = new LinkedHashMap<>();
    for (RenderedModel model : options.selection().of(source.models().models())) {
      statements.put(model.name(), ddl.createOrReplace(model));
    }
    if (options.json()) {
      printJson(statements);
    } else {
      statements.values().forEach(sql -> out().println(sql + ";\n"));
    }
    return OK;
  }
}
