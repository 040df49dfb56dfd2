package io.gkp.connector.config;

import io.gkp.name.TableName;
import io.gkp.offsets.Shard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the changes come from.
 *
 * @param address how it is connected to, by SQL and by replication
 * @param slot logical replication slot; created by the first run
 * @param publication publication that holds the captured tables
 * @param tables captured tables, at least one
 * @param protection columns of these tables that are not exported as they are
 * @param networkTimeout how long the server may say nothing while it is waited for; what is still
 *     working then is waited for all the same
 * @param backfillRole role that conditions of backfills are evaluated as; null for the user's own
 */
public record SourceConfig(
    SourceAddress address,
    String slot,
    String publication,
    List<TableName> tables,
    ProtectionConfig protection,
    Duration networkTimeout,
    @Nullable String backfillRole) {

  public static final String DEFAULT_SLOT = "gkp_export";
  public static final String DEFAULT_PUBLICATION = "gkp_export";

  /** The operational history of the Grounded Knowledge Platform, as it comes. */
  public static final List<TableName> PLATFORM_TABLES =
      List.of(new TableName("public", "ingestion_runs"), new TableName("public", "eval_runs"));

  /**
   * The same, and the log of questions that this project proposes: captured as far as they exist.
   */
  public static final List<TableName> DEFAULT_TABLES =
      List.of(
          new TableName("public", "query_logs"), PLATFORM_TABLES.get(0), PLATFORM_TABLES.get(1));

  public SourceConfig {
    tables = List.copyOf(tables);
    checkSlot(slot);
    checkPublication(publication);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("--tables: at least one table is needed");
    }
    protection.requireCaptured(tables);
  }

  /** The same source, some of its tables only. */
  public SourceConfig withTables(List<TableName> some) {
    return new SourceConfig(
        address, slot, publication, some, protection.of(some), networkTimeout, backfillRole);
  }

  /** The part of the source that is a shard's: its own slot, publication and tables. */
  SourceConfig of(Shard shard, List<TableName> some) {
    return new SourceConfig(
        address,
        shard.name(slot),
        shard.name(publication),
        some,
        protection.of(some),
        networkTimeout,
        backfillRole);
  }

  /** The same source, with other columns protected. */
  public SourceConfig withProtection(ProtectionConfig other) {
    return with(address, other, networkTimeout, backfillRole);
  }

  SourceConfig withNetworkTimeout(Duration other) {
    return with(address, protection, other, backfillRole);
  }

  /** The same source, with another role for conditions; null for none. */
  public SourceConfig withBackfillRole(@Nullable String other) {
    return with(address, protection, networkTimeout, other);
  }

  /** The same source, by one of its hosts: several servers may answer, and one is read from. */
  public SourceConfig at(SourceAddress.Host host) {
    return with(address.at(host), protection, networkTimeout, backfillRole);
  }

  private SourceConfig with(
      SourceAddress newAddress,
      ProtectionConfig newProtection,
      Duration newNetworkTimeout,
      @Nullable String newBackfillRole) {
    return new SourceConfig(
        newAddress, slot, publication, tables, newProtection, newNetworkTimeout, newBackfillRole);
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
   * Reads {@code postgresql://user:password@host:port/database?option=value}, or whatever else
   * libpq takes.
   *
   * @throws IllegalArgumentException saying what is wrong, without the URL (it may hold a password)
   */
  public static SourceConfig parse(
      String url,
      @Nullable String defaultPassword,
      String slot,
      String publication,
      List<TableName> tables) {
    SourceAddress address;
    try {
      address = SourceAddress.parse(url, defaultPassword);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--source-url: " + e.getMessage());
    }
    return new SourceConfig(
        address,
        slot,
        publication,
        tables,
        ProtectionConfig.NONE,
        ExportConfig.DEFAULT_NETWORK_TIMEOUT,
        null);
  }

  /** The source's host, or hosts, for messages. */
  public String host() {
    return address.describeHosts();
  }

  public String database() {
    return address.database();
  }

  public String user() {
    return address.user();
  }

  /** Null where none is given. */
  public @Nullable String password() {
    return address.password();
  }

  /** The JDBC driver's. */
  public Map<String, String> options() {
    return address.options();
  }

  /** {@code host:port/database}, for messages; never holds the password. */
  public String describe() {
    return address.describe();
  }

  /** Never holds the password. */
  @Override
  public String toString() {
    return "SourceConfig[" + address + ", slot=" + slot + ", tables=" + tables + "]";
  }
}
