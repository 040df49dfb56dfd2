package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableResult;
import java.util.UUID;

/** A question that somebody has typed: asked once, with the client's own patience. */
public final class AdHocQuery {
  private AdHocQuery() {}

  /**
   * @param sql one statement; tables without a dataset are those of the configured one
   * @throws BigQueryException as BigQuery says it: who has asked may know better what was wrong
   */
  public static TableResult ask(BigQuery client, DestinationConfig config, String sql)
      throws InterruptedException {
    return client.query(
        QueryJobConfiguration.newBuilder(sql)
            .setUseLegacySql(false)
            .setDefaultDataset(config.dataset())
            .build(),
        JobId.newBuilder()
            .setProject(config.project())
            .setLocation(config.location())
            .setJob("gkp_query_" + UUID.randomUUID())
            .build());
  }
}
