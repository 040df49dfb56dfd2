package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableResult;
import java.util.UUID;

/**
 * One statement that somebody has typed: asked once, with the client's own patience. It fails as
 * BigQuery says it: who has typed it may know better what was wrong.
 */
public final class AdHocQuery {
  /** The type of what changes nothing. */
  public static final String QUESTION = "SELECT";

  private final BigQuery client;
  private final DestinationConfig config;
  private final String sql;

  /**
   * @param sql tables without a dataset are those of the configured one
   */
  public AdHocQuery(BigQuery client, DestinationConfig config, String sql) {
    this.client = client;
    this.config = config;
    this.sql = sql;
  }

  /**
   * What came of it.
   *
   * @param type of the statement, in BigQuery's words
   * @param affectedRows how many rows it has changed; null where it changes no rows
   */
  public record Answer(TableResult rows, String type, Long affectedRows) {}

  /**
   * What kind of statement it is, in BigQuery's words, without carrying it out.
   *
   * @throws BigQueryException what is wrong with it
   * @see <a
   *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2">statementType</a>
   */
  public String type() {
    QueryStatistics planned =
        client.create(JobInfo.of(job(), configuration().setDryRun(true).build())).getStatistics();
    return String.valueOf(planned.getStatementType());
  }

  /** Has it carried out, whatever it is. */
  public Answer ask() throws InterruptedException {
    JobId job = job();
    TableResult rows = client.query(configuration().build(), job);
    QueryStatistics done = client.getJob(job).getStatistics();
    return new Answer(rows, String.valueOf(done.getStatementType()), done.getNumDmlAffectedRows());
  }

  private QueryJobConfiguration.Builder configuration() {
    return QueryJobConfiguration.newBuilder(sql)
        .setUseLegacySql(false)
        .setDefaultDataset(config.dataset());
  }

  private JobId job() {
    return JobId.newBuilder()
        .setProject(config.project())
        .setLocation(config.location())
        .setJob("gkp_query_" + UUID.randomUUID())
        .build();
  }
}
