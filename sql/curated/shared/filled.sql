{{^has_fillable}}
  filled AS (
    SELECT
      *
    FROM events
  ),
{{/has_fillable}}
{{#has_fillable}}
  identified AS (
    SELECT
      *,
      TO_JSON_STRING(STRUCT({{scope}})) AS _cdc_key_id
    FROM events
  ),
  partial AS (
    SELECT
      _cdc_key_id,
      _cdc_op,
      _cdc_lsn
    FROM identified
    WHERE ARRAY_LENGTH(_cdc_unavailable) > 0
  ),
  -- Most rows come whole. The search is only for keys of which an event lacks a value, and for those that they may have
  -- been before.
  partial_keys AS (
    SELECT
      _cdc_key_id
    FROM partial
    UNION DISTINCT
    SELECT
      _cdc_key_id
    FROM identified
    WHERE _cdc_op = 'd'
      AND _cdc_lsn IN (SELECT _cdc_lsn FROM partial WHERE _cdc_op = 'c')
  ),
  -- A key's life ends with its delete; an insert of the same key afterwards is another row's life.
  lives AS (
    SELECT
      * EXCEPT (_cdc_key_id),
      COUNTIF(_cdc_op = 'd') OVER (
        PARTITION BY {{scope}}
        ORDER BY _cdc_batch, _cdc_row, _cdc_is_folded
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS _cdc_life_number
    FROM identified
    WHERE _cdc_key_id IN (SELECT _cdc_key_id FROM partial_keys)
  ),
  identified_lives AS (
    SELECT
      *,
      TO_JSON_STRING(STRUCT({{scope}}, _cdc_life_number)) AS _cdc_life_id
    FROM lives
  ),
  -- Per column the last event of the life that carried it, and the last snapshot that read the key. The STRUCT tells a
  -- NULL that Postgres sent from no value sent.
  known AS (
    SELECT
      *,
{{#fillable}}
      LAST_VALUE(
        IF(
          _cdc_op = 'd' OR '{{text}}' IN UNNEST(_cdc_unavailable),
          NULL,
          STRUCT({{name}} AS value, _cdc_lossy AS lossy, _cdc_lsn AS lsn)
        )
        IGNORE NULLS
      ) OVER in_life AS {{known}},
      LAST_VALUE(
        IF(_cdc_op = 'r', STRUCT({{name}} AS value, _cdc_lossy AS lossy, _cdc_lsn AS lsn), NULL) IGNORE NULLS
      ) OVER in_key AS {{snapshot}},
{{/fillable}}
    FROM identified_lives
    WINDOW
      in_life AS (
        PARTITION BY _cdc_life_id
        ORDER BY _cdc_batch, _cdc_row, _cdc_is_folded
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      in_key AS (
        PARTITION BY {{scope}}
        ORDER BY _cdc_batch, _cdc_row, _cdc_is_folded
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
  ),
  -- A changed key arrives as the old key's delete and the new key's insert, of one transaction at one LSN. A recursion
  -- follows one change a round, and BigQuery ends it after 500 rounds. So n changes are cut into stretches of √n: one
  -- recursion follows the changes within each stretch, a second one goes from stretch to stretch.
  key_changes AS (
    SELECT
      inserted._cdc_life_id,
      inserted._cdc_lsn AS _cdc_changed_at_lsn,
      deleted._cdc_life_id AS _cdc_previous_life_id,
      CAST(
        FLOOR(ROW_NUMBER() OVER (ORDER BY inserted._cdc_batch, inserted._cdc_row) / SQRT(COUNT(*) OVER ()))
        AS INT64
      ) AS _cdc_stretch
    FROM known AS inserted
    INNER JOIN known AS deleted
      ON inserted._cdc_epoch = deleted._cdc_epoch
      AND inserted._cdc_batch = deleted._cdc_batch
      AND inserted._cdc_tx_id = deleted._cdc_tx_id
      AND inserted._cdc_lsn = deleted._cdc_lsn
    WHERE inserted._cdc_op = 'c'
      AND ARRAY_LENGTH(inserted._cdc_unavailable) > 0
      AND deleted._cdc_op = 'd'
    QUALIFY
      ROW_NUMBER() OVER (
        PARTITION BY inserted._cdc_life_id
        ORDER BY inserted._cdc_batch DESC, inserted._cdc_row DESC
      ) = 1
  ),
  -- A snapshot that began after the key changed read the row under its new key, and knows better than what the old key
  -- meant before or since.
  settled AS (
    SELECT
      known.* EXCEPT ({{#fillable}}{{known}}{{^-last}}, {{/-last}}{{/fillable}}),
{{#fillable}}
      COALESCE(
        known.{{known}},
        IF(key_changes._cdc_changed_at_lsn <= known.{{snapshot}}.lsn, known.{{snapshot}}, NULL)
      ) AS {{known}},
{{/fillable}}
    FROM known
    LEFT JOIN key_changes
      ON known._cdc_life_id = key_changes._cdc_life_id
  ),
  linked AS (
    SELECT
      later.*,
      earlier._cdc_stretch AS _cdc_previous_stretch
    FROM key_changes AS later
    LEFT JOIN key_changes AS earlier
      ON later._cdc_previous_life_id = earlier._cdc_life_id
  ),
  stretches AS (
    SELECT
      _cdc_life_id,
      _cdc_stretch,
      _cdc_previous_life_id,
      _cdc_previous_stretch
    FROM linked
    WHERE _cdc_stretch IS DISTINCT FROM _cdc_previous_stretch
    UNION ALL
    SELECT
      later._cdc_life_id,
      later._cdc_stretch,
      stretches._cdc_previous_life_id,
      stretches._cdc_previous_stretch
    FROM stretches
    INNER JOIN linked AS later
      ON stretches._cdc_life_id = later._cdc_previous_life_id
      AND stretches._cdc_stretch = later._cdc_stretch
  ),
  -- All lives of a row with the first of them.
  chains AS (
    SELECT
      _cdc_life_id,
      _cdc_previous_life_id AS _cdc_first_life_id
    FROM stretches
    WHERE _cdc_previous_stretch IS NULL
    UNION ALL
    SELECT
      later._cdc_life_id,
      chains._cdc_first_life_id
    FROM chains
    INNER JOIN stretches AS later
      ON chains._cdc_life_id = later._cdc_previous_life_id
  ),
  ends_of_lives AS (
    SELECT
      settled.*,
      _cdc_first_life_id
    FROM settled
    INNER JOIN (
      SELECT
        *
      FROM chains
      UNION DISTINCT
      SELECT
        _cdc_first_life_id,
        _cdc_first_life_id
      FROM chains
    )
      USING (_cdc_life_id)
    QUALIFY
      ROW_NUMBER() OVER (
        PARTITION BY settled._cdc_life_id
        ORDER BY settled._cdc_batch DESC, settled._cdc_row DESC
      ) = 1
  ),
  inherited AS (
    SELECT
      _cdc_life_id,
{{#fillable}}
      LAST_VALUE({{known}} IGNORE NULLS) OVER earlier_lives AS {{inherited}},
{{/fillable}}
    FROM ends_of_lives
    WINDOW
      earlier_lives AS (
        PARTITION BY _cdc_first_life_id
        ORDER BY _cdc_batch, _cdc_row
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      )
  ),
  -- Own life first, then the lives under earlier keys, then whatever a snapshot knew.
  resolved AS (
    SELECT
      settled.* EXCEPT ({{#fillable}}{{known}}, {{snapshot}}, {{/fillable}}_cdc_life_number, _cdc_life_id),
{{#fillable}}
      COALESCE(settled.{{known}}, inherited.{{inherited}}, settled.{{snapshot}}) AS {{known}},
{{/fillable}}
    FROM settled
    LEFT JOIN inherited
      ON settled._cdc_life_id = inherited._cdc_life_id
  ),
  filled AS (
    SELECT
      * EXCEPT ({{#fillable}}{{known}}{{^-last}}, {{/-last}}{{/fillable}}) REPLACE (
{{#fillable}}
        {{known}}.value AS {{name}},
{{/fillable}}
        -- A filled value brings along what is recorded of its loss.
        ARRAY_CONCAT(
          _cdc_lossy,
{{#fillable}}
          ARRAY(
            SELECT AS STRUCT
              lossy.*
            FROM UNNEST({{known}}.lossy) AS lossy
            WHERE lossy.column = '{{text}}'
              AND '{{text}}' IN UNNEST(_cdc_unavailable)
          ){{^-last}},{{/-last}}
{{/fillable}}
        ) AS _cdc_lossy
      )
    FROM resolved
    UNION ALL
    SELECT
      * EXCEPT (_cdc_key_id)
    FROM identified
    WHERE _cdc_key_id NOT IN (SELECT _cdc_key_id FROM partial_keys)
  ),
{{/has_fillable}}
