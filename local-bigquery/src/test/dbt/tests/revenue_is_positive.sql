SELECT * FROM {{ ref('revenue') }} WHERE total <= 0
