{{ config(materialized='incremental', unique_key='order_id', on_schema_change='append_new_columns') }}
SELECT order_id, amount{% if is_incremental() %}, 'later' AS note{% endif %}
FROM {{ ref('orders') }}
{% if is_incremental() %}
WHERE order_id > (SELECT MAX(order_id) FROM {{ this }})
{% endif %}
