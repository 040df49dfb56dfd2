package io.gkp.connector.cli.models;

import io.gkp.connector.config.Setting;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a run of the models does beside creating them; for every command that runs models. */
public final class ModelRunOptions {
  @Option(
      names = "--fold",
      paramLabel = "WHEN",
      description =
          "When to fold changelogs into state tables: auto (they grew by a tenth), always, never."
              + " Default: auto. [GKP_FOLD]")
  private @Nullable String fold;

  @Option(
      names = "--raw-retention-days",
      paramLabel = "N",
      description =
          "Delete raw rows ingested more than N days ago, as far as they are folded in. Default:"
              + " keep. [GKP_RAW_RETENTION_DAYS]")
  private @Nullable String rawRetentionDays;

  @Option(
      names = "--policy-tags",
      paramLabel = "CLASS=TAG,...",
      description =
          "BigQuery policy tags for the columns that models list marks as personal data, as"
              + " projects/.../locations/.../taxonomies/.../policyTags/... [GKP_POLICY_TAGS]")
  private @Nullable String policyTags;

  /** The flags that were given, by setting. */
  public Map<Setting, String> flags() {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.FOLD, fold);
    flags.put(Setting.RAW_RETENTION_DAYS, rawRetentionDays);
    flags.put(Setting.POLICY_TAGS, policyTags);
    return flags;
  }
}
