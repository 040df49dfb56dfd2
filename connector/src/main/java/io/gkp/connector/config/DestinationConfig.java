package io.gkp.connector.config;

import io.gkp.sql.model.PolicyTags;
import java.time.Duration;

/**
 * Where the changelog goes.
 *
 * @param project Google Cloud project that holds the dataset and is billed for queries
 * @param dataset the one dataset that is written to
 * @param location where a missing dataset is created; null for the service's default
 * @param host endpoint of an emulator, such as {@code http://127.0.0.1:9050}; null for the real
 *     service with Application Default Credentials
 * @param policyTags what columns with personal data get in raw tables
 * @param networkTimeout how long a request may take to be taken or answered
 */
public record DestinationConfig(
    String project,
    String dataset,
    String location,
    String host,
    PolicyTags policyTags,
    Duration networkTimeout) {
  public DestinationConfig {
    checkProject(project);
    checkDataset(dataset);
    if (host != null && !host.startsWith("http://") && !host.startsWith("https://")) {
      host = "http://" + host;
    }
  }

  /**
   * By its id; old ones have a domain in front.
   *
   * @see <a
   *     href="https://cloud.google.com/resource-manager/docs/creating-managing-projects">projects</a>
   */
  static String checkProject(String project) {
    if (!project.matches("[A-Za-z0-9.:-]+")) {
      throw new IllegalArgumentException("letters, digits and dashes only, got " + project);
    }
    return project;
  }

  /**
   * @see <a href="https://cloud.google.com/bigquery/docs/datasets#dataset-naming">names</a>
   */
  static String checkDataset(String dataset) {
    if (!dataset.matches("[A-Za-z0-9_]{1,1024}")) {
      throw new IllegalArgumentException("letters, digits and underscores only, got " + dataset);
    }
    return dataset;
  }

  public DestinationConfig(
      String project, String dataset, String location, String host, PolicyTags policyTags) {
    this(project, dataset, location, host, policyTags, ExportConfig.DEFAULT_NETWORK_TIMEOUT);
  }

  /** Without policy tags. */
  public DestinationConfig(String project, String dataset, String location, String host) {
    this(project, dataset, location, host, PolicyTags.NONE);
  }

  DestinationConfig withNetworkTimeout(Duration other) {
    return new DestinationConfig(project, dataset, location, host, policyTags, other);
  }

  /** {@code project.dataset}, for messages. */
  public String describe() {
    return project + "." + dataset;
  }
}
