-- Compares how often each row of {{source}}, which has no key, was read from the source and stands in the warehouse.
WITH
  from_source AS (
    SELECT
      TO_JSON_STRING(STRUCT({{#columns}}{{in_source}} AS {{alias}}, {{/columns}}{{losses}} AS losses)) AS _cdc_text
    FROM {{side}}
  ),
  changes AS (
    SELECT
      *
    FROM {{raw}} AS raw
    WHERE {{seen}}
  ),
  truncated AS (
    SELECT
      ARRAY_AGG(
        STRUCT(_cdc_batch AS at_batch, _cdc_row AS at_row)
        ORDER BY _cdc_batch DESC, _cdc_row DESC
        LIMIT 1
      )[SAFE_OFFSET(0)] AS moment
    FROM changes
    WHERE _cdc_op = 't'
  ),
  in_warehouse AS (
    SELECT
      TO_JSON_STRING(STRUCT({{#columns}}{{in_warehouse}} AS {{alias}}, {{/columns}}{{losses}} AS losses)) AS _cdc_text,
      IF(_cdc_op = 'd', -1, 1) AS count
    FROM changes
    CROSS JOIN truncated
    WHERE _cdc_op != 't'
      AND (
        truncated.moment IS NULL
        OR _cdc_batch > truncated.moment.at_batch
        OR (_cdc_batch = truncated.moment.at_batch AND _cdc_row > truncated.moment.at_row)
      )
  ),
  counted AS (
    SELECT
      _cdc_text,
      SUM(in_source) AS in_source,
      SUM(in_warehouse) AS in_warehouse
    FROM (
      SELECT
        _cdc_text,
        1 AS in_source,
        0 AS in_warehouse
      FROM from_source
      UNION ALL
      SELECT
        _cdc_text,
        0 AS in_source,
        count AS in_warehouse
      FROM in_warehouse
    )
    GROUP BY
      _cdc_text
  )
SELECT
  COALESCE(SUM(in_source), 0) AS source_rows,
  COALESCE(SUM(GREATEST(in_source - in_warehouse, 0)), 0) AS missing,
  {{#whole}}COALESCE(SUM(GREATEST(in_warehouse - in_source, 0)), 0){{/whole}}{{^whole}}0{{/whole}} AS extra,
  (SELECT COUNTIF(_cdc_op = 'u') FROM changes) AS updates
FROM counted
