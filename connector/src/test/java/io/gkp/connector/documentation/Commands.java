package io.gkp.connector.documentation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of {@code ./gkp_cli} in the pages, as a shell would cut them. */
public final class Commands {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private Commands() {}

  /** The words behind the program's name; a comment ends them, {@code ...} stands for settings. */
  public static String[] words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line.replaceFirst("^\\./gkp_cli ", ""));
    while (word.find()) {
      String text = word.group(1) != null ? word.group(1) : word.group(2);
      text = text != null ? text : word.group(3);
      if (text.startsWith("#")) {
        break;
      }
      if (!text.equals("...")) {
        words.add(text);
      }
    }
    return words.toArray(String[]::new);
  }
}
