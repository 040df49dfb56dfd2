{{ config(materialized='view') }}
SELECT order_id, customer_id, amount, TIMESTAMP_ADD(TIMESTAMP '2026-01-01', INTERVAL order_id DAY) AS ordered_at
FROM UNNEST([
  STRUCT(1 AS order_id, 1 AS customer_id, NUMERIC '9.90' AS amount), (2, 1, 20), (3, 2, 0.5)
])
WHERE order_id <= {{ var('orders', 2) }}
