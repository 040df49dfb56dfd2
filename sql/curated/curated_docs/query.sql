WITH
  docs AS (
    SELECT
      *
    FROM {{latest_docs}}
  ),
  parsed AS (
    SELECT
      * REPLACE (
        SAFE.TIMESTAMP_SECONDS(created_at) AS created_at,
        SAFE.TIMESTAMP_SECONDS(updated_at) AS updated_at
      ),
      SAFE.PARSE_JSON(tags_json, wide_number_mode => 'round') AS parsed_tags
    FROM docs
  )
SELECT
  doc_id,
  tenant_id,
  title,
  source,
  classification,
  retention,
  COALESCE(JSON_VALUE_ARRAY(parsed_tags), []) AS tags,
  content_sha256,
  content_bytes,
  num_chunks,
  doc_version,
  created_at,
  DATE(created_at, 'UTC') AS created_date,
  updated_at,
  ARRAY_LENGTH(_cdc_lossy) > 0 AS has_lossy_values,
  _cdc_committed_at AS source_committed_at,
  _cdc_ingested_at AS exported_at
FROM parsed
