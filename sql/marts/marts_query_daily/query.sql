WITH
  query_logs AS (
    SELECT
      *
    FROM {{curated_query_logs}}
  ),
  -- Here and not where it is grouped: there the name would mean the column as it comes.
  named AS (
    SELECT
      * REPLACE (
        COALESCE(provider, '') AS provider,
        COALESCE(model, '') AS model
      )
    FROM query_logs
  ),
  daily AS (
    SELECT
      created_date AS query_date,
      tenant_id,
      provider,
      model,
      COUNT(*) AS query_count,
      COUNT(DISTINCT principal) AS principal_count,
      COUNTIF(is_refused) AS refused_count,
      COUNTIF(has_error) AS error_count,
      COUNTIF(feedback IS NOT NULL) AS feedback_count,
      COUNTIF(citation_count > 0) AS cited_count,
      SUM(prompt_tokens) AS prompt_tokens,
      SUM(completion_tokens) AS completion_tokens,
      SUM(total_tokens) AS total_tokens,
      SUM(latency_ms) AS total_latency_ms,
      ARRAY_AGG(latency_ms IGNORE NULLS ORDER BY latency_ms) AS latencies
    FROM named
    GROUP BY
      query_date,
      tenant_id,
      provider,
      model
  )
SELECT
  query_date,
  tenant_id,
  provider,
  model,
  query_count,
  principal_count,
  refused_count,
  error_count,
  feedback_count,
  cited_count,
  refused_count / query_count AS refusal_rate,
  error_count / query_count AS error_rate,
  -- Nearest rank: the smallest latency that at least so many percent of the requests did not exceed.
  latencies[SAFE_OFFSET(DIV(50 * ARRAY_LENGTH(latencies) + 99, 100) - 1)] AS p50_latency_ms,
  latencies[SAFE_OFFSET(DIV(95 * ARRAY_LENGTH(latencies) + 99, 100) - 1)] AS p95_latency_ms,
  latencies[SAFE_OFFSET(DIV(99 * ARRAY_LENGTH(latencies) + 99, 100) - 1)] AS p99_latency_ms,
  total_latency_ms,
  prompt_tokens,
  completion_tokens,
  total_tokens
FROM daily
