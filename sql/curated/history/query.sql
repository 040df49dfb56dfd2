-- Every version of every row of {{table}} that the changelog still tells of, with the time for which it held.
WITH RECURSIVE
  published AS (
    SELECT
      {{published_epoch}},
      batch
    FROM {{published_epochs}}
    WHERE table_name = {{source}}
  ),
  epochs AS (
    SELECT
      epoch,
      state,
      batch,
      changed_at
    FROM {{epochs}}
    WHERE table_name = {{source}}
      -- Rows of older snapshots are told apart by another key; they stay in raw.
      AND epoch >= {{keyed_since}}
  ),
  -- A completed snapshot takes the place of the one before from the moment at which it began to be read.
  reigns AS (
    SELECT
      epochs.epoch,
      MIN(epochs.changed_at) AS began_at,
      MIN(IF(epochs.state = 'completed', epochs.batch, NULL)) AS completed_batch,
{{#watermark}}
{{#completed}}
      MIN(IF(epochs.state = 'completed', epochs.changed_at, NULL)) AS completed_at,
{{/completed}}
{{/watermark}}
      LEAD(MIN(epochs.changed_at)) OVER (ORDER BY epochs.epoch) AS ended_at
    FROM epochs
    INNER JOIN published
      ON epochs.epoch <= published.epoch
    WHERE epochs.state != 'requested'
    GROUP BY
      epochs.epoch
    HAVING COUNTIF(epochs.state = 'completed') > 0
      AND COUNTIF(epochs.state = 'dead') = 0
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
      -- The batches of an older epoch may be another shard's, with other numbers.
      ON (raw._cdc_epoch < published.epoch OR raw._cdc_batch <= published.batch)
    INNER JOIN reigns
      ON raw._cdc_epoch = reigns.epoch
  ),
  truncates AS (
    SELECT
      _cdc_epoch,
      ARRAY_AGG(
        STRUCT(
          _cdc_batch AS at_batch,
          _cdc_row AS at_row,
          COALESCE(_cdc_committed_at, _cdc_ingested_at) AS changed_at
        )
      ) AS _cdc_moments
    FROM changes
    WHERE _cdc_op = 't'
    GROUP BY
      _cdc_epoch
  ),
  versions AS (
    SELECT
      *
    FROM changes
    WHERE _cdc_op != 't'
{{#watermark}}
    UNION ALL
    -- The present version of rows whose last change has been deleted from raw.
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
    INNER JOIN reigns
      ON state._cdc_epoch = reigns.epoch
{{#completed}}
      AND reigns.completed_at = {{completed_at}}
{{/completed}}
{{/watermark}}
  ),
  -- A truncate divides what a table was before from what it is after.
  events AS (
    SELECT
      versions.*,
      (
        SELECT
          COUNT(*)
        FROM UNNEST(truncates._cdc_moments) AS moment
        WHERE moment.at_batch < versions._cdc_batch
          OR (moment.at_batch = versions._cdc_batch AND moment.at_row < versions._cdc_row)
      ) AS _cdc_truncates_before,
      (
        SELECT
          MIN(moment.changed_at)
        FROM UNNEST(truncates._cdc_moments) AS moment
        WHERE moment.at_batch > versions._cdc_batch
          OR (moment.at_batch = versions._cdc_batch AND moment.at_row > versions._cdc_row)
      ) AS _cdc_truncated_at
    FROM versions
    LEFT JOIN truncates
      ON versions._cdc_epoch = truncates._cdc_epoch
    WHERE TRUE
      -- One event may come from both raw and state; the state's has its TOAST filled.
    QUALIFY
      ROW_NUMBER() OVER (
        PARTITION BY {{key_list}}, versions._cdc_epoch, versions._cdc_batch, versions._cdc_row
        ORDER BY versions._cdc_is_folded DESC
      ) = 1
  ),
{{>filled}}
  dated AS (
    SELECT
      filled.*,
      reigns.ended_at AS _cdc_ended_at,
      -- A snapshot is followed by changes from before it, of which the snapshot before it may tell as well.
      LEAST(
        IF(
          filled._cdc_op = 'r' AND filled._cdc_batch <= reigns.completed_batch,
          reigns.began_at,
          GREATEST(COALESCE(filled._cdc_committed_at, filled._cdc_ingested_at), reigns.began_at)
        ),
        COALESCE(reigns.ended_at, TIMESTAMP '9999-12-31 23:59:59.999999+00')
      ) AS _cdc_changed_at
    FROM filled
    INNER JOIN reigns
      ON filled._cdc_epoch = reigns.epoch
  ),
  -- Commit times may run a little against the order of changes; a version never begins before the one that it replaces.
  timed AS (
    SELECT
      *,
      MAX(_cdc_changed_at) OVER (
        PARTITION BY {{scope}}
        ORDER BY _cdc_batch, _cdc_row
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS _cdc_valid_from
    FROM dated
  ),
  bounded AS (
    SELECT
      *,
      COALESCE(
        LEAD(_cdc_valid_from) OVER (PARTITION BY {{scope}} ORDER BY _cdc_batch, _cdc_row),
        LEAST(
          GREATEST(_cdc_truncated_at, _cdc_valid_from),
          COALESCE(_cdc_ended_at, TIMESTAMP '9999-12-31 23:59:59.999999+00')
        ),
        _cdc_ended_at
      ) AS _cdc_valid_to
    FROM timed
  )
SELECT
{{#columns}}
  {{name}},
{{/columns}}
  _cdc_valid_from AS {{valid_from}},
  _cdc_valid_to AS {{valid_to}},
  _cdc_valid_to IS NULL AS {{is_current}},
  _cdc_op,
  _cdc_epoch,
  _cdc_batch,
  _cdc_row,
  _cdc_lsn,
  _cdc_tx_id,
  _cdc_committed_at,
  _cdc_ingested_at,
  _cdc_lossy
FROM bounded
WHERE _cdc_op != 'd'
