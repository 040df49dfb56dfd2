{{
  config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'ordered_date', 'data_type': 'date'}
  )
}}
SELECT DATE(ordered_at) AS ordered_date, COUNT(*) AS order_count
FROM {{ ref('orders') }}
GROUP BY ordered_date
