package io.gkp.bigquery;

import io.gkp.name.Loopback;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the changelog goes.
 *
 * @param project Google Cloud project that holds the dataset and is billed for queries
 * @param dataset the one dataset that is written to
 * @param location where a missing dataset is created; null for the service's default
 * @param host endpoint of an emulator, such as {@code http://127.0.0.1:9050}; null for the real
 *     service with Application Default Credentials
 * @param networkTimeout how long a request may take to be taken or answered
 */
public record DestinationConfig(
    String project,
    String dataset,
    @Nullable String location,
    @Nullable String host,
    Duration networkTimeout) {
  /** Longer than BigQuery takes to answer. */
  public static final Duration DEFAULT_NETWORK_TIMEOUT = Duration.ofSeconds(60);

  public DestinationConfig {
    checkProject(project);
    checkDataset(dataset);
    host = host == null ? null : checkHost(host);
  }

  /**
   * By its id; old ones have a domain in front.
   *
   * @see <a
   *     href="https://cloud.google.com/resource-manager/docs/creating-managing-projects">projects</a>
   */
  public static String checkProject(String project) {
    if (!project.matches("[A-Za-z0-9.:-]+")) {
      throw new IllegalArgumentException("letters, digits and dashes only, got " + project);
    }
    return project;
  }

  /**
   * @see <a href="https://cloud.google.com/bigquery/docs/datasets#dataset-naming">names</a>
   */
  public static String checkDataset(String dataset) {
    if (!dataset.matches("[A-Za-z0-9_]{1,1024}")) {
      throw new IllegalArgumentException("letters, digits and underscores only, got " + dataset);
    }
    return dataset;
  }

  /**
   * The endpoint with its scheme, {@code http} where it has none. In clear, rows and tokens stay on
   * this machine.
   */
  public static String checkHost(String host) {
    URI endpoint;
    try {
      endpoint = new URI(host.contains("://") ? host : "http://" + host);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a URL; write https://host:port");
    }
    String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
    if (endpoint.getHost() == null
        || endpoint.getRawUserInfo() != null
        || !List.of("http", "https").contains(scheme)) {
      throw new IllegalArgumentException("not the address of a BigQuery; write https://host:port");
    }
    if (scheme.equals("http") && !Loopback.is(endpoint.getHost())) {
      throw new IllegalArgumentException(
          "plain http would send rows in clear to another machine; write https://, or reach it"
              + " through a tunnel on 127.0.0.1");
    }
    return endpoint.toString();
  }

  /** As patient as usual. */
  public DestinationConfig(
      String project, String dataset, @Nullable String location, @Nullable String host) {
    this(project, dataset, location, host, DEFAULT_NETWORK_TIMEOUT);
  }

  /** The same destination, more or less patient. */
  public DestinationConfig withNetworkTimeout(Duration other) {
    return new DestinationConfig(project, dataset, location, host, other);
  }

  /** {@code project.dataset}, for messages. */
  public String describe() {
    return project + "." + dataset;
  }
}
