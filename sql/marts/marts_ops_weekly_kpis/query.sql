WITH
  query_logs AS (
    SELECT
      *
    FROM {{curated_query_logs}}
  ),
  ingestion_runs AS (
    SELECT
      *
    FROM {{curated_ingestion_runs}}
  ),
  eval_runs AS (
    SELECT
      *,
      IF(has_error, NULL, example_count) AS scored_count
    FROM {{marts_eval_runs}}
  ),
  query_weeks AS (
    SELECT
      DATE_TRUNC(created_date, ISOWEEK) AS week_start_date,
      COUNT(*) AS query_count,
      COUNT(DISTINCT tenant_id) AS tenant_count,
      COUNT(DISTINCT principal) AS principal_count,
      COUNTIF(is_refused) AS refused_count,
      COUNTIF(has_error) AS query_error_count,
      SUM(total_tokens) AS total_tokens,
      ARRAY_AGG(latency_ms IGNORE NULLS ORDER BY latency_ms) AS latencies
    FROM query_logs
    GROUP BY
      week_start_date
  ),
  ingestion_weeks AS (
    SELECT
      DATE_TRUNC(started_date, ISOWEEK) AS week_start_date,
      COUNT(*) AS ingestion_run_count,
      COUNTIF(is_failed) AS ingestion_failed_count,
      SUM(docs_changed) AS docs_changed,
      SUM(bytes_processed) AS bytes_processed
    FROM ingestion_runs
    GROUP BY
      week_start_date
  ),
  eval_weeks AS (
    SELECT
      DATE_TRUNC(started_date, ISOWEEK) AS week_start_date,
      COUNT(*) AS eval_run_count,
      SUM(IF(has_error, NULL, passed_count)) AS eval_passed_count,
      SUM(scored_count) AS eval_example_count,
      SAFE_DIVIDE(SUM(hit_at_k * scored_count), SUM(IF(hit_at_k IS NULL, NULL, scored_count))) AS eval_hit_at_k,
      SAFE_DIVIDE(SUM(mrr * scored_count), SUM(IF(mrr IS NULL, NULL, scored_count))) AS eval_mrr,
      COUNTIF(is_regression) AS regression_count
    FROM eval_runs
    GROUP BY
      week_start_date
  ),
  period AS (
    SELECT
      MIN(week_start_date) AS first_week,
      MAX(week_start_date) AS last_week,
      COUNTIF(kind = 'query') > 0 AS has_queries,
      COUNTIF(kind = 'ingestion') > 0 AS has_ingestion,
      COUNTIF(kind = 'eval') > 0 AS has_evals
    FROM (
      SELECT
        'query' AS kind,
        week_start_date
      FROM query_weeks
      UNION ALL
      SELECT
        'ingestion' AS kind,
        week_start_date
      FROM ingestion_weeks
      UNION ALL
      SELECT
        'eval' AS kind,
        week_start_date
      FROM eval_weeks
    )
  ),
  weeks AS (
    SELECT
      week_start_date,
      period.has_queries,
      period.has_ingestion,
      period.has_evals
    FROM period
    CROSS JOIN UNNEST(GENERATE_DATE_ARRAY(first_week, last_week, INTERVAL 7 DAY)) AS week_start_date
  ),
  joined AS (
    SELECT
      weeks.week_start_date,
      IF(weeks.has_queries, COALESCE(query_weeks.query_count, 0), NULL) AS query_count,
      IF(weeks.has_queries, COALESCE(query_weeks.tenant_count, 0), NULL) AS tenant_count,
      IF(weeks.has_queries, COALESCE(query_weeks.principal_count, 0), NULL) AS principal_count,
      query_weeks.refused_count / query_weeks.query_count AS refusal_rate,
      query_weeks.query_error_count / query_weeks.query_count AS query_error_rate,
      query_weeks.latencies[SAFE_OFFSET(DIV(95 * ARRAY_LENGTH(query_weeks.latencies) + 99, 100) - 1)]
        AS p95_latency_ms,
      IF(weeks.has_queries, COALESCE(query_weeks.total_tokens, 0), NULL) AS total_tokens,
      IF(weeks.has_ingestion, COALESCE(ingestion_weeks.ingestion_run_count, 0), NULL) AS ingestion_run_count,
      ingestion_weeks.ingestion_failed_count / ingestion_weeks.ingestion_run_count AS ingestion_failure_rate,
      IF(weeks.has_ingestion, COALESCE(ingestion_weeks.docs_changed, 0), NULL) AS docs_changed,
      IF(weeks.has_ingestion, COALESCE(ingestion_weeks.bytes_processed, 0), NULL) AS bytes_processed,
      IF(weeks.has_evals, COALESCE(eval_weeks.eval_run_count, 0), NULL) AS eval_run_count,
      SAFE_DIVIDE(eval_weeks.eval_passed_count, eval_weeks.eval_example_count) AS eval_pass_rate,
      eval_weeks.eval_hit_at_k,
      eval_weeks.eval_mrr,
      IF(weeks.has_evals, COALESCE(eval_weeks.regression_count, 0), NULL) AS regression_count
    FROM weeks
    LEFT JOIN query_weeks
      ON weeks.week_start_date = query_weeks.week_start_date
    LEFT JOIN ingestion_weeks
      ON weeks.week_start_date = ingestion_weeks.week_start_date
    LEFT JOIN eval_weeks
      ON weeks.week_start_date = eval_weeks.week_start_date
  )
SELECT
  week_start_date,
  query_count,
  SAFE_DIVIDE(query_count, LAG(query_count) OVER (ORDER BY week_start_date)) - 1 AS query_count_growth,
  tenant_count,
  principal_count,
  refusal_rate,
  query_error_rate,
  p95_latency_ms,
  total_tokens,
  ingestion_run_count,
  ingestion_failure_rate,
  docs_changed,
  bytes_processed,
  eval_run_count,
  eval_pass_rate,
  eval_hit_at_k,
  eval_mrr,
  regression_count
FROM joined
