WITH
  eval_runs AS (
    SELECT
      *
    FROM {{latest_eval_runs}}
  ),
  parsed AS (
    SELECT
      * REPLACE (
        SAFE.TIMESTAMP_SECONDS(started_at) AS started_at,
        SAFE.TIMESTAMP_SECONDS(finished_at) AS finished_at
      ),
      SAFE.PARSE_JSON(retrieval_config_json, wide_number_mode => 'round') AS retrieval_config,
      SAFE.PARSE_JSON(provider_config_json, wide_number_mode => 'round') AS provider_config,
      SAFE.PARSE_JSON(summary_json, wide_number_mode => 'round') AS summary,
      SAFE.PARSE_JSON(diff_from_prev_json, wide_number_mode => 'round') AS diff_from_previous,
      SAFE.PARSE_JSON(details_json, wide_number_mode => 'round') AS details
    FROM eval_runs
  )
SELECT
  run_id,
  started_at,
  DATE(started_at, 'UTC') AS started_date,
  finished_at,
  TIMESTAMP_DIFF(finished_at, started_at, SECOND) AS duration_seconds,
  status,
  finished_at IS NOT NULL AS is_finished,
  error IS NOT NULL AS has_error,
  error AS error_message,
  dataset_name,
  dataset_sha256,
  k AS retrieval_k,
  include_details = 1 AS has_details,
  app_version,
  embeddings_backend,
  embeddings_model,
  retrieval_config,
  provider_config,
  SAFE_CAST(JSON_VALUE(summary, '$.examples') AS INT64) AS example_count,
  SAFE_CAST(JSON_VALUE(summary, '$.passed') AS INT64) AS passed_count,
  SAFE_CAST(JSON_VALUE(summary, '$.failed') AS INT64) AS failed_count,
  SAFE_CAST(JSON_VALUE(summary, '$.pass_rate') AS FLOAT64) AS pass_rate,
  SAFE_CAST(JSON_VALUE(summary, '$.hit_at_k') AS FLOAT64) AS hit_at_k,
  SAFE_CAST(JSON_VALUE(summary, '$.mrr') AS FLOAT64) AS mrr,
  JSON_VALUE(diff_from_previous, '$.previous_run_id') AS compared_run_id,
  SAFE_CAST(JSON_VALUE(diff_from_previous, '$.delta.pass_rate') AS FLOAT64) AS pass_rate_delta,
  SAFE_CAST(JSON_VALUE(diff_from_previous, '$.delta.hit_at_k') AS FLOAT64) AS hit_at_k_delta,
  SAFE_CAST(JSON_VALUE(diff_from_previous, '$.delta.mrr') AS FLOAT64) AS mrr_delta,
  SAFE_CAST(JSON_VALUE(diff_from_previous, '$.case_changes.improvements') AS INT64) AS improved_case_count,
  SAFE_CAST(JSON_VALUE(diff_from_previous, '$.case_changes.regressions') AS INT64) AS regressed_case_count,
  diff_from_previous,
  details,
  ARRAY_LENGTH(_cdc_lossy) > 0 AS has_lossy_values,
  _cdc_committed_at AS source_committed_at,
  _cdc_ingested_at AS exported_at
FROM parsed
