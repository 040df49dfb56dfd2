package io.gkp.connector.config;

import io.gkp.name.Loopback;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the source is, and how it is connected to: the one value from which every connection is
 * made, by SQL and by replication.
 *
 * <p>Three rules protect the password where a connection string says nothing:
 *
 * <ol>
 *   <li>Off this machine {@code sslmode} is {@code verify-full}, and not libpq's {@code prefer}.
 *   <li>Off this machine the server must ask for it by SCRAM, which proves that the server has it
 *       already.
 *   <li>On this machine the server may not ask for it in clear.
 * </ol>
 *
 * @param hosts at least one; of several the primary is taken
 * @param password null where none is given
 * @param options of the JDBC driver
 */
public record SourceAddress(
    List<Host> hosts,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> options) {

  /**
   * One server.
   *
   * @param name its name or address, or the directory of its Unix socket
   */
  public record Host(String name, int port) {
    /** Whether {@link #name} is the directory of a Unix socket. */
    public boolean isUnixSocket() {
      return name.startsWith("/");
    }

    /** The socket's file, named as the server names it. */
    public Path socketFile() {
      return Path.of(name, ".s.PGSQL." + port);
    }

    boolean isOnThisMachine() {
      return isUnixSocket() || Loopback.is(name);
    }

    @Override
    public String toString() {
      return (name.indexOf(':') < 0 || isUnixSocket() ? name : "[" + name + "]") + ":" + port;
    }
  }

  private static final String DEFAULT_PORT = "5432";
  private static final String SSL_MODE = "sslmode";
  private static final String VERIFY_FULL = "verify-full";

  /** Modes of {@code sslmode} in which nothing is sent in clear, whatever the server says. */
  private static final Set<String> ENCRYPTED = Set.of("require", "verify-ca", VERIFY_FULL);

  /** Options whose values may be shown; any other may be a secret. */
  private static final Set<String> OPEN_OPTIONS =
      Set.of(
          SSL_MODE,
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslfactory",
          "sslNegotiation",
          "channelBinding",
          "requireAuth",
          "gssEncMode",
          "connectTimeout",
          "socketTimeout",
          "loginTimeout",
          "tcpKeepAlive",
          "targetServerType",
          "loadBalanceHosts",
          "socketFactory",
          "cloudSqlInstance",
          "enableIamAuth");

  public SourceAddress {
    hosts = List.copyOf(hosts);
    options = Map.copyOf(options);
  }

  /**
   * Reads a connection string.
   *
   * @param defaultPassword where the string has none; may be null
   * @throws IllegalArgumentException saying what is wrong, and no value: any may hold a password
   */
  static SourceAddress parse(String text, @Nullable String defaultPassword) {
    Map<String, String> parameters = ConnectionString.parse(text);
    Map<String, String> options = DriverOptions.of(parameters);
    List<Host> hosts = hosts(parameters, options);
    String user = parameters.get("user");
    if (user == null) {
      throw new IllegalArgumentException("names no user; write postgresql://user@host/database");
    }
    SourceAddress address =
        new SourceAddress(
            hosts,
            parameters.getOrDefault("dbname", user),
            user,
            parameters.getOrDefault("password", defaultPassword),
            protectedOptions(hosts, options));
    String passfile = parameters.get("passfile");
    return address.password == null && passfile != null
        ? address.withPassword(PasswordFile.find(path(passfile), address))
        : address;
  }

  /** Whether a connection string has a secret in it; true, too, where it cannot be read. */
  static boolean holdsSecret(@Nullable String text) {
    if (text == null) {
      return false;
    }
    try {
      return ConnectionString.parse(text).keySet().stream().anyMatch(DriverOptions::isSecret);
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("passfile names no file");
    }
  }

  private static List<Host> hosts(Map<String, String> parameters, Map<String, String> options) {
    if (parameters.containsKey("host") && parameters.containsKey("hostaddr")) {
      throw new IllegalArgumentException(
          "option hostaddr cannot be honoured beside host; leave one of them out");
    }
    String names = parameters.getOrDefault("host", parameters.getOrDefault("hostaddr", ""));
    if (names.isEmpty() && options.containsKey("socketFactory")) {
      names = "localhost"; // the factory knows where to go
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "names no host; write postgresql://user@host/database, or"
              + " ?host=/var/run/postgresql for a Unix socket");
    }
    String[] name = names.split(",", -1);
    String[] port = parameters.getOrDefault("port", "").split(",", -1);
    if (port.length != 1 && port.length != name.length) {
      throw new IllegalArgumentException(
          "has " + name.length + " hosts and " + port.length + " ports");
    }
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < name.length; i++) {
      hosts.add(new Host(checkHost(name[i]), port(port[port.length == 1 ? 0 : i])));
    }
    if (hosts.size() > 1 && hosts.stream().anyMatch(Host::isUnixSocket)) {
      throw new IllegalArgumentException("has a Unix socket among several hosts; write one host");
    }
    return hosts;
  }

  private static String checkHost(String host) {
    if (host.startsWith("/")) {
      return host;
    }
    if (host.startsWith("@")) {
      throw new IllegalArgumentException(
          "names a Unix socket without a file, which cannot be honoured; write the directory of one"
              + " that has a file");
    }
    if (!host.matches("[\\p{L}\\p{N}._:%-]+")) {
      throw new IllegalArgumentException(
          host.isEmpty()
              ? "has an empty host among its hosts"
              : "names a host with characters that no host has; a password's are written as %40 for"
                  + " @, %2F for /, %3F for ?, %23 for #");
    }
    return host;
  }

  private static int port(String text) {
    String port = text.isEmpty() ? DEFAULT_PORT : text;
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > 65535) {
      throw new IllegalArgumentException(
          "has a port that is no number from 1 to 65535; if it is part of a password, write a / as"
              + " %2F, a ? as %3F, a # as %23, an @ as %40");
    }
    return Integer.parseInt(port);
  }

  /** What was given, and what protects the password where nothing was. */
  private static Map<String, String> protectedOptions(List<Host> hosts, Map<String, String> given) {
    Map<String, String> options = new TreeMap<>(given);
    boolean unixSocket = hosts.get(0).isUnixSocket();
    boolean near = hosts.stream().allMatch(Host::isOnThisMachine);
    if (unixSocket) { // sslmode is ignored there, says libpq's documentation
      options.put(SSL_MODE, "disable");
      options.put("gssEncMode", "disable");
    } else {
      encryption(options, near);
    }
    if ("require".equals(options.get("channelBinding"))
        && !ENCRYPTED.contains(options.getOrDefault(SSL_MODE, ""))) {
      throw new IllegalArgumentException(
          "channel_binding=require needs TLS; write sslmode=verify-full beside it");
    }
    if (hosts.size() > 1) { // the first that answers may be a standby
      options.merge("targetServerType", "primary", (one, other) -> "primary");
    }
    if (!isCarried(options)) {
      options.putIfAbsent(
          "requireAuth",
          near
              ? "!password"
              : options.containsKey("sslcert") ? "scram-sha-256,none" : "scram-sha-256");
    }
    return options;
  }

  private static void encryption(Map<String, String> options, boolean near) {
    if ("true".equals(options.remove("ssl"))) {
      options.putIfAbsent(SSL_MODE, VERIFY_FULL); // as the driver takes it
    }
    String roots = options.get("sslrootcert");
    if ("system".equals(roots)) { // as libpq since 16: these authorities sign for anybody's host
      if (!options.getOrDefault(SSL_MODE, VERIFY_FULL).equals(VERIFY_FULL)) {
        throw new IllegalArgumentException(
            "sslrootcert=system needs sslmode=verify-full: these authorities sign for anybody");
      }
      options.remove("sslrootcert");
      options.put(SSL_MODE, VERIFY_FULL);
      options.putIfAbsent("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    } else if (roots != null && "require".equals(options.get(SSL_MODE))) {
      options.put(SSL_MODE, "verify-ca"); // as libpq; the driver would not look at the file
    }
    if (!near && !isCarried(options)) {
      options.putIfAbsent(SSL_MODE, VERIFY_FULL);
    }
  }

  /** Whether one of Google's connectors makes the connection, and encrypts it by itself. */
  private static boolean isCarried(Map<String, String> options) {
    return options.getOrDefault("socketFactory", "").startsWith("com.google.cloud.");
  }

  /** Whether it is certain whose server answers. */
  public boolean isVerified() {
    return hosts.stream().allMatch(Host::isOnThisMachine)
        || isCarried(options)
        || options.getOrDefault(SSL_MODE, "").startsWith("verify-")
            && !options.getOrDefault("sslfactory", "").endsWith("NonValidatingFactory");
  }

  /** The same source, by one of its hosts. */
  public SourceAddress at(Host host) {
    return new SourceAddress(List.of(host), database, user, password, options);
  }

  private SourceAddress withPassword(@Nullable String other) {
    return new SourceAddress(hosts, database, user, other, options);
  }

  /** Its hosts with their ports, for messages. */
  public String describeHosts() {
    return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
  }

  /** {@code host:port/database}, for messages; never holds the password. */
  public String describe() {
    return describeHosts() + "/" + database;
  }

  /** The driver's options, for messages: values only of those that hold no secret. */
  Map<String, String> describeOptions() {
    Map<String, String> described = new TreeMap<>();
    options.forEach(
        (name, value) -> described.put(name, OPEN_OPTIONS.contains(name) ? value : "***"));
    return described;
  }

  /** Never holds the password. */
  @Override
  public String toString() {
    return user + "@" + describe();
  }
}
