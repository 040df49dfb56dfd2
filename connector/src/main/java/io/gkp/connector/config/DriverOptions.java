package io.gkp.connector.config;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/**
 * Options of a connection string as the JDBC driver knows them: libpq's names and the driver's own
 * are taken. What cannot be honoured is refused by its name, and nothing is left out in silence.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS">PostgreSQL:
 *     parameter key words</a>
 * @see <a href="https://jdbc.postgresql.org/documentation/use/">the driver's parameters</a>
 */
final class DriverOptions {
  /** Where to connect to and as whom; {@link SourceAddress} has fields for these. */
  private static final Set<String> ADDRESS =
      Set.of("host", "hostaddr", "port", "dbname", "user", "password", "passfile");

  private static final Set<String> SECRETS = Set.of("password", "sslpassword");

  /** libpq's names that the driver has another one for. */
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          entry("application_name", "ApplicationName"),
          entry("fallback_application_name", "ApplicationName"),
          entry("connect_timeout", "connectTimeout"),
          entry("channel_binding", "channelBinding"),
          entry("require_auth", "requireAuth"),
          entry("gssencmode", "gssEncMode"),
          entry("krbsrvname", "kerberosServerName"),
          entry("sslnegotiation", "sslNegotiation"),
          entry("keepalives", "tcpKeepAlive"),
          entry("load_balance_hosts", "loadBalanceHosts"),
          entry("target_session_attrs", "targetServerType"));

  /** Values of these that mean what the run does anyway; with any other they are refused. */
  private static final Map<String, Set<String>> ONLY =
      Map.ofEntries(
          entry("client_encoding", Set.of("auto", "utf8", "utf-8", "unicode")),
          entry("sslcompression", Set.of("0")),
          entry("sslsni", Set.of("1")),
          entry("sslcertmode", Set.of("allow")),
          entry("ssl_min_protocol_version", Set.of("tlsv1", "tlsv1.1", "tlsv1.2")),
          entry("min_protocol_version", Set.of("3.0")),
          entry("max_protocol_version", Set.of("3.0", "3.2", "latest")),
          entry("gssdelegation", Set.of("0")));

  private static final String THE_RUN = "the run sets it itself; leave it out";
  private static final String NO_WAY = "the JDBC driver has nothing like it; leave it out";

  /** What is refused, and what to do in its place. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          entry("service", "write host, port, dbname and user out"),
          entry("servicefile", "write host, port, dbname and user out"),
          entry("replication", THE_RUN),
          entry("preferQueryMode", THE_RUN),
          entry("assumeMinServerVersion", THE_RUN),
          entry("readOnly", THE_RUN),
          entry("autosave", THE_RUN),
          entry("binaryTransferEnable", THE_RUN),
          entry("currentSchema", "name tables as schema.table in --tables"),
          entry("schema", "name tables as schema.table in --tables"),
          entry("keepalives_idle", "set the time with --network-timeout"),
          entry("keepalives_interval", "set the time with --network-timeout"),
          entry("keepalives_count", "set the time with --network-timeout"),
          entry("tcp_user_timeout", "set the time with --network-timeout"),
          entry("requirepeer", NO_WAY),
          entry("sslcrl", NO_WAY),
          entry("sslcrldir", NO_WAY),
          entry("ssl_max_protocol_version", NO_WAY),
          entry("sslkeylogfile", NO_WAY),
          entry("scram_client_key", NO_WAY),
          entry("scram_server_key", NO_WAY),
          entry("oauth_issuer", NO_WAY),
          entry("oauth_client_id", NO_WAY),
          entry("oauth_client_secret", NO_WAY),
          entry("oauth_scope", NO_WAY),
          entry("PGHOST", "write host"),
          entry("PGPORT", "write port"),
          entry("PGDBNAME", "write dbname"));

  /** Of Google's socket factories for Cloud SQL and AlloyDB. */
  private static final Predicate<String> OF_CONNECTORS =
      name ->
          name.matches("(cloudSql|alloydb|alloyDb)[A-Za-z]+")
              || Set.of("enableIamAuth", "ipTypes", "unixSocketPath").contains(name);

  private static final Set<String> NUMBERS =
      Set.of("connectTimeout", "loginTimeout", "socketTimeout");

  private static final Set<String> AUTHENTICATION =
      Set.of("password", "md5", "gss", "sspi", "scram-sha-256", "none");

  private DriverOptions() {}

  static boolean isSecret(String name) {
    return SECRETS.contains(name);
  }

  /** Whether an option of this name has a meaning, if only that of being refused. */
  static boolean isKnown(String name) {
    return known().contains(name) || OF_CONNECTORS.test(name);
  }

  private static Set<String> known() {
    Set<String> names = new HashSet<>(ADDRESS);
    names.addAll(RENAMED.keySet());
    names.addAll(ONLY.keySet());
    names.addAll(REFUSED.keySet());
    for (PGProperty property : PGProperty.values()) {
      names.add(property.getName());
    }
    return names;
  }

  /**
   * The driver's options for what a connection string says.
   *
   * @param parameters as the string names them; those of the address are left out
   * @throws IllegalArgumentException naming every option that cannot be honoured
   */
  static Map<String, String> of(Map<String, String> parameters) {
    Map<String, String> options = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    parameters.forEach(
        (name, value) -> {
          if (!ADDRESS.contains(name)) {
            try {
              put(options, name, value);
            } catch (IllegalArgumentException e) {
              problems.add(e.getMessage());
            }
          }
        });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return options;
  }

  private static void put(Map<String, String> options, String name, String value) {
    if (!isKnown(name)) {
      throw new IllegalArgumentException(
          (name.matches("[A-Za-z][A-Za-z_]{0,30}") ? "unknown option " + name : "an unknown option")
              + Suggestion.among(known(), name).map(s -> "; did you mean " + s + "?").orElse(""));
    }
    if (REFUSED.containsKey(name)) {
      throw new IllegalArgumentException(
          "option " + name + " cannot be honoured: " + REFUSED.get(name));
    }
    if (ONLY.containsKey(name)) {
      require(name, value.toLowerCase(Locale.ROOT), ONLY.get(name));
      return;
    }
    if (name.equals("fallback_application_name")) {
      options.putIfAbsent(RENAMED.get(name), value);
      return;
    }
    String option = RENAMED.getOrDefault(name, name);
    options.put(option, checked(name, option, translated(name, value)));
  }

  private static String translated(String name, String value) {
    return switch (name) {
      case "keepalives" -> require(name, value, Set.of("0", "1")).equals("1") ? "true" : "false";
      case "load_balance_hosts" ->
          require(name, value, Set.of("disable", "random")).equals("random") ? "true" : "false";
      case "target_session_attrs" -> {
        if (Set.of("read-only", "standby", "prefer-standby").contains(value)) {
          throw new IllegalArgumentException(
              "option target_session_attrs: an export reads from the primary; write read-write");
        }
        require(name, value, Set.of("any", "read-write", "primary"));
        yield value.equals("any") ? value : "primary";
      }
      default -> value;
    };
  }

  private static String checked(String name, String option, String value) {
    if (option.equals("sslmode") && value.equals("no-verify")) {
      throw new IllegalArgumentException(
          "sslmode=no-verify is not PostgreSQL's; write sslmode=verify-full&sslrootcert=FILE, or"
              + " sslmode=require to trust whoever answers");
    }
    if (option.equals("targetServerType")) {
      return require(name, value, Set.of("any", "primary", "master", "preferPrimary"));
    }
    if (option.equals("requireAuth")) {
      for (String method : value.split(",", -1)) {
        require(name, method.strip().replaceFirst("^!", ""), AUTHENTICATION);
      }
      return value;
    }
    if (NUMBERS.contains(option)) {
      if (!value.matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException("option " + name + " is a number of seconds");
      }
      return value;
    }
    if (option.equals("ssl")) {
      return require(name, value.isEmpty() ? "true" : value, Set.of("true", "false"));
    }
    PGProperty property = PGProperty.forName(option);
    String[] choices = property == null ? null : property.getChoices();
    return choices == null ? value : require(name, value, Set.of(choices));
  }

  private static String require(String name, String value, Set<String> allowed) {
    if (!allowed.contains(value)) {
      throw new IllegalArgumentException(
          "option "
              + name
              + " takes "
              + allowed.stream().sorted().collect(Collectors.joining(", ")));
    }
    return value;
  }
}
