-- Compares rows that were read from {{source}} with those that the warehouse has, both as of the moment of the read.
WITH
  from_source AS (
    SELECT
      {{source_key}} AS _cdc_key,
{{#columns}}
      {{in_source}} AS {{alias}},
{{/columns}}
      {{losses}} AS _cdc_losses,
      _cdc_row,
      1 AS _cdc_copy
    FROM {{side}}
  ),
{{#has_later}}
  -- What was committed after the read is in the view, but was not read.
  later AS (
    SELECT DISTINCT
      {{raw_key}} AS _cdc_key
    FROM {{raw}} AS raw
    WHERE {{later}}
      AND raw._cdc_op != 't'
  ),
{{/has_later}}
  in_warehouse AS (
{{#has_view}}
    SELECT
      {{warehouse_key}} AS _cdc_key,
{{#columns}}
      {{in_warehouse}} AS {{alias}},
{{/columns}}
      {{losses}} AS _cdc_losses,
      _cdc_batch,
      _cdc_row
    FROM {{latest}}
{{#has_later}}
    LEFT JOIN later
      ON {{latest_key}} = later._cdc_key
{{/has_later}}
    WHERE {{covered}}
{{#has_later}}
      AND later._cdc_key IS NULL
    UNION ALL
{{/has_later}}
{{/has_view}}
{{#has_table}}
    SELECT
      {{warehouse_key}} AS _cdc_key,
{{#columns}}
      {{in_warehouse}} AS {{alias}},
{{/columns}}
      {{losses}} AS _cdc_losses,
      _cdc_batch,
      _cdc_row
    FROM {{table}}
    WHERE {{covered}}
{{/has_table}}
  ),
  -- A key that the warehouse has twice is one row too many, whatever it holds.
  numbered AS (
    SELECT
      *,
      ROW_NUMBER() OVER (PARTITION BY _cdc_key ORDER BY _cdc_batch, _cdc_row) AS _cdc_copy
    FROM in_warehouse
  ),
  compared AS (
    SELECT
      COALESCE(from_source._cdc_key, numbered._cdc_key) AS _cdc_key,
      from_source._cdc_key IS NULL AS is_extra,
      numbered._cdc_key IS NULL AS is_missing,
{{#columns}}
      {{differs}} AS {{alias}},
{{/columns}}
      from_source._cdc_losses IS DISTINCT FROM numbered._cdc_losses AS _cdc_losses,
      numbered._cdc_batch,
      COALESCE(numbered._cdc_row, from_source._cdc_row) AS _cdc_row
    FROM from_source
    {{join}} JOIN numbered
      ON from_source._cdc_key = numbered._cdc_key
      AND from_source._cdc_copy = numbered._cdc_copy
  ),
  judged AS (
    SELECT
      *,
      NOT is_extra
        AND NOT is_missing
        AND ({{#columns}}{{alias}} OR {{/columns}}_cdc_losses) AS is_different
    FROM compared
  )
SELECT
  COUNTIF(NOT is_extra) AS source_rows,
  COUNTIF(is_missing) AS missing,
  COUNTIF(is_extra) AS extra,
  COUNTIF(is_different) AS different,
{{#columns}}
  COUNTIF(is_different AND {{alias}}) AS {{alias}},
{{/columns}}
  COUNTIF(is_different AND _cdc_losses) AS losses,
  MAX(IF(is_extra OR is_different, _cdc_batch, NULL)) AS since_batch,
  ARRAY_AGG(
    IF(
      is_missing OR is_extra OR is_different,
      STRUCT(
        _cdc_key AS key,
        CASE
          WHEN is_missing THEN 'missing'
          WHEN is_extra THEN 'extra'
          ELSE 'different'
        END AS kind,
        _cdc_batch AS batch,
        _cdc_row AS position
      ),
      NULL
    )
    IGNORE NULLS
    ORDER BY _cdc_key
    LIMIT {{most}}
  ) AS keys
FROM judged
