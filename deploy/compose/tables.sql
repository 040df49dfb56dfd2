-- Run at each start; what is there stays.
SELECT 'CREATE ROLE gkp_exporter LOGIN REPLICATION PASSWORD ''compose-only'''
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gkp_exporter') \gexec

CREATE TABLE IF NOT EXISTS customers (
  customer_id int PRIMARY KEY,
  name text NOT NULL,
  country text
);
CREATE TABLE IF NOT EXISTS orders (
  order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customers,
  status text NOT NULL DEFAULT 'open',
  total numeric(10, 2) NOT NULL,
  ordered_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO customers VALUES (1, 'Ada', 'GB'), (2, 'Grace', 'US'), (3, 'Konrad', 'DE') ON CONFLICT DO NOTHING;
INSERT INTO orders (customer_id, total)
SELECT 1 + i % 3, 10 + i FROM generate_series(1, 100) AS i
WHERE NOT EXISTS (SELECT FROM orders);

GRANT SELECT ON customers, orders TO gkp_exporter;
SELECT 'CREATE PUBLICATION gkp_export FOR TABLE customers, orders WITH (publish_via_partition_root = true)'
WHERE NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'gkp_export') \gexec
