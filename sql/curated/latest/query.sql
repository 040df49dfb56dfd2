-- One row per key of {{table}}: what the source table held after the last published batch.
WITH RECURSIVE
  published AS (
    SELECT
      {{published_epoch}},
{{#watermark}}
{{#completed}}
      completed_at,
{{/completed}}
{{/watermark}}
      batch
    FROM {{published_epochs}}
    WHERE table_name = {{source}}
  ),
  changes AS (
    SELECT
{{#columns}}
      raw.{{name}},
{{/columns}}
{{#may_lose_key}}
      {{lost_key_in_raw}} AS _cdc_lost_key,
{{/may_lose_key}}
      raw._cdc_op,
      raw._cdc_epoch,
      raw._cdc_batch,
      raw._cdc_row,
      raw._cdc_lsn,
      raw._cdc_tx_id,
      raw._cdc_committed_at,
      raw._cdc_ingested_at,
      raw._cdc_unavailable,
      raw._cdc_lossy,
      FALSE AS _cdc_is_folded
    FROM {{raw}} AS raw
    INNER JOIN published
      ON raw._cdc_epoch = published.epoch
      AND raw._cdc_batch <= published.batch
{{#watermark}}
    -- Constants, because partitions are pruned on nothing else. Rows of that epoch up to that batch are in the state
    -- table; a later epoch may have begun before that batch and is read whole.
    {{comment}}
    WHERE raw._cdc_ingested_at >= TIMESTAMP '{{since}}'
      AND (
        raw._cdc_epoch != {{epoch}}
        OR raw._cdc_batch > {{batch}}
{{#completed}}
        -- Another epoch has the number: the ledger was begun anew.
        OR published.completed_at IS DISTINCT FROM {{completed_at}}
{{/completed}}
      )
{{/watermark}}
  ),
  -- A truncate has no key: it ends every row that stands before it.
  truncated AS (
    SELECT
      moment.at_batch,
      moment.at_row
    FROM (
      SELECT
        ARRAY_AGG(
          STRUCT(_cdc_batch AS at_batch, _cdc_row AS at_row)
          ORDER BY _cdc_batch DESC, _cdc_row DESC
          LIMIT 1
        )[SAFE_OFFSET(0)] AS moment
      FROM changes
      WHERE _cdc_op = 't'
    )
  ),
{{#watermark}}
  folded AS (
    SELECT
{{#columns}}
      {{folded}},
{{/columns}}
{{#may_lose_key}}
      {{lost_key_in_state}} AS _cdc_lost_key,
{{/may_lose_key}}
      state._cdc_op,
      state._cdc_epoch,
      state._cdc_batch,
      state._cdc_row,
      state._cdc_lsn,
      state._cdc_tx_id,
      state._cdc_committed_at,
      state._cdc_ingested_at,
      CAST([] AS ARRAY<STRING>) AS _cdc_unavailable,
      state._cdc_lossy,
      TRUE AS _cdc_is_folded
    FROM {{state}} AS state
    INNER JOIN published
      ON state._cdc_epoch = published.epoch
{{#completed}}
      AND published.completed_at = {{completed_at}}
{{/completed}}
    CROSS JOIN truncated
    WHERE truncated.at_batch IS NULL
      OR state._cdc_batch > truncated.at_batch
      OR (state._cdc_batch = truncated.at_batch AND state._cdc_row > truncated.at_row)
  ),
  changed_keys AS (
    SELECT DISTINCT
{{#key}}
      {{name}},
{{/key}}
    FROM changes
    WHERE _cdc_op != 't'
  ),
{{/watermark}}
  events AS (
    SELECT
      changes.*
    FROM changes
    CROSS JOIN truncated
    WHERE changes._cdc_op != 't'
      AND (
        truncated.at_batch IS NULL
        OR changes._cdc_batch > truncated.at_batch
        OR (changes._cdc_batch = truncated.at_batch AND changes._cdc_row > truncated.at_row)
      )
{{#watermark}}
    UNION ALL
    SELECT
      folded.*
    FROM folded
    INNER JOIN changed_keys
      USING ({{key_list}})
{{#may_lose_key}}
    -- Rows whose key BigQuery cannot hold are found by no join. They are few.
    UNION ALL
    SELECT
      *
    FROM folded
    WHERE _cdc_lost_key != ''
{{/may_lose_key}}
{{/watermark}}
  ),
{{>filled}}
  last_events AS (
    SELECT
      *
    FROM filled
    WHERE TRUE
    QUALIFY
      ROW_NUMBER() OVER (
        PARTITION BY {{scope}}
        ORDER BY _cdc_batch DESC, _cdc_row DESC, _cdc_is_folded DESC
      ) = 1
  )
SELECT
{{#columns}}
  {{name}},
{{/columns}}
  _cdc_op,
  _cdc_epoch,
  _cdc_batch,
  _cdc_row,
  _cdc_lsn,
  _cdc_tx_id,
  _cdc_committed_at,
  _cdc_ingested_at,
  _cdc_lossy
FROM last_events
WHERE _cdc_op != 'd'
{{#only}}
  AND {{only}}
{{/only}}
{{#watermark}}
UNION ALL
SELECT
{{#columns}}
  folded.{{name}},
{{/columns}}
  folded._cdc_op,
  folded._cdc_epoch,
  folded._cdc_batch,
  folded._cdc_row,
  folded._cdc_lsn,
  folded._cdc_tx_id,
  folded._cdc_committed_at,
  folded._cdc_ingested_at,
  folded._cdc_lossy
FROM folded
LEFT JOIN changed_keys
  ON {{#key}}{{^-first}} AND {{/-first}}folded.{{name}} = changed_keys.{{name}}{{/key}}
WHERE changed_keys.{{first_key}} IS NULL
{{#may_lose_key}}
  AND folded._cdc_lost_key = ''
{{/may_lose_key}}
{{#only}}
  AND {{only_folded}}
{{/only}}
{{/watermark}}
