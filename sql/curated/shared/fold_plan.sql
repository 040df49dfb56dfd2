-- What a fold of {{table}} would take in, and from when on raw must be read afterwards.
WITH
  published AS (
    SELECT
      epoch,
      batch,
      completed_at
    FROM {{published_epochs}}
    WHERE table_name = {{source}}
  ),
  ledger AS (
    SELECT
      ANY_VALUE(lineage) AS lineage
    FROM {{checkpoints}}
  )
SELECT
  published.epoch,
  published.batch,
  UNIX_MICROS(published.completed_at) AS completed_at,
  ledger.lineage,
  COUNTIF(
    raw._cdc_epoch = published.epoch
    AND raw._cdc_batch <= published.batch
{{#watermark}}
    AND (
      raw._cdc_epoch != {{epoch}}
      OR raw._cdc_batch > {{batch}}
{{#completed}}
      OR published.completed_at IS DISTINCT FROM {{completed_at}}
{{/completed}}
    )
{{/watermark}}
  ) AS unfolded_rows,
  UNIX_MICROS(
    MAX(
      IF(raw._cdc_epoch = published.epoch AND raw._cdc_batch <= published.batch, raw._cdc_ingested_at, NULL)
    )
  ) AS folded_until,
  UNIX_MICROS(MIN(IF(raw._cdc_epoch > published.epoch, raw._cdc_ingested_at, NULL))) AS later_epoch_since
FROM {{raw}} AS raw
CROSS JOIN published
CROSS JOIN ledger
{{#watermark}}
WHERE raw._cdc_ingested_at >= TIMESTAMP '{{since}}'
{{/watermark}}
GROUP BY
  published.epoch,
  published.batch,
  published.completed_at,
  ledger.lineage
