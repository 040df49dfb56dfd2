-- A proposal: the Grounded Knowledge Platform keeps no log of questions. Where the application writes one row for each
-- question into this table, the export captures it, and the models have the figures of questions.
-- Times are epoch seconds, flags are 0 or 1, and *_json columns hold JSON text, as in the platform's own tables.
CREATE TABLE query_logs (
  query_id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  principal TEXT,
  created_at BIGINT NOT NULL,
  question TEXT NOT NULL,
  answer TEXT,
  refused INTEGER NOT NULL DEFAULT 0,
  retrieval_k INTEGER NOT NULL,
  latency_ms INTEGER NOT NULL,
  retrieval_ms INTEGER,
  generation_ms INTEGER,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  citations_json TEXT NOT NULL DEFAULT '[]',
  status TEXT NOT NULL,
  error TEXT,
  feedback TEXT
);
