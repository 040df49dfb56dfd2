package io.gkp.failure;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text of others (names, messages of servers, rows of the dataset) as a line that may be shown: it
 * neither commands a terminal nor looks like lines of ours.
 *
 * @see <a href="https://owasp.org/www-community/attacks/Log_Injection">log injection</a>
 */
public final class SafeText {
  private static final Pattern BREAKS =
      Pattern.compile("[ \\t]*[\\r\\n\\x0B\\f\\x85\\u2028\\u2029]+[ \\t]*");

  /** Controls, and what turns the direction of writing round. */
  private static final Pattern COMMANDS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}&&[^\\t]]");

  private static final Pattern COMMANDS_BESIDE_BREAKS =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029&&[^\\t\\n\\r]]");

  private SafeText() {}

  /** One line; a question mark stands for what would be a command. Empty for null. */
  public static String line(@Nullable String text) {
    return text == null
        ? ""
        : COMMANDS.matcher(BREAKS.matcher(text).replaceAll(" ")).replaceAll("?");
  }

  /** The same lines, without commands. */
  public static String lines(String text) {
    return COMMANDS_BESIDE_BREAKS.matcher(text).replaceAll("?");
  }
}
