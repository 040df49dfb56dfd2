package io.gkp.connector.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.gkp.connector.cli.log.Logs;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.logstash.logback.encoder.LoggingEventCompositeJsonEncoder;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Watches every test and property of this module: whatever a run or a command tells (log at its
 * most verbose, standard output and error, report, control tables) holds no value of a captured
 * table.
 *
 * <p>Values are what the tables of closed deployments held. One that is short, a number, a name, or
 * a word of the product's own texts proves nothing and is not looked for. What an operator wrote on
 * a command line may be repeated. Keys may stand in what {@code verify} reports.
 */
public final class Secrecy implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final int SHORTEST = ValueSearch.SHORTEST;
  private static final int LONGEST = 40;
  private static final int MOST_VALUES = 400;
  private static final int MOST_TOLD = 4_000_000;
  private static final Pattern NUMBER = Pattern.compile("[0-9eE.:T+-]+|true|false|null");
  private static final Pattern TIME = Pattern.compile("\"time\":\"[^\"]*\"");

  private static final String OWN_TEXTS = ownTexts();
  private static final Set<String> KEYS = new LinkedHashSet<>();
  private static final Set<String> OTHERS = new LinkedHashSet<>();
  private static final Set<String> NAMES = new LinkedHashSet<>();

  /** PostgreSQL's own, asked once. */
  private static final Set<String> SYSTEM_NAMES = new HashSet<>();

  private static final Set<String> GIVEN = new LinkedHashSet<>();
  private static final Set<String> TOLD = new LinkedHashSet<>();
  private static final Set<String> VERIFIED = new LinkedHashSet<>();
  private static volatile int told;
  private static boolean listening;

  /** What stands in the sources of all modules. */
  private static String ownTexts() {
    StringBuilder texts = new StringBuilder();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path sources :
          modules.map(module -> module.resolve("src/main")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(sources)) {
          for (Path file :
              files.filter(path -> path.toString().matches(".*\\.(java|sql|yaml)")).toList()) {
            texts.append(Files.readString(file));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts.toString();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    begin();
  }

  static void begin() {
    listen();
    forget();
  }

  private static synchronized void listen() {
    if (listening) {
      return;
    }
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("io.gkp");
    ThresholdFilter quiet = new ThresholdFilter();
    quiet.setLevel("WARN");
    quiet.start();
    Iterator<Appender<ILoggingEvent>> shown = root.iteratorForAppenders();
    while (shown.hasNext()) {
      shown.next().addFilter(quiet);
    }
    LoggingEventCompositeJsonEncoder encoder = Logs.jsonEncoder(root);
    AppenderBase<ILoggingEvent> ear =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (told < MOST_TOLD) {
              tell(TIME.matcher(new String(encoder.encode(event), UTF_8)).replaceFirst(""));
            }
          }
        };
    ear.setContext(root.getLoggerContext());
    ear.start();
    root.addAppender(ear);
    ours.setLevel(Level.DEBUG);
    listening = true;
  }

  private static synchronized void forget() {
    List.of(KEYS, OTHERS, NAMES, GIVEN, TOLD, VERIFIED).forEach(Collection::clear);
    told = 0;
  }

  /** Something that anybody may read. */
  public static synchronized void tell(String text) {
    add(TOLD, text);
  }

  private static void add(Set<String> lines, String text) {
    if (told < MOST_TOLD && lines.add(text)) {
      told += text.length();
    }
  }

  /** What a command printed, or a server answered, and what it was given. */
  public static synchronized void tell(String[] arguments, String... printed) {
    GIVEN.addAll(Arrays.asList(arguments));
    boolean verifies = Stream.of(arguments).anyMatch(argument -> argument.matches("(--)?verify"));
    Stream.of(printed).forEach(text -> add(verifies ? VERIFIED : TOLD, text));
  }

  /** Looks at what the captured tables hold, as far as they can be asked. */
  public static synchronized void keep(TestPostgres.Database database, List<TableName> tables) {
    if (KEYS.size() + OTHERS.size() >= MOST_VALUES) {
      return;
    }
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      if (SYSTEM_NAMES.isEmpty()) {
        SYSTEM_NAMES.addAll(names(statement, "<"));
      }
      NAMES.addAll(names(statement, ">="));
      for (TableName table : tables) {
        try (ResultSet value =
            statement.executeQuery(
                "SELECT DISTINCT left(v.value, "
                    + LONGEST
                    + "), v.key IN (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON"
                    + " a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid ="
                    + " x.tableoid) FROM (SELECT tableoid, to_jsonb(t) AS j FROM "
                    + table.quoted()
                    + " t LIMIT 100) x, jsonb_each_text(x.j) v WHERE length(v.value) >= "
                    + SHORTEST)) {
          while (value.next()) {
            (value.getBoolean(2) ? KEYS : OTHERS).add(value.getString(1));
          }
        }
      }
    } catch (SQLException e) {
      // The test has dropped the table, or ended the server.
    }
  }

  /** What objects are called whose ids lie below or from where a server begins to count. */
  private static Set<String> names(Statement statement, String comparison) throws SQLException {
    Set<String> names = new LinkedHashSet<>();
    try (ResultSet name =
        statement.executeQuery(
            """
            SELECT attname FROM pg_attribute WHERE attrelid %1$s
            UNION SELECT relname FROM pg_class WHERE oid %1$s
            UNION SELECT nspname FROM pg_namespace WHERE oid %1$s
            UNION SELECT rolname FROM pg_roles WHERE oid %1$s
            UNION SELECT datname FROM pg_database WHERE oid %1$s
            UNION SELECT enumlabel FROM pg_enum WHERE oid %1$s
            UNION SELECT typname FROM pg_type WHERE oid %1$s"""
                .formatted(comparison + " 16384"))) {
      while (name.next()) {
        names.add(name.getString(1));
      }
    }
    return names;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    check();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    end();
  }

  static void end() {
    check();
    forget();
  }

  static synchronized void check() {
    Set<String> leaks = new LinkedHashSet<>();
    leaks.addAll(leaks(union(KEYS, OTHERS), TOLD));
    leaks.addAll(leaks(without(OTHERS, KEYS), VERIFIED));
    if (!leaks.isEmpty()) {
      forget();
      throw new AssertionError(
          "Row values were told:\n" + leaks.stream().limit(10).collect(Collectors.joining("\n")));
    }
  }

  private static List<String> leaks(Set<String> values, Set<String> lines) {
    ValueSearch search = new ValueSearch(values.stream().filter(Secrecy::isWorthLooking).toList());
    Map<String, String> found = new LinkedHashMap<>();
    for (String line : lines) {
      search.in(line).forEach(value -> found.putIfAbsent(value, line));
    }
    String given = String.join("\n", GIVEN);
    return found.entrySet().stream()
        .filter(leak -> isTelling(leak.getKey(), given))
        .map(leak -> "the value " + leak.getKey() + " is in: " + leak.getValue())
        .toList();
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    Set<String> all = new LinkedHashSet<>(some);
    all.addAll(more);
    return all;
  }

  private static Set<String> without(Set<String> some, Set<String> others) {
    Set<String> rest = new LinkedHashSet<>(some);
    rest.removeAll(others);
    return rest;
  }

  private static boolean isWorthLooking(String value) {
    return value.length() >= SHORTEST
        && !NAMES.contains(value)
        && !SYSTEM_NAMES.contains(value)
        && value.chars().anyMatch(Character::isLetter)
        && !NUMBER.matcher(value).matches();
  }

  private static boolean isTelling(String value, String given) {
    return !OWN_TEXTS.contains(value) && !given.contains(value);
  }
}
