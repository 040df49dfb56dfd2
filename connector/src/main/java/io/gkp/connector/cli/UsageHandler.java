package io.gkp.connector.cli;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.cli.log.Complaint;
import io.gkp.connector.cli.log.Logs;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with the command line, with a suggestion, in place of the whole help. Names of
 * options are said; what stands behind or between them is not, since it may be a secret.
 */
final class UsageHandler implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException error, String[] arguments) {
    CommandLine line = error.getCommandLine();
    PrintWriter err = line.getErr();
    if (line.getParent() == null && arguments.length == 0) {
      line.usage(err);
      return ExitCode.USAGE;
    }
    String help = "Try " + line.getCommandSpec().qualifiedName() + " --help.";
    if (Logs.isJson()) {
      Complaint.print(err, message(error) + " " + help, Failure.USAGE.code(), null, null);
      return ExitCode.USAGE;
    }
    Complaint.print(err, message(error), Failure.USAGE.code(), null, null);
    if (!suggestNested(error, err)) {
      UnmatchedArgumentException.printSuggestions(error, err);
    }
    err.println(help);
    err.flush();
    return ExitCode.USAGE;
  }

  /** Says where a command is that was given without its group. */
  private static boolean suggestNested(ParameterException error, PrintWriter err) {
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return false;
    }
    String word = unmatched.getUnmatched().get(0);
    List<String> nested =
        error.getCommandLine().getSubcommands().values().stream()
            .map(group -> group.getSubcommands().get(word))
            .filter(Objects::nonNull)
            .map(command -> command.getCommandSpec().qualifiedName())
            .toList();
    if (!nested.isEmpty()) {
      err.println("Did you mean: " + String.join(" or ", nested) + "?");
    }
    return !nested.isEmpty();
  }

  private static String message(ParameterException error) {
    if (error instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched());
    }
    ArgSpec argument = error.getArgSpec();
    if (argument != null && error.getValue() != null) {
      String name =
          argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
      return "%s cannot have the value that was given%s."
          .formatted(
              name,
              argument.completionCandidates() == null
                  ? ""
                  : ", but one of "
                      + String.join(", ", argument.completionCandidates())
                          .toLowerCase(Locale.ROOT));
    }
    return requireNonNull(error.getMessage()).replaceFirst("(?s) but (found|was) .*", "");
  }

  private static String unmatched(List<String> arguments) {
    List<String> options =
        arguments.stream()
            .map(argument -> argument.replaceFirst("(?s)=.*", ""))
            .filter(argument -> argument.matches("--[a-z-]+"))
            .toList();
    int others = arguments.size() - options.size();
    return (options.isEmpty() ? "" : "Unknown option: " + String.join(", ", options) + ". ")
        + (others == 0 ? "" : others + (others == 1 ? " argument" : " arguments") + " (not shown)")
        + (others == 0 ? "" : others == 1 ? " belongs to no option." : " belong to no option.");
  }
}
