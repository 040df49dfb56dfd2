package io.gkp.connector.cli;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.checks.Finding.Level;
import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.cli.text.Counts;
import io.gkp.connector.doctor.Doctor;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Examines both sides and names the remedy of everything that is not right.",
      "Some forty checks with stable names; each says what was found, why it matters, and the SQL or"
          + " command that mends it. It changes nothing. An error would end a run, a warning will"
          + " matter some day. Exit code 0 when there are no errors, otherwise the highest of theirs:"
          + " 69 unavailable, 77 permission missing, 78 configuration.",
      "",
      "First set-up:",
      "",
      "  ./gkp_cli doctor --config gkp.properties --fix-sql > fix.sql",
      "  psql -d gkp -f fix.sql                      # as an administrator of the source",
      "  ./gkp_cli doctor --config gkp.properties    # until all is well"
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Option(
      names = "--fix-sql",
      description = "Print one SQL script for the source's administrator, and nothing else.")
  private boolean fixSql;

  @Option(
      names = "--all",
      description = "Print what is right, too. Default: what is wrong, and a count of the rest.")
  private boolean all;

  @Override
  public Integer call() {
    List<Finding> findings = new Doctor(connection.exportConfig(), Clock.systemUTC()).examine();
    PrintWriter out = spec.commandLine().getOut();
    if (fixSql) {
      printScript(out, findings);
    } else if (output.isJson()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("status", worst(findings));
      report.put("findings", findings);
      OutputOption.print(out, report);
    } else {
      findings.stream()
          .filter(finding -> all || finding.level() != Level.OK)
          .forEach(finding -> print(out, finding));
      summary(out, findings);
    }
    out.flush();
    return findings.stream()
        .filter(finding -> finding.level() == Level.ERROR)
        .mapToInt(finding -> requireNonNull(finding.failure()).exitCode())
        .max()
        .orElse(0);
  }

  private static Level worst(List<Finding> findings) {
    return findings.stream().map(Finding::level).max(Comparator.naturalOrder()).orElse(Level.OK);
  }

  private static void print(PrintWriter out, Finding finding) {
    String mark =
        switch (finding.level()) {
          case OK -> "ok     ";
          case WARNING -> "WARNING";
          case ERROR -> "ERROR  ";
        };
    out.println(
        "%s %-22s %s%s"
            .formatted(
                mark,
                finding.check(),
                finding.what(),
                finding.failure() == null ? "" : " [" + finding.failure().code() + "]"));
    if (finding.why() != null) {
      out.println("        why: " + finding.why());
    }
    if (finding.level() == Level.OK) {
      return; // nobody should run a statement where nothing is wrong
    }
    finding.sql().forEach(sql -> out.println("        sql: " + sql));
    finding.commands().forEach(command -> out.println("        run: " + command));
  }

  private static void summary(PrintWriter out, List<Finding> findings) {
    long errors = findings.stream().filter(f -> f.level() == Level.ERROR).count();
    long warnings = findings.stream().filter(f -> f.level() == Level.WARNING).count();
    out.println();
    String right = Counts.of(findings.size() - errors - warnings, "check") + " ok";
    out.println(
        errors + warnings == 0
            ? right + ", all is well."
            : "%s, %s, %s; --fix-sql prints the statements as one script."
                .formatted(right, Counts.of(errors, "error"), Counts.of(warnings, "warning")));
  }

  private static void printScript(PrintWriter out, List<Finding> findings) {
    out.println("-- For an administrator of the source. Each statement runs on its own: no");
    out.println("-- transaction around them. Settings that need a restart say so.");
    Set<List<String>> printed = new HashSet<>();
    for (Finding finding : findings) {
      if (finding.level() != Level.OK && !finding.sql().isEmpty() && printed.add(finding.sql())) {
        out.println();
        out.println("-- " + oneLine(finding.check() + ": " + finding.what()));
        out.println("-- " + oneLine(requireNonNull(finding.why())));
        finding.sql().forEach(out::println);
      }
    }
  }

  /** A table's name may hold a line break, behind which the comment would end. */
  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }
}
