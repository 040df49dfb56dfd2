-- How fresh each table is, and since when its history is told.
WITH
  runs AS (
    SELECT
      table_name,
      run_id,
      started_at,
      finished_at,
      status,
      error_code,
      last_change_at
    FROM {{runs}}
  ),
  epochs AS (
    SELECT
      table_name,
      state,
      changed_at
    FROM {{epochs}}
  ),
  run_of_table AS (
    SELECT
      table_name,
      MAX(IF(status = 'drained', started_at, NULL)) AS complete_as_of,
      MAX(last_change_at) AS last_change_at,
      ARRAY_AGG(
        STRUCT(finished_at, status, error_code)
        ORDER BY finished_at DESC, run_id DESC
        LIMIT 1
      )[OFFSET(0)] AS last_run
    FROM runs
    GROUP BY
      table_name
  ),
  -- A snapshot's rows hold from the moment at which it began to be read.
  history_of_table AS (
    SELECT
      table_name,
      MIN(IF(state = 'snapshotting', changed_at, NULL)) AS history_since
    FROM epochs
    GROUP BY
      table_name
  )
SELECT
  history_of_table.table_name,
  run_of_table.complete_as_of,
  run_of_table.last_change_at,
  history_of_table.history_since,
  run_of_table.last_run.finished_at AS last_run_at,
  run_of_table.last_run.status AS last_run_status,
  run_of_table.last_run.error_code AS last_run_error_code
FROM history_of_table
LEFT JOIN run_of_table
  ON run_of_table.table_name = history_of_table.table_name
