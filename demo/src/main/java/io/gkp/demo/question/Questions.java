package io.gkp.demo.question;

import java.util.List;

/** What a newcomer might ask first. */
public final class Questions {
  public static final Question OPERATIONS =
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

  public static final Question ONE_ROW =
      new Question(
          "How did one row change? (Postgres does not resend a long value that stayed the same)",
          """
          WITH chosen AS (
            SELECT MIN(query_id) AS query_id
            FROM raw_query_logs
            WHERE 'answer' IN UNNEST(_cdc_unavailable)
          )
          SELECT query_id, _cdc_op, feedback, LENGTH(answer) AS answer_length, _cdc_unavailable
          FROM raw_query_logs
          JOIN chosen USING (query_id)
          ORDER BY _cdc_epoch, _cdc_batch, _cdc_row""");

  static final Question VERSIONS =
      new Question(
          "What was that row before the second export? (history starts with the first one)",
          """
          WITH chosen AS (
            SELECT MIN(query_id) AS query_id
            FROM raw_query_logs
            WHERE 'answer' IN UNNEST(_cdc_unavailable)
          )
          SELECT query_id, feedback, LENGTH(answer) AS answer_length, valid_to IS NULL AS is_newest
          FROM history_query_logs
          JOIN chosen USING (query_id)
          ORDER BY valid_from""");

  public static final Question NEWEST_VERSION =
      new Question(
          "What is the newest version of that row? (the long value is filled in again)",
          """
          WITH chosen AS (
            SELECT MIN(query_id) AS query_id
            FROM raw_query_logs
            WHERE 'answer' IN UNNEST(_cdc_unavailable)
          )
          SELECT query_id, feedback, LENGTH(answer) AS answer_length
          FROM latest_query_logs
          JOIN chosen USING (query_id)""");

  public static final Question NEW_COLUMN =
      new Question(
          "What does the new column say?",
          """
          SELECT cache_hit, COUNT(*) AS questions
          FROM latest_query_logs
          GROUP BY cache_hit
          ORDER BY questions DESC""");

  public static final Question LATENCY =
      new Question(
          "How fast does each model answer?",
          """
          SELECT DISTINCT
            model,
            COUNT(*) OVER by_model AS answers,
            CAST(PERCENTILE_CONT(latency_ms, 0.50) OVER by_model AS INT64) AS p50_ms,
            CAST(PERCENTILE_CONT(latency_ms, 0.95) OVER by_model AS INT64) AS p95_ms
          FROM curated_query_logs
          WHERE NOT has_error
          WINDOW by_model AS (PARTITION BY model)
          ORDER BY p95_ms""");

  public static final Question WEEKS =
      new Question(
          "How did the weeks go?",
          """
          SELECT
            week_start_date AS week,
            query_count AS questions,
            ROUND(100 * refusal_rate, 1) AS refused_pct,
            p95_latency_ms AS p95_ms,
            ROUND(100 * ingestion_failure_rate, 1) AS failed_ingestions_pct,
            ROUND(100 * eval_pass_rate, 1) AS evals_passed_pct
          FROM marts_ops_weekly_kpis
          ORDER BY week""");

  public static final Question REGRESSION =
      new Question(
          "Which release made answers worse?",
          """
          SELECT app_version, started_date, previous_pass_rate, pass_rate
          FROM marts_eval_runs
          WHERE is_regression AND dataset_name = 'golden-answers'
          ORDER BY pass_rate_change
          LIMIT 1""");

  public static final Question INGESTION =
      new Question(
          "Whose ingestion failed most?",
          """
          SELECT
            tenant_id,
            SUM(run_count) AS runs,
            SUM(failed_count) AS failed,
            CAST(MAX(hours_since_success) AS INT64) AS longest_gap_hours
          FROM marts_ingestion_daily
          GROUP BY tenant_id
          ORDER BY failed DESC, tenant_id
          LIMIT 3""");

  /** Over the raw changelog, and the views that an export keeps over it. */
  public static final List<Question> RAW = List.of(OPERATIONS, ONE_ROW, VERSIONS);

  /** Over what the models make of it. */
  public static final List<Question> MODELLED =
      List.of(NEWEST_VERSION, NEW_COLUMN, LATENCY, WEEKS, REGRESSION, INGESTION);

  private Questions() {}
}
