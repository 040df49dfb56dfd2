WITH
  ingest_events AS (
    SELECT
      *
    FROM {{latest_ingest_events}}
  ),
  docs AS (
    SELECT
      doc_id,
      classification,
      retention,
      tags
    FROM {{curated_docs}}
  ),
  parsed AS (
    SELECT
      * REPLACE (SAFE.TIMESTAMP_SECONDS(ingested_at) AS ingested_at),
      SAFE.PARSE_JSON(validation_errors_json, wide_number_mode => 'round') AS validation_errors
    FROM ingest_events
  )
SELECT
  parsed.event_id,
  parsed.tenant_id,
  parsed.run_id,
  parsed.doc_id,
  parsed.doc_version,
  parsed.ingested_at,
  DATE(parsed.ingested_at, 'UTC') AS ingested_date,
  parsed.changed = 1 AS is_changed,
  parsed.content_sha256,
  parsed.prev_content_sha256,
  parsed.num_chunks,
  parsed.embedding_backend,
  parsed.embeddings_model,
  parsed.embedding_dim,
  parsed.chunk_size_chars,
  parsed.chunk_overlap_chars,
  docs.classification,
  docs.retention,
  COALESCE(docs.tags, []) AS tags,
  parsed.schema_fingerprint,
  parsed.contract_sha256,
  parsed.validation_status,
  parsed.validation_errors,
  parsed.schema_drifted = 1 AS is_schema_drifted,
  parsed.notes,
  ARRAY_LENGTH(parsed._cdc_lossy) > 0 AS has_lossy_values,
  parsed._cdc_committed_at AS source_committed_at,
  parsed._cdc_ingested_at AS exported_at
FROM parsed
LEFT JOIN docs
  ON parsed.doc_id = docs.doc_id
