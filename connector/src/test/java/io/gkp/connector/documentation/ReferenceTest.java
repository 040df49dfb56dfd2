package io.gkp.connector.documentation;

import io.gkp.connector.cli.GkpCli;
import io.gkp.connector.config.Setting;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.operations.OffsetsReport;
import io.gkp.localbigquery.translate.FunctionTable;
import io.gkp.offsets.ControlTable;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Model;
import io.gkp.sql.model.ModelCatalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** The reference pages say what the program says of itself; {@code -Ddocs.rewrite} writes them. */
class ReferenceTest {
  /** Which functions the local BigQuery leaves to DuckDB, and which it has in GoogleSQL. */
  @Test
  void localFunctions() {
    String rows =
        FunctionTable.signatures().stream()
            .map(
                signature ->
                    "| `%s` | %s | %s | %s |"
                        .formatted(
                            signature.name().replace("$", ""),
                            cell(signature.arguments()),
                            signature.usesMacro() ? "a macro" : "DuckDB",
                            signature.why()))
            .distinct()
            .collect(Collectors.joining("\n"));
    Generated.agrees(
        "reference/local-bigquery-functions.md",
        "functions",
        "| function | arguments | computed by | why |\n|---|---|---|---|\n" + rows);
  }

  @Test
  void settings() {
    List<OptionSpec> options = new ArrayList<>();
    everyCommand(GkpCli.commandLine()).forEach(c -> options.addAll(c.getCommandSpec().options()));
    String rows =
        Arrays.stream(Setting.values())
            .map(
                setting -> {
                  String flag = "--" + setting.key();
                  List<OptionSpec> named =
                      options.stream()
                          .filter(option -> List.of(option.names()).contains(flag))
                          .toList();
                  String meaning =
                      named.isEmpty()
                          ? setting.meaning()
                          : String.join(" ", named.get(0).description());
                  return "| %s | `%s` | `%s` | %s |"
                      .formatted(
                          named.isEmpty() ? "" : "`" + flag + "`",
                          setting.variable(),
                          setting.key(),
                          cell(meaning.replaceAll(" *\\[[^\\]]*\\]$", "")));
                })
            .collect(Collectors.joining("\n"));
    Generated.agrees(
        "reference/configuration.md",
        "settings",
        "| flag | variable | key in the file | meaning |\n|---|---|---|---|\n" + rows);
  }

  @Test
  void commands() {
    String text =
        everyCommand(GkpCli.commandLine()).stream()
            .filter(command -> command.getParent() != null)
            .map(
                command ->
                    "## %s\n\n```text\n%s\n```"
                        .formatted(
                            command.getCommandSpec().qualifiedName().replaceFirst("^gkp_cli ", ""),
                            command
                                .getUsageMessage(Ansi.OFF)
                                .replaceAll("(?m)[ \\t]+$", "")
                                .strip()))
            .collect(Collectors.joining("\n\n"));
    Generated.agrees("reference/commands.md", "commands", text);
  }

  @Test
  void controlTables() {
    String text =
        Arrays.stream(ControlTable.values())
            .map(
                table ->
                    "## %s\n\n%s\nPartitioned by day of `%s`.\n\n%s"
                        .formatted(
                            table.tableName(),
                            table.description(),
                            table.partitionColumn(),
                            "| column | type | meaning |\n|---|---|---|\n"
                                + table.columns().stream()
                                    .map(
                                        column ->
                                            "| `%s` | %s | %s |"
                                                .formatted(
                                                    column.name(),
                                                    column.type(),
                                                    cell(column.description())))
                                    .collect(Collectors.joining("\n"))))
            .collect(Collectors.joining("\n\n"));
    Generated.agrees("reference/control-tables.md", "tables", text);
  }

  @Test
  void reports() {
    Generated.agrees(
        "reference/json.md",
        "reports",
        "## export-bigquery, verify\n\n"
            + RecordFields.tables(RunReport.class)
            + "\n\n## status\n\n"
            + RecordFields.tables(OffsetsReport.class));
  }

  @Test
  void models() {
    String text =
        ModelCatalog.bundled().models().stream()
            .filter(model -> model.kind() != Kind.SOURCE)
            .map(ReferenceTest::model)
            .collect(Collectors.joining("\n\n"));
    Generated.agrees("analyse/models.md", "models", text);
  }

  private static String model(Model model) {
    String columns =
        model.columns().stream()
            .map(
                column ->
                    "| `%s` | %s | %s%s |"
                        .formatted(
                            column.name(),
                            column.type(),
                            cell(column.description()),
                            column.pii().map(pii -> " *Personal data: " + pii + ".*").orElse("")))
            .collect(Collectors.joining("\n"));
    return "### %s\n\n%s\nOne row is %s. Key: %s. A %s%s.\n\n| column | type | meaning |\n|---|---|---|\n%s"
        .formatted(
            model.name(),
            model.description(),
            model.grain().row(),
            model.grain().key().stream()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", ")),
            model.kind() == Kind.VIEW ? "view" : "table",
            model.layout().partition().map(p -> ", partitioned by `" + p.by() + "`").orElse("")
                + model
                    .layout()
                    .cluster()
                    .map(c -> ", clustered by `" + String.join("`, `", c.by()) + "`")
                    .orElse(""),
            columns);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replaceAll("\\s+", " ").strip();
  }

  /** Each command once, an alias not counted, those of a command behind it. */
  private static Set<CommandLine> everyCommand(CommandLine line) {
    Set<CommandLine> all = new LinkedHashSet<>();
    all.add(line);
    line.getSubcommands().values().forEach(command -> all.addAll(everyCommand(command)));
    return all;
  }
}
