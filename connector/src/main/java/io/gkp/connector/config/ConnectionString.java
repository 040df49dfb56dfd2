package io.gkp.connector.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads connection strings by libpq's rules, into parameters by name: {@code host}, {@code port},
 * {@code dbname}, {@code user}, {@code password}, and whatever else is given. Two forms are known:
 *
 * <pre>
 * postgresql://user:password@host1:port1,host2:port2/database?option=value&amp;...
 * host=... port=... dbname='...' user=...
 * </pre>
 *
 * <p>In front of a URL {@code jdbc:} may stand, and behind its scheme a driver of SQLAlchemy's,
 * such as {@code postgresql+psycopg2}. No message holds any part of what was read but the names of
 * options: a password may be anywhere in a string that is wrong.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING">PostgreSQL:
 *     connection strings</a>
 */
final class ConnectionString {
  private static final Pattern URL =
      Pattern.compile("(?:jdbc:)?postgres(?:ql)?(?:\\+[a-z0-9_]+)?://(.*)", Pattern.DOTALL);
  private static final Pattern KEYWORDS = Pattern.compile("[A-Za-z_]+\\s*=.*", Pattern.DOTALL);

  private final Map<String, String> parameters = new LinkedHashMap<>();

  private ConnectionString() {}

  /**
   * The parameters, in the order of the text; of two with one name the later counts.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static Map<String, String> parse(String text) {
    ConnectionString string = new ConnectionString();
    String stripped = text.strip();
    Matcher url = URL.matcher(stripped);
    if (url.matches()) {
      string.url(url.group(1));
    } else if (KEYWORDS.matcher(stripped).matches()) {
      string.keywords(stripped);
    } else {
      throw new IllegalArgumentException(
          "must start with postgresql://, or be of the form host=... dbname=... user=...");
    }
    return string.parameters;
  }

  /** As libpq does: user and password end at the first @, unless a slash comes before it. */
  private void url(String text) {
    String rest = text;
    int end = indexOfAny(rest, "@/");
    boolean credentials = end < rest.length() && rest.charAt(end) == '@';
    if (credentials) {
      credentials(rest.substring(0, end));
      rest = rest.substring(end + 1);
    }
    int query = rest.indexOf('?');
    String beforeQuery = query < 0 ? rest : rest.substring(0, query);
    refuseAnotherAt(beforeQuery, credentials);
    int path = beforeQuery.indexOf('/');
    hosts(path < 0 ? beforeQuery : beforeQuery.substring(0, path));
    if (path >= 0 && path + 1 < beforeQuery.length()) {
      parameters.put("dbname", decode(beforeQuery.substring(path + 1)));
    }
    if (query >= 0) {
      options(rest.substring(query + 1), credentials);
    }
  }

  private void credentials(String text) {
    int colon = text.indexOf(':');
    String user = decode(colon < 0 ? text : text.substring(0, colon));
    if (!user.isEmpty()) {
      parameters.put("user", user);
    }
    if (colon >= 0 && colon + 1 < text.length()) {
      parameters.put("password", decode(text.substring(colon + 1)));
    }
  }

  /** Neither hosts nor databases have one; but a password that was cut short leaves it there. */
  private static void refuseAnotherAt(String text, boolean credentials) {
    if (text.contains("@")) {
      throw new IllegalArgumentException(
          credentials
              ? "has more than one @; write an @ of user, password or database as %40"
              : "has a / before the @; write a / of user or password as %2F");
    }
  }

  private void hosts(String text) {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      int colon = one.indexOf(':');
      if (one.startsWith("[")) {
        int close = one.indexOf(']');
        if (close < 2 || !one.substring(close + 1).matches("(:.*)?")) {
          throw new IllegalArgumentException(
              "an IPv6 address stands in brackets, with nothing but :port behind them");
        }
        hosts.add(decode(one.substring(1, close)));
        colon = close + 1 < one.length() ? close + 1 : -1;
      } else {
        hosts.add(decode(colon < 0 ? one : one.substring(0, colon)));
      }
      ports.add(colon < 0 ? "" : decode(one.substring(colon + 1)));
    }
    if (!text.isEmpty()) {
      parameters.put("host", String.join(",", hosts));
      parameters.put("port", String.join(",", ports));
    }
  }

  private void options(String query, boolean credentials) {
    for (String option : query.split("&")) {
      if (option.isEmpty()) {
        continue;
      }
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : decode(option.substring(0, equals));
      boolean known = equals >= 0 && DriverOptions.isKnown(name);
      if (!known && query.contains("@")) { // cut off from a password, it may be part of one
        refuseAnotherAt(query, credentials);
      }
      if (!known && parameters.keySet().stream().anyMatch(DriverOptions::isSecret)) {
        throw new IllegalArgumentException(
            "has something after ? or & that is no option; write a & of a password as %26, a ? as"
                + " %3F");
      }
      if (equals < 0) {
        throw new IllegalArgumentException("has an option without = and a value");
      }
      parameters.put(name, decode(option.substring(equals + 1)));
    }
  }

  /** A plus sign is itself. */
  private static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int plain = 0;
    for (int percent = text.indexOf('%'); percent >= 0; percent = text.indexOf('%', plain)) {
      bytes.writeBytes(text.substring(plain, percent).getBytes(StandardCharsets.UTF_8));
      plain = Math.min(percent + 3, text.length());
      String digits = text.substring(percent + 1, plain);
      if (!digits.matches("[0-9A-Fa-f]{2}") || digits.equals("00")) {
        throw new IllegalArgumentException(
            "has a % that is not followed by two hexadecimal digits; write a % as %25");
      }
      bytes.write(Integer.parseInt(digits, 16));
    }
    bytes.writeBytes(text.substring(plain).getBytes(StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int indexOfAny(String text, String characters) {
    int i = 0;
    while (i < text.length() && characters.indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  private static final Pattern KEYWORD =
      Pattern.compile(
          "\\s*(?<name>[^=\\s]+)\\s*=\\s*"
              + "(?:'(?<quoted>(?:[^'\\\\]|\\\\.)*)'|(?<plain>(?:[^\\s'\\\\]|\\\\.)(?:[^\\s\\\\]|\\\\.)*)?)"
              + "(?=\\s|$)\\s*",
          Pattern.DOTALL);

  /** Values with spaces stand in single quotes; a backslash keeps what follows it. */
  private void keywords(String text) {
    Matcher keyword = KEYWORD.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!keyword.find(end) || keyword.start() != end) {
        throw new IllegalArgumentException(
            "is not of the form option=value option='a value'; in a value, write ' as \\' and \\"
                + " as \\\\");
      }
      end = keyword.end();
      String value =
          keyword.group("quoted") != null ? keyword.group("quoted") : keyword.group("plain");
      if (value != null && !value.isEmpty()) { // as libpq does, an empty one counts as none
        requireKnown(keyword.group("name"));
        parameters.put(keyword.group("name"), value.replaceAll("(?s)\\\\(.)", "$1"));
      }
    }
  }

  private void requireKnown(String name) {
    if (!DriverOptions.isKnown(name)
        && parameters.keySet().stream().anyMatch(DriverOptions::isSecret)) {
      throw new IllegalArgumentException(
          "has something behind the password that is no option; put a password with spaces into"
              + " single quotes");
    }
  }
}
