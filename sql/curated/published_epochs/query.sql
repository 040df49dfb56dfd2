-- Which rows of which raw table may be read: up to which batch, and of which epoch. Each shard numbers its batches from
-- its number times 10^12 on; those of two shards are never compared.
WITH
  checkpoints AS (
    SELECT
      n,
      kind,
      DIV(n, 1000000000000) AS shard
    FROM {{checkpoints}}
  ),
  epochs AS (
    SELECT
      table_name,
      epoch,
      state,
      batch,
      DIV(batch, 1000000000000) AS shard,
      changed_at
    FROM {{epochs}}
  ),
  last_fence AS (
    SELECT
      shard,
      MAX(IF(kind = 'fence', n, -1)) AS batch
    FROM checkpoints
    GROUP BY
      shard
  ),
  -- A backfill's number is reserved before its rows are read. They may be newer than the stream until a fence follows.
  unsettled AS (
    SELECT
      last_fence.shard,
      MIN(IF(checkpoints.kind = 'snapshot' AND checkpoints.n > last_fence.batch, checkpoints.n, NULL)) AS batch
    FROM last_fence
    INNER JOIN checkpoints
      ON checkpoints.shard = last_fence.shard
    GROUP BY
      last_fence.shard
  ),
  -- A batch of the stream is published by its checkpoint, which is written once its rows in all tables are loaded.
  last_checkpoint AS (
    SELECT
      checkpoints.shard,
      MAX(checkpoints.n) AS batch
    FROM checkpoints
    INNER JOIN unsettled
      ON unsettled.shard = checkpoints.shard
    WHERE checkpoints.kind != 'snapshot'
      AND (unsettled.batch IS NULL OR checkpoints.n < unsettled.batch)
    GROUP BY
      checkpoints.shard
  ),
  -- An epoch that was completed stays so until it is declared dead. It may be recorded so twice: by a run that died, and
  -- by the next one. It was completed at the first of these moments, by which folded rows know their epoch again.
  verdicts AS (
    SELECT
      epochs.table_name,
      epochs.epoch,
      last_checkpoint.batch,
      ARRAY_AGG(epochs.state ORDER BY epochs.batch DESC, epochs.changed_at DESC LIMIT 1)[OFFSET(0)] AS state,
      MIN(IF(epochs.state = 'completed', epochs.changed_at, NULL)) AS completed_at
    FROM epochs
    INNER JOIN last_checkpoint
      ON epochs.shard = last_checkpoint.shard
      AND epochs.batch <= last_checkpoint.batch
    WHERE epochs.state IN ('completed', 'dead')
    GROUP BY
      epochs.table_name,
      epochs.epoch,
      last_checkpoint.batch
  ),
  newest_completed AS (
    SELECT
      table_name,
      epoch,
      batch,
      completed_at
    FROM verdicts
    WHERE state = 'completed'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY epoch DESC) = 1
  ),
  -- From where a newer snapshot begins, changes carry the new epoch's number. Of the old epoch a run that died may have
  -- loaded a part of the next batch, whose other part then comes in the new epoch. Where a newer snapshot is asked for
  -- because the old epoch cannot tell its rows apart any more, it is read no further than to where it could. Where a
  -- table goes to another shard, the request for its snapshot there names the last batch of the shard that it leaves.
  succeeded AS (
    SELECT
      newest_completed.table_name,
      MIN(epochs.batch) AS batch
    FROM newest_completed
    INNER JOIN epochs
      ON epochs.table_name = newest_completed.table_name
      AND epochs.epoch > newest_completed.epoch
      AND epochs.shard = DIV(newest_completed.batch, 1000000000000)
    WHERE epochs.state IN ('requested', 'snapshotting')
    GROUP BY
      newest_completed.table_name
  )
SELECT
  newest_completed.table_name,
  newest_completed.epoch,
  LEAST(newest_completed.batch, COALESCE(succeeded.batch, newest_completed.batch)) AS batch,
  newest_completed.completed_at
FROM newest_completed
LEFT JOIN succeeded
  ON succeeded.table_name = newest_completed.table_name
