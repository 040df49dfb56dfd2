package io.gkp.bigquery;

import com.google.cloud.bigquery.Schema;
import java.util.Map;

/**
 * One load job, whatever the number of its attempts.
 *
 * @param jobId id without the attempt, such as {@code gkp_k3v9x0q2aa_17_query_logs_p0}
 * @param tableName target table in the dataset
 * @param schema the table's full schema; fields that the table lacks are added to it
 * @param labels what identifies the content; compared when the job is already there
 * @param content newline-delimited JSON, gzipped or not
 * @param rows lines in {@code content}
 */
public record LoadRequest(
    String jobId,
    String tableName,
    Schema schema,
    Map<String, String> labels,
    Content content,
    long rows) {}
