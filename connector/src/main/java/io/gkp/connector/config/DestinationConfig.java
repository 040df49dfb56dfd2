package io.gkp.connector.config;

import io.gkp.sql.model.PolicyTags;

/**
 * Where the changelog goes.
 *
 * @param project Google Cloud project that holds the dataset and is billed for queries
 * @param dataset the one dataset that is written to
 * @param location where a missing dataset is created; null for the service's default
 * @param host endpoint of an emulator, such as {@code http://127.0.0.1:9050}; null for the real
 *     service with Application Default Credentials
 * @param policyTags what columns with personal data get in raw tables
 */
public record DestinationConfig(
    String project, String dataset, String location, String host, PolicyTags policyTags) {
  public DestinationConfig {
    // https://cloud.google.com/bigquery/docs/datasets#dataset-naming
    if (!dataset.matches("[A-Za-z0-9_]{1,1024}")) {
      throw new IllegalArgumentException(
          "--dataset: letters, digits and underscores only, got " + dataset);
    }
    if (project.isBlank()) {
      throw new IllegalArgumentException("--project: must not be empty");
    }
    if (host != null && !host.startsWith("http://") && !host.startsWith("https://")) {
      host = "http://" + host;
    }
  }

  /** Without policy tags. */
  public DestinationConfig(String project, String dataset, String location, String host) {
    this(project, dataset, location, host, PolicyTags.NONE);
  }

  /** {@code project.dataset}, for messages. */
  public String describe() {
    return project + "." + dataset;
  }
}
