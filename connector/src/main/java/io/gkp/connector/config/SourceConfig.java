package io.gkp.connector.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the changes come from.
 *
 * @param options connection parameters of the JDBC driver, such as {@code sslmode}; they reach the
 *     replication connection too
 * @param slot logical replication slot; created by the first run
 * @param publication publication that holds the captured tables
 * @param tables captured tables, at least one
 * @param protection columns of these tables that are not exported as they are
 * @param networkTimeout how long the server may say nothing while it is waited for; what is still
 *     working then is waited for all the same
 */
public record SourceConfig(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> options,
    String slot,
    String publication,
    List<TableName> tables,
    ProtectionConfig protection,
    Duration networkTimeout) {

  public static final String DEFAULT_SLOT = "gkp_export";
  public static final String DEFAULT_PUBLICATION = "gkp_export";

  /** The operational history of the Grounded Knowledge Platform. */
  public static final List<TableName> DEFAULT_TABLES =
      List.of(
          new TableName("public", "query_logs"),
          new TableName("public", "ingestion_runs"),
          new TableName("public", "eval_runs"));

  private static final int DEFAULT_PORT = 5432;

  /** Options of the driver whose values may be shown; any other may be a secret. */
  private static final Set<String> OPEN_OPTIONS =
      Set.of(
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslfactory",
          "channelBinding",
          "gssEncMode",
          "connectTimeout",
          "socketTimeout",
          "loginTimeout",
          "tcpKeepAlive",
          "targetServerType",
          "socketFactory",
          "cloudSqlInstance",
          "enableIamAuth");

  public SourceConfig {
    options = Map.copyOf(options);
    tables = List.copyOf(tables);
    checkSlot(slot);
    checkPublication(publication);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("--tables: at least one table is needed");
    }
    protection.requireCaptured(tables);
  }

  /** The same source, with other columns protected. */
  public SourceConfig withProtection(ProtectionConfig other) {
    return with(other, networkTimeout);
  }

  SourceConfig withNetworkTimeout(Duration other) {
    return with(protection, other);
  }

  private SourceConfig with(ProtectionConfig newProtection, Duration newNetworkTimeout) {
    return new SourceConfig(
        host,
        port,
        database,
        user,
        password,
        options,
        slot,
        publication,
        tables,
        newProtection,
        newNetworkTimeout);
  }

  /** The server's own rule for slot names, checked before anything is connected to. */
  static String checkSlot(String slot) {
    if (!slot.matches("[a-z0-9_]{1,63}")) {
      throw new IllegalArgumentException(
          "lower-case letters, digits and underscores, at most 63, got " + slot);
    }
    return slot;
  }

  /**
   * Debezium sends the name as it is where the server reads an identifier, and folds what is not
   * quoted to lower case.
   */
  static String checkPublication(String publication) {
    if (!publication.matches("[a-z_][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException(
          "lower-case letters, digits and underscores, at most 63, got " + publication);
    }
    return publication;
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?option=value}.
   *
   * @throws IllegalArgumentException saying what is wrong, without the URL (it may hold a password)
   */
  public static SourceConfig parse(
      String url, String defaultPassword, String slot, String publication, List<TableName> tables) {
    URI uri;
    try {
      uri = new URI(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "--source-url: not a URL (encode special characters of the password as %XX): "
              + e.getReason());
    }
    if (!List.of("postgresql", "postgres").contains(String.valueOf(uri.getScheme()))) {
      throw new IllegalArgumentException("--source-url: must start with postgresql://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("--source-url: names no host");
    }
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
    if (path.isEmpty()) {
      throw new IllegalArgumentException("--source-url: names no database");
    }
    String[] credentials =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    if (credentials.length == 0 || credentials[0].isEmpty()) {
      throw new IllegalArgumentException("--source-url: names no user");
    }
    return new SourceConfig(
        uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        path,
        decode(credentials[0]),
        credentials.length > 1 ? decode(credentials[1]) : defaultPassword,
        options(uri.getRawQuery()),
        slot,
        publication,
        tables,
        ProtectionConfig.NONE,
        ExportConfig.DEFAULT_NETWORK_TIMEOUT);
  }

  /** Whether a source's URL has a password in it; false where there is no URL. */
  static boolean holdsPassword(String url) {
    return url != null && url.matches("[^/]*//[^/?@]*:[^/?]+@.*");
  }

  /** {@code host:port/database}, for messages; never holds the password. */
  public String describe() {
    return host + ":" + port + "/" + database;
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
    return "SourceConfig["
        + user
        + "@"
        + describe()
        + ", slot="
        + slot
        + ", tables="
        + tables
        + "]";
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new LinkedHashMap<>();
    if (query != null) {
      for (String pair : query.split("&")) {
        String[] keyValue = pair.split("=", 2);
        options.put(decode(keyValue[0]), keyValue.length > 1 ? decode(keyValue[1]) : "");
      }
    }
    return options;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
