{{
  config(
    materialized='table',
    partition_by={'field': 'ordered_date', 'data_type': 'date'},
    cluster_by=['customer_id'],
    labels={'made_by': 'dbt'}
  )
}}
SELECT DATE(ordered_at) AS ordered_date, customer_id, name, SUM(amount) AS total
FROM {{ ref('orders') }}
JOIN {{ ref('customers') }} USING (customer_id)
GROUP BY ordered_date, customer_id, name
