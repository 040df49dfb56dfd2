WITH
  eval_runs AS (
    SELECT
      *
    FROM {{curated_eval_runs}}
  ),
  -- Only runs with a result are compared, and are compared to.
  scored AS (
    SELECT
      run_id,
      LAG(run_id) OVER in_dataset AS previous_run_id,
      LAG(pass_rate) OVER in_dataset AS previous_pass_rate,
      LAG(dataset_sha256) OVER in_dataset AS previous_sha256
    FROM eval_runs
    WHERE pass_rate IS NOT NULL
      AND NOT has_error
    WINDOW
      in_dataset AS (
        PARTITION BY dataset_name
        ORDER BY started_at, run_id
      )
  )
SELECT
  eval_runs.run_id,
  eval_runs.started_at,
  eval_runs.started_date,
  eval_runs.duration_seconds,
  eval_runs.status,
  eval_runs.has_error,
  eval_runs.dataset_name,
  eval_runs.dataset_sha256,
  eval_runs.retrieval_k,
  eval_runs.app_version,
  eval_runs.embeddings_model,
  eval_runs.example_count,
  eval_runs.passed_count,
  eval_runs.failed_count,
  eval_runs.pass_rate,
  eval_runs.hit_at_k,
  eval_runs.mrr,
  eval_runs.hit_at_k_delta,
  eval_runs.mrr_delta,
  eval_runs.improved_case_count,
  eval_runs.regressed_case_count,
  scored.previous_run_id,
  scored.previous_pass_rate,
  eval_runs.pass_rate - scored.previous_pass_rate AS pass_rate_change,
  eval_runs.dataset_sha256 = scored.previous_sha256 AS is_same_dataset,
  -- Half an example is the least that can be told from rounding.
  COALESCE(
    eval_runs.dataset_sha256 = scored.previous_sha256
    AND (scored.previous_pass_rate - eval_runs.pass_rate) * eval_runs.example_count > 0.5,
    FALSE
  ) AS is_regression
FROM eval_runs
LEFT JOIN scored
  ON eval_runs.run_id = scored.run_id
