package io.gkp.connector.cli;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.DestinationOptions;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lays out every command's help alike: what must be typed, what the command does, examples, the
 * command's own options, and last the options that many commands share.
 */
final class HelpLayout {
  /** Where options are declared that are the same in many commands. */
  private static final Set<Class<?>> SHARED =
      Set.of(ConnectionOptions.class, DestinationOptions.class);

  /** Sections of options, in the order in which they are printed. */
  private enum Section {
    OWN("Options"),
    SHARED("Source, destination and columns (the same for every command)"),
    GENERAL("General");

    private final String heading;

    Section(String heading) {
      this.heading = heading;
    }

    static Section of(OptionSpec option) {
      if (Set.of("--help", "--version", "--verbose", "--output").contains(option.longestName())) {
        return GENERAL;
      }
      return option.userObject() instanceof Field field
              && HelpLayout.SHARED.contains(field.getDeclaringClass())
          ? SHARED
          : OWN;
    }
  }

  private HelpLayout() {}

  /** Has a command and all that are below it print their help in this way. */
  static void use(CommandLine line) {
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpLayout::synopsis);
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
    line.getSubcommands().values().forEach(HelpLayout::use);
  }

  private static String synopsis(Help help) {
    CommandSpec command = help.commandSpec();
    List<String> words = new ArrayList<>();
    words.add(command.qualifiedName());
    command.options().stream()
        .filter(option -> option.required() && option.group() == null)
        .forEach(option -> words.add(option.longestName() + "=" + option.paramLabel()));
    command.argGroups().stream().map(ArgGroupSpec::synopsis).forEach(words::add);
    words.add("[OPTIONS]");
    command.positionalParameters().stream()
        .map(PositionalParamSpec::paramLabel)
        .forEach(words::add);
    if (!command.subcommands().isEmpty()) {
      words.add("COMMAND");
    }
    return String.join(" ", words) + System.lineSeparator();
  }

  private static String options(Help help) {
    return Arrays.stream(Section.values())
        .map(section -> section(help, section))
        .collect(Collectors.joining());
  }

  private static String section(Help help, Section section) {
    List<OptionSpec> options =
        help.commandSpec().options().stream()
            .filter(option -> !option.hidden() && Section.of(option) == section)
            .sorted(Help.createShortOptionNameComparator())
            .toList();
    if (options.isEmpty()) {
      return "";
    }
    Layout layout = help.createDefaultLayout();
    layout.addOptions(options, help.parameterLabelRenderer());
    return System.lineSeparator() + section.heading + ":" + System.lineSeparator() + layout;
  }
}
