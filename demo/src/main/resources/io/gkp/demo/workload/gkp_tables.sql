-- The two tables of the Grounded Knowledge Platform that the export captures.
-- Times are epoch seconds, flags are 0 or 1, and *_json columns hold JSON text: that is how the platform stores them.

CREATE TABLE ingestion_runs (
  run_id TEXT PRIMARY KEY,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  status TEXT NOT NULL,
  trigger_type TEXT NOT NULL,
  trigger_payload_json TEXT NOT NULL DEFAULT '{}',
  principal TEXT,
  objects_scanned INTEGER NOT NULL DEFAULT 0,
  docs_changed INTEGER NOT NULL DEFAULT 0,
  docs_unchanged INTEGER NOT NULL DEFAULT 0,
  bytes_processed BIGINT NOT NULL DEFAULT 0,
  errors_json TEXT NOT NULL DEFAULT '[]',
  tenant_id TEXT NOT NULL
);

CREATE TABLE eval_runs (
  run_id TEXT PRIMARY KEY,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  status TEXT NOT NULL,
  dataset_name TEXT NOT NULL,
  dataset_sha256 TEXT NOT NULL,
  k INTEGER NOT NULL,
  include_details INTEGER NOT NULL DEFAULT 0,
  app_version TEXT NOT NULL,
  embeddings_backend TEXT NOT NULL,
  embeddings_model TEXT NOT NULL,
  retrieval_config_json TEXT NOT NULL DEFAULT '{}',
  provider_config_json TEXT NOT NULL DEFAULT '{}',
  summary_json TEXT NOT NULL DEFAULT '{}',
  diff_from_prev_json TEXT NOT NULL DEFAULT '{}',
  details_json TEXT NOT NULL DEFAULT '[]',
  error TEXT
);
