WITH
  ingestion_runs AS (
    SELECT
      *
    FROM {{curated_ingestion_runs}}
  ),
  period AS (
    SELECT
      MAX(started_date) AS last_date
    FROM ingestion_runs
  ),
  tenants AS (
    SELECT
      tenant_id,
      MIN(started_date) AS first_date
    FROM ingestion_runs
    GROUP BY
      tenant_id
  ),
  -- Every day of every tenant, so that a day without runs is a row and not a gap in a chart. Not more than 1000 days
  -- back: one run with a wrong date would make more partitions than BigQuery writes in a job.
  days AS (
    SELECT
      tenants.tenant_id,
      run_date
    FROM tenants
    CROSS JOIN period
    CROSS JOIN
      UNNEST(
        GENERATE_DATE_ARRAY(
          GREATEST(tenants.first_date, DATE_SUB(period.last_date, INTERVAL 1000 DAY)),
          period.last_date
        )
      ) AS run_date
    UNION DISTINCT
    SELECT
      tenant_id,
      started_date AS run_date
    FROM ingestion_runs
    WHERE started_date IS NOT NULL
  ),
  daily AS (
    SELECT
      tenant_id,
      started_date AS run_date,
      COUNT(*) AS run_count,
      COUNTIF(is_finished AND NOT is_failed) AS succeeded_count,
      COUNTIF(is_failed) AS failed_count,
      COUNTIF(NOT is_finished AND NOT is_failed) AS unfinished_count,
      SUM(objects_scanned) AS objects_scanned,
      SUM(docs_changed) AS docs_changed,
      SUM(docs_unchanged) AS docs_unchanged,
      SUM(bytes_processed) AS bytes_processed,
      SUM(error_count) AS error_count,
      SUM(duration_seconds) AS total_duration_seconds,
      MAX(duration_seconds) AS max_duration_seconds,
      MAX(IF(is_failed, NULL, finished_at)) AS last_success_at
    FROM ingestion_runs
    GROUP BY
      tenant_id,
      run_date
  ),
  filled AS (
    SELECT
      days.run_date,
      days.tenant_id,
      daily.* EXCEPT (tenant_id, run_date, last_success_at),
      MAX(daily.last_success_at) OVER (
        PARTITION BY days.tenant_id
        ORDER BY days.run_date
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS last_success_at
    FROM days
    LEFT JOIN daily
      ON days.tenant_id = daily.tenant_id
      AND days.run_date = daily.run_date
  )
SELECT
  run_date,
  tenant_id,
  COALESCE(run_count, 0) AS run_count,
  COALESCE(succeeded_count, 0) AS succeeded_count,
  COALESCE(failed_count, 0) AS failed_count,
  COALESCE(unfinished_count, 0) AS unfinished_count,
  COALESCE(objects_scanned, 0) AS objects_scanned,
  COALESCE(docs_changed, 0) AS docs_changed,
  COALESCE(docs_unchanged, 0) AS docs_unchanged,
  COALESCE(bytes_processed, 0) AS bytes_processed,
  COALESCE(error_count, 0) AS error_count,
  total_duration_seconds,
  max_duration_seconds,
  last_success_at,
  GREATEST(
    TIMESTAMP_DIFF(TIMESTAMP(DATE_ADD(run_date, INTERVAL 1 DAY), 'UTC'), last_success_at, MINUTE),
    0
  ) / 60 AS hours_since_success
FROM filled
