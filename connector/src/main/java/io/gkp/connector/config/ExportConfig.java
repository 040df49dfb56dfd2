package io.gkp.connector.config;

import io.gkp.bigquery.DestinationConfig;
import io.gkp.name.TableName;
import io.gkp.offsets.Shard;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One catch-up run, parsed and valid.
 *
 * @param maxDuration the run stops at the first transaction end after this long, with exit code 3
 * @param policyTags what columns with personal data get in raw tables
 * @param views where the views over the raw tables are kept in step; empty where they are not
 * @param defaultTables whether nobody has named tables: those that do not exist are left out then
 * @param sharding which of several shards the run is
 */
public record ExportConfig(
    SourceConfig source,
    DestinationConfig destination,
    BatchLimits limits,
    Duration maxDuration,
    PolicyTags policyTags,
    Optional<ModelConfig> views,
    boolean defaultTables,
    Sharding sharding) {
  /** Shorter than the usual schedule of an hour, so that runs do not meet. */
  public static final Duration DEFAULT_MAX_DURATION = Duration.ofMinutes(50);

  /** As long as a subscriber of PostgreSQL's own waits ({@code wal_receiver_timeout}). */
  public static final Duration DEFAULT_NETWORK_TIMEOUT = DestinationConfig.DEFAULT_NETWORK_TIMEOUT;

  private static final Duration SHORTEST_NETWORK_TIMEOUT = Duration.ofSeconds(1);

  static Duration checkNetworkTimeout(Duration timeout) {
    if (timeout.compareTo(SHORTEST_NETWORK_TIMEOUT) < 0) {
      throw new IllegalArgumentException("at least 1s, got " + timeout.toMillis() + "ms");
    }
    return timeout;
  }

  /** With the views beside the raw tables. */
  public ExportConfig(
      SourceConfig source,
      DestinationConfig destination,
      BatchLimits limits,
      Duration maxDuration) {
    this(
        source,
        destination,
        limits,
        maxDuration,
        PolicyTags.NONE,
        Optional.of(viewsBeside(destination)),
        false,
        Sharding.NONE);
  }

  private static ModelConfig viewsBeside(DestinationConfig destination) {
    return ModelConfig.of(Datasets.one(destination.project(), destination.dataset()));
  }

  /** The same run, more or less patient with connections that have fallen silent. */
  public ExportConfig withNetworkTimeout(Duration timeout) {
    return new ExportConfig(
        source.withNetworkTimeout(timeout),
        destination.withNetworkTimeout(timeout),
        limits,
        maxDuration,
        policyTags,
        views,
        defaultTables,
        sharding);
  }

  /** The same run, as one of several shards that have not divided the tables yet. */
  public ExportConfig withSharding(Sharding other) {
    return new ExportConfig(
        source, destination, limits, maxDuration, policyTags, views, defaultTables, other);
  }

  /**
   * The part of the run that is a shard's.
   *
   * @param count how many shards there are
   * @param tables the shard's; at least one
   */
  public ExportConfig of(Shard shard, int count, List<TableName> tables) {
    return new ExportConfig(
        source.of(shard, tables),
        destination,
        limits,
        maxDuration,
        policyTags,
        views,
        false,
        new Sharding(shard.number(), count, sharding.groups()));
  }

  /** The shard that the run is; the first where there are none. */
  public Shard shard() {
    return sharding.number() == 0 ? Shard.FIRST : new Shard(sharding.number());
  }

  /** The same run, with other tags for columns with personal data. */
  public ExportConfig withPolicyTags(PolicyTags tags) {
    return new ExportConfig(
        source, destination, limits, maxDuration, tags, views, defaultTables, sharding);
  }

  /** The same run from another source. */
  public ExportConfig withSource(SourceConfig other) {
    return new ExportConfig(
        other, destination, limits, maxDuration, policyTags, views, defaultTables, sharding);
  }

  /** Every setting with the value that is in force, defaults included; no secrets. */
  public Map<String, Object> describe() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("source", source.user() + "@" + source.describe());
    settings.put("source-password", source.password() == null ? "none" : "***");
    settings.put("source-options", source.address().describeOptions());
    settings.put(Setting.TABLES.key(), source.tables());
    settings.put(Setting.EXCLUDE_COLUMNS.key(), source.protection().excluded());
    settings.put(Setting.HASH_COLUMNS.key(), source.protection().hashed());
    settings.put(Setting.NEW_COLUMNS.key(), source.protection().newColumns().text());
    settings.put(Setting.SLOT.key(), source.slot());
    settings.put(Setting.PUBLICATION.key(), source.publication());
    if (sharding.isOneOfSeveral()) {
      settings.put(Setting.SHARD.key(), sharding.number() + "/" + sharding.count());
    }
    settings.put(Setting.BACKFILL_ROLE.key(), source.backfillRole());
    settings.put(Setting.PROJECT.key(), destination.project());
    settings.put(Setting.DATASET.key(), destination.dataset());
    settings.put(Setting.LOCATION.key(), destination.location());
    settings.put(Setting.BIGQUERY_HOST.key(), destination.host());
    settings.put(Setting.BATCH_BYTES.key(), limits.maxPartBytes());
    settings.put(Setting.BATCH_AGE.key(), limits.maxAge());
    settings.put(Setting.IN_FLIGHT_BYTES.key(), limits.maxInFlightBytes());
    settings.put(Setting.COMPRESSION.key(), limits.compression().text());
    settings.put(Setting.SNAPSHOT_CHUNK_BYTES.key(), limits.snapshotChunkBytes());
    settings.put(Setting.MAX_DURATION.key(), maxDuration);
    settings.put(Setting.VIEWS.key(), views.isPresent());
    settings.put(Setting.NETWORK_TIMEOUT.key(), source.networkTimeout());
    return settings;
  }
}
