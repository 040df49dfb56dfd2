WITH
  query_logs AS (
    SELECT
      *
    FROM {{latest_query_logs}}
  ),
  parsed AS (
    SELECT
      * REPLACE (SAFE.TIMESTAMP_SECONDS(created_at) AS created_at),
      SAFE.PARSE_JSON(citations_json, wide_number_mode => 'round') AS citations
    FROM query_logs
  )
SELECT
  query_id,
  tenant_id,
  NULLIF(principal, '') AS principal,
  created_at,
  DATE(created_at, 'UTC') AS created_date,
  question,
  answer,
  refused = 1 AS is_refused,
  error IS NOT NULL AS has_error,
  status,
  error AS error_message,
  feedback,
  retrieval_k,
  latency_ms,
  retrieval_ms,
  generation_ms,
  provider,
  model,
  prompt_tokens,
  completion_tokens,
  COALESCE(prompt_tokens, 0) + COALESCE(completion_tokens, 0) AS total_tokens,
  citations,
  ARRAY_LENGTH(JSON_QUERY_ARRAY(citations)) AS citation_count,
  ARRAY_LENGTH(_cdc_lossy) > 0 AS has_lossy_values,
  _cdc_committed_at AS source_committed_at,
  _cdc_ingested_at AS exported_at
FROM parsed
