WITH
  ingestion_runs AS (
    SELECT
      *
    FROM {{latest_ingestion_runs}}
  ),
  parsed AS (
    SELECT
      * REPLACE (
        SAFE.TIMESTAMP_SECONDS(started_at) AS started_at,
        SAFE.TIMESTAMP_SECONDS(finished_at) AS finished_at
      ),
      SAFE.PARSE_JSON(trigger_payload_json, wide_number_mode => 'round') AS trigger_payload,
      SAFE.PARSE_JSON(errors_json, wide_number_mode => 'round') AS errors
    FROM ingestion_runs
  )
SELECT
  run_id,
  tenant_id,
  started_at,
  DATE(started_at, 'UTC') AS started_date,
  finished_at,
  TIMESTAMP_DIFF(finished_at, started_at, SECOND) AS duration_seconds,
  status,
  finished_at IS NOT NULL AS is_finished,
  COALESCE(LOWER(status) IN ('failed', 'error'), FALSE) AS is_failed,
  trigger_type,
  trigger_payload,
  principal,
  objects_scanned,
  docs_changed,
  docs_unchanged,
  bytes_processed,
  errors,
  ARRAY_LENGTH(JSON_QUERY_ARRAY(errors)) AS error_count,
  ARRAY_LENGTH(_cdc_lossy) > 0 AS has_lossy_values,
  _cdc_committed_at AS source_committed_at,
  _cdc_ingested_at AS exported_at
FROM parsed
