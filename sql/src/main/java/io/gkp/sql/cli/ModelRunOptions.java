package io.gkp.sql.cli;

import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a run of the models does beside creating them; for every command that runs models. */
public final class ModelRunOptions {
  @Option(
      names = "--fold",
      paramLabel = "WHEN",
      description =
          "When to fold changelogs into state tables: auto (they grew by a tenth), always, never."
              + " Default: auto. [GKP_FOLD]")
  private String fold;

  @Option(
      names = "--raw-retention-days",
      paramLabel = "N",
      description =
          "Delete raw rows ingested more than N days ago, as far as they are folded in. Default:"
              + " keep. [GKP_RAW_RETENTION_DAYS]")
  private String rawRetentionDays;

  @Option(
      names = "--policy-tags",
      paramLabel = "CLASS=TAG,...",
      description =
          "BigQuery policy tags for the columns that models list marks as personal data, as"
              + " projects/.../locations/.../taxonomies/.../policyTags/... [GKP_POLICY_TAGS]")
  private String policyTags;

  /** The flags that were given, by setting. */
  public Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    flags.put("fold", fold);
    flags.put("raw-retention-days", rawRetentionDays);
    flags.put("policy-tags", policyTags);
    flags.values().removeIf(value -> value == null);
    return flags;
  }
}
