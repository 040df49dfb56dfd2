{% snapshot orders_history %}
{{ config(unique_key='order_id', strategy='check', check_cols=['amount']) }}
SELECT order_id, amount * {{ var('orders', 2) }} AS amount FROM {{ ref('orders') }}
{% endsnapshot %}
