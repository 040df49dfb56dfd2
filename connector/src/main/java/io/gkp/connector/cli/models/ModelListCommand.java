package io.gkp.connector.cli.models;

import io.gkp.connector.cli.options.OutputOption;
import io.gkp.failure.ExitCode;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.ModelSource;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code models list}: which models there are, and what reads what. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the models in the order in which they run.",
      "Says of each what it reads, and which of its columns hold personal data."
    })
final class ModelListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions options;
  @Mixin private OutputOption output;

  @Option(
      names = "--offline",
      description = "Connect to nothing: show what the platform's own three tables get.")
  private boolean offline;

  /** A model in the list. */
  record Entry(
      String name,
      String layer,
      String kind,
      Collection<String> reads,
      String description,
      List<String> uniqueKey,
      Map<String, String> personalData) {}

  private static Map<String, String> personalData(RenderedModel model) {
    Map<String, String> classes = new LinkedHashMap<>();
    for (Column column : model.columns()) {
      column.pii().ifPresent(pii -> classes.put(column.name(), pii));
    }
    return classes;
  }

  private static String shown(Map<String, String> personalData) {
    return personalData.isEmpty()
        ? ""
        : personalData.entrySet().stream()
            .map(e -> e.getKey() + " (" + e.getValue() + ")")
            .collect(Collectors.joining(", ", "; personal data: ", ""));
  }

  @Override
  public Integer call() {
    ModelSource source = options.source(ModelCatalog.bundled(), offline);
    List<Entry> entries = new ArrayList<>();
    for (RenderedModel model : options.selection().of(source.models().models())) {
      entries.add(
          new Entry(
              model.name(),
              model.layer().folder(),
              model.kind().name().toLowerCase(Locale.ROOT),
              model.reads().stream().sorted().toList(),
              model.description(),
              model.uniqueKey(),
              personalData(model)));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.print(out, entries);
    } else {
      for (Entry entry : entries) {
        out.printf(
            "%-26s %-5s <- %s%s%n",
            entry.name(),
            entry.kind(),
            String.join(", ", entry.reads()),
            shown(entry.personalData()));
      }
      source.models().skipped().forEach((name, why) -> out.printf("%-26s not: %s%n", name, why));
    }
    out.flush();
    return ExitCode.OK;
  }
}
