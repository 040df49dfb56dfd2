package io.gkp.connector.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be configured: as a flag, in the environment, or in the file that {@code
 * --config} names.
 */
public enum Setting {
  ENABLED("enabled", "GKP_EXPORT_ENABLED"),
  PROJECT("project", "GKP_PROJECT"),
  DATASET("dataset", "GKP_DATASET"),
  CURATED_DATASET("curated-dataset", "GKP_CURATED_DATASET"),
  MARTS_DATASET("marts-dataset", "GKP_MARTS_DATASET"),
  FOLD("fold", "GKP_FOLD"),
  RAW_RETENTION_DAYS("raw-retention-days", "GKP_RAW_RETENTION_DAYS"),
  POLICY_TAGS("policy-tags", "GKP_POLICY_TAGS"),
  VIEWS("views", "GKP_VIEWS"),
  LOCATION("location", "GKP_LOCATION"),
  BIGQUERY_HOST("bigquery-host", "BIGQUERY_EMULATOR_HOST"),
  SOURCE_URL("source-url", "DATABASE_URL"),
  SOURCE_PASSWORD("source-password", "PGPASSWORD"),
  TABLES("tables", "GKP_TABLES"),
  EXCLUDE_COLUMNS("exclude-columns", "GKP_EXCLUDE_COLUMNS"),
  HASH_COLUMNS("hash-columns", "GKP_HASH_COLUMNS"),
  HASH_SALT("hash-salt", "GKP_HASH_SALT"),
  HASH_SALT_FILE("hash-salt-file", "GKP_HASH_SALT_FILE"),
  NEW_COLUMNS("new-columns", "GKP_NEW_COLUMNS"),
  SLOT("slot", "GKP_SLOT"),
  PUBLICATION("publication", "GKP_PUBLICATION"),
  SHARD("shard", "GKP_SHARD"),
  SHARD_COUNT("shard-count", "GKP_SHARD_COUNT"),
  SHARDS("shards", "GKP_SHARDS"),
  BACKFILL_ROLE("backfill-role", "GKP_BACKFILL_ROLE"),
  MAX_DURATION("max-duration", "GKP_MAX_DURATION"),
  BATCH_BYTES("batch-bytes", "GKP_BATCH_BYTES"),
  BATCH_AGE("batch-age", "GKP_BATCH_AGE"),
  IN_FLIGHT_BYTES("in-flight-bytes", "GKP_IN_FLIGHT_BYTES"),
  COMPRESSION("compression", "GKP_COMPRESSION"),
  SNAPSHOT_CHUNK_BYTES("snapshot-chunk-bytes", "GKP_SNAPSHOT_CHUNK_BYTES"),
  NETWORK_TIMEOUT("network-timeout", "GKP_NETWORK_TIMEOUT"),
  REFRESH_MODELS("refresh-models", "GKP_REFRESH_MODELS"),
  SERVE_ENABLED("serve-enabled", "GKP_SERVE_ENABLED"),
  SERVE_URL("serve-url", "GKP_SERVE_URL"),
  SERVE_ADMINS("serve-admins", "GKP_SERVE_ADMINS"),
  SERVE_VIEWERS("serve-viewers", "GKP_SERVE_VIEWERS"),
  SERVE_AUDIENCE("serve-audience", "GKP_SERVE_AUDIENCE"),
  SERVE_IAP_AUDIENCE("serve-iap-audience", "GKP_SERVE_IAP_AUDIENCE"),
  SERVE_TOKEN("serve-token", "GKP_SERVE_TOKEN"),
  SERVE_TOKEN_FILE("serve-token-file", "GKP_SERVE_TOKEN_FILE"),
  SERVE_VIEWER_TOKEN("serve-viewer-token", "GKP_SERVE_VIEWER_TOKEN"),
  SERVE_VIEWER_TOKEN_FILE("serve-viewer-token-file", "GKP_SERVE_VIEWER_TOKEN_FILE");

  private final String key;
  private final String variable;

  Setting(String key, String variable) {
    this.key = key;
    this.variable = variable;
  }

  /** Name in the configuration file, and of the flag after its two dashes. */
  public String key() {
    return key;
  }

  /** Environment variable. */
  public String variable() {
    return variable;
  }

  /** What those settings are for that no flag describes; empty for the others. */
  public String meaning() {
    return switch (this) {
      case ENABLED -> "true switches the export on. Without it nothing connects to anything.";
      case SOURCE_PASSWORD -> "Password of the source's user. Prefer the environment.";
      case HASH_SALT -> "The hash's secret key itself, at least 16 bytes. Prefer the environment.";
      case SHARD_COUNT ->
          "How many tasks an Indexed Job of Kubernetes has; JOB_COMPLETION_INDEX is then the task's shard.";
      case SHARDS ->
          "The tables of each shard, such as query_logs | ingestion_runs, eval_runs. Default: by weight.";
      case VIEWS ->
          "false leaves the views over the raw tables alone, as --no-views does. Default: true.";
      case BATCH_BYTES ->
          "JSON of one load job; a batch ends at the next transaction end after as much. Default: 64MiB.";
      case BATCH_AGE -> "A batch ends at the next transaction end after this long. Default: 60s.";
      case IN_FLIGHT_BYTES ->
          "Compressed rows that are handed over and not loaded yet; reading waits beyond. Default: 64MiB.";
      case SNAPSHOT_CHUNK_BYTES ->
          "A table of more than twice as much is read in chunks of this size, and a run goes on at the"
              + " chunk where the last one ended. Default: 1GiB.";
      case SERVE_ENABLED -> "true lets serve open its port.";
      case SERVE_URL -> "Address of the server that browsers use, where a proxy is in between.";
      case SERVE_ADMINS -> "Addresses of those who may start, stop, reset and backfill.";
      case SERVE_VIEWERS -> "Addresses of those who may read.";
      case SERVE_AUDIENCE -> "Audience of Google ID tokens that are accepted.";
      case SERVE_IAP_AUDIENCE -> "Audience of Identity-Aware Proxy's assertions that are accepted.";
      case SERVE_TOKEN -> "Bearer token of an admin.";
      case SERVE_TOKEN_FILE -> "File that holds it.";
      case SERVE_VIEWER_TOKEN -> "Bearer token of a viewer.";
      case SERVE_VIEWER_TOKEN_FILE -> "File that holds it.";
      default -> "";
    };
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Setting::key).toList();
  }

  static @Nullable Setting of(String key) {
    for (Setting setting : values()) {
      if (setting.key.equals(key.toLowerCase(Locale.ROOT))) {
        return setting;
      }
    }
    return null;
  }
}
