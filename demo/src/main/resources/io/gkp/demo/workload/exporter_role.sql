-- All that the export needs in Postgres: a role that may replicate and read the captured tables, and a publication.

CREATE ROLE gkp_exporter LOGIN REPLICATION; -- its password is set when it is known
GRANT USAGE ON SCHEMA public TO gkp_exporter;
GRANT SELECT ON ingestion_runs, eval_runs, query_logs TO gkp_exporter;
CREATE PUBLICATION gkp_export FOR TABLE ingestion_runs, eval_runs, query_logs;
