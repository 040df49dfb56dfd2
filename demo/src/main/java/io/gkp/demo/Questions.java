package io.gkp.demo;

import java.util.List;

/** What a newcomer might ask the raw changelog first. */
final class Questions {
  static final Question OPERATIONS =
      new Question(
          "What is in the changelog?",
          """
          SELECT 'ingestion_runs' AS source_table, _cdc_op, COUNT(*) AS changes
          FROM raw_ingestion_runs GROUP BY _cdc_op
          UNION ALL
          SELECT 'eval_runs', _cdc_op, COUNT(*) FROM raw_eval_runs GROUP BY _cdc_op
          UNION ALL
          SELECT 'query_logs', _cdc_op, COUNT(*) FROM raw_query_logs GROUP BY _cdc_op
          ORDER BY source_table, changes DESC, _cdc_op""");

  static final Question LATENCY =
      new Question(
          "How fast does each model answer?",
          """
          SELECT DISTINCT
            model,
            COUNT(*) OVER by_model AS answers,
            CAST(PERCENTILE_CONT(latency_ms, 0.50) OVER (PARTITION BY model) AS INT64) AS p50_ms,
            CAST(PERCENTILE_CONT(latency_ms, 0.95) OVER (PARTITION BY model) AS INT64) AS p95_ms
          FROM raw_query_logs
          WHERE _cdc_op IN ('r', 'c') AND status = 'ok'
          WINDOW by_model AS (PARTITION BY model)
          ORDER BY p95_ms""");

  static final Question ONE_ROW =
      new Question(
          "How did one row change? (Postgres does not resend a long value that stayed the same)",
          """
          WITH chosen AS (
            SELECT MIN(query_id) AS query_id
            FROM raw_query_logs
            WHERE 'answer' IN UNNEST(_cdc_unavailable)
          )
          SELECT _cdc_op, feedback, LENGTH(answer) AS answer_length, _cdc_unavailable
          FROM raw_query_logs
          JOIN chosen USING (query_id)
          ORDER BY _cdc_epoch, _cdc_batch, _cdc_row""");

  static final Question NEW_COLUMN =
      new Question(
          "What does the new column say?",
          """
          SELECT cache_hit, COUNT(*) AS questions
          FROM raw_query_logs
          WHERE _cdc_op = 'c'
          GROUP BY cache_hit
          ORDER BY questions DESC""");

  static final Question DELETED =
      new Question(
          "Which tenants' questions were deleted?",
          """
          SELECT before.tenant_id, COUNT(*) AS deleted_questions
          FROM raw_query_logs AS gone
          JOIN raw_query_logs AS before USING (query_id)
          WHERE gone._cdc_op = 'd' AND before._cdc_op IN ('r', 'c')
          GROUP BY before.tenant_id""");

  static final List<Question> ALL = List.of(OPERATIONS, LATENCY, ONE_ROW, NEW_COLUMN, DELETED);

  private Questions() {}
}
