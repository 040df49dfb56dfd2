package io.gkp.connector.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

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
  BACKFILL_ROLE("backfill-role", "GKP_BACKFILL_ROLE"),
  MAX_DURATION("max-duration", "GKP_MAX_DURATION"),
  BATCH_BYTES("batch-bytes", "GKP_BATCH_BYTES"),
  BATCH_AGE("batch-age", "GKP_BATCH_AGE"),
  IN_FLIGHT_BYTES("in-flight-bytes", "GKP_IN_FLIGHT_BYTES"),
  COMPRESSION("compression", "GKP_COMPRESSION"),
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

  static List<String> keys() {
    return Arrays.stream(values()).map(Setting::key).toList();
  }

  static Setting of(String key) {
    for (Setting setting : values()) {
      if (setting.key.equals(key.toLowerCase(Locale.ROOT))) {
        return setting;
      }
    }
    return null;
  }
}
