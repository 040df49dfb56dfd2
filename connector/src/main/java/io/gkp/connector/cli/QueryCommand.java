package io.gkp.connector.cli;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.TableResult;
import io.gkp.bigquery.AdHocQuery;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.DestinationFailures;
import io.gkp.connector.cli.options.DestinationOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.cli.text.Counts;
import io.gkp.connector.cli.text.TextTable;
import io.gkp.connector.config.Settings;
import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code query}: one question to the dataset. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the dataset one question in GoogleSQL.",
      "Tables without a dataset's name are those of --dataset. BigQuery bills what it reads.",
      "",
      "Examples:",
      "",
      "  ./gkp_cli query \"SELECT * FROM export_freshness\"",
      "  ./gkp_cli query --output json \"SELECT COUNT(*) AS n FROM latest_query_logs\""
    },
    footer = {
      "",
      "Exit codes: 0 answered; 64 BigQuery does not understand the question, or it is none; 69, 77, 78",
      "as everywhere."
    })
final class QueryCommand implements Callable<Integer> {
  /** What BigQuery answers to a question that is wrong, whoever asks it and whenever. */
  private static final Set<String> WRONG_QUESTION =
      Set.of("invalidQuery", "invalid", "notFound", "duplicate");

  @Spec private CommandSpec spec;
  @Mixin private DestinationOptions destination;
  @Mixin private OutputOption output;

  @Parameters(index = "0", paramLabel = "SQL", description = "The question, in quotes.")
  private String sql;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      defaultValue = "100",
      description = "Print at most this many rows. Default: 100.")
  private int maxRows;

  @Option(
      names = "--write",
      description = "Also carry out what changes something: INSERT, CREATE TABLE, a script ...")
  private boolean write;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = destination.settings(Map.of());
    destination.requireEnabled(settings);
    DestinationConfig config = settings.destinationConfig(Failure.CONFIGURATION);
    AdHocQuery query = new AdHocQuery(BigQueryClients.create(config), config, sql);
    try {
      if (!write) {
        requireQuestion(query.type());
      }
      print(query.ask());
    } catch (BigQueryException e) {
      throw failure(config, e);
    }
    return ExitCode.OK;
  }

  private static void requireQuestion(String type) {
    if (!type.equals(AdHocQuery.QUESTION)) {
      throw new ExportException(
          Failure.USAGE,
          "This is no question, but a statement of type " + type + ". Nothing was done.",
          "Give --write to carry it out.");
    }
  }

  /** The message of a wrong question speaks of the question alone, and so may be said. */
  private static ExportException failure(DestinationConfig config, BigQueryException e) {
    String reason = e.getError() == null ? "" : String.valueOf(e.getError().getReason());
    return WRONG_QUESTION.contains(reason)
        ? new ExportException(
            Failure.USAGE,
            "BigQuery does not answer this question: "
                + e.getError().getMessage().replaceFirst("\\.?$", "."),
            "Correct it; docs/analyse/start-here.md says which tables there are.",
            e)
        : new DestinationFailures(config).of("a question", e);
  }

  private void print(AdHocQuery.Answer answer) {
    PrintWriter out = spec.commandLine().getOut();
    if (!answer.type().equals(AdHocQuery.QUESTION)) {
      printDone(out, answer.type(), answer.affectedRows());
      return;
    }
    TableResult result = answer.rows();
    List<Field> fields = result.getSchema() == null ? List.of() : result.getSchema().getFields();
    List<List<Object>> rows = new ArrayList<>();
    for (FieldValueList row : result.iterateAll()) {
      if (rows.size() == maxRows) {
        break;
      }
      rows.add(QueryValues.of(fields, row));
    }
    if (output.isJson()) {
      OutputOption.print(out, Map.of("rows", rows.stream().map(r -> named(fields, r)).toList()));
      return;
    }
    if (!fields.isEmpty()) {
      new TextTable(
              fields.stream().map(Field::getName).toList(),
              rows.stream().map(row -> row.stream().map(QueryValues::text).toList()).toList())
          .lines()
          .forEach(out::println);
    }
    out.println(Counts.of(rows.size(), "row") + more(result, rows.size()));
    out.flush();
  }

  /**
   * @param rows how many it has changed; null where it changes no rows
   */
  private void printDone(PrintWriter out, String type, Long rows) {
    if (output.isJson()) {
      Map<String, Object> done = new LinkedHashMap<>();
      done.put("statement", type);
      done.put("affected_rows", rows);
      OutputOption.print(out, done);
    } else {
      out.println(type + (rows == null ? " done" : ": " + Counts.of(rows, "row")));
      out.flush();
    }
  }

  private static String more(TableResult result, int printed) {
    return result.getTotalRows() > printed
        ? " of %,d; --max-rows shows more".formatted(result.getTotalRows())
        : "";
  }

  private static Map<String, Object> named(List<Field> fields, List<Object> row) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < row.size(); i++) {
      named.put(fields.get(i).getName(), row.get(i));
    }
    return named;
  }
}
