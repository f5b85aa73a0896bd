SELECT date_trunc('day', o.placed_at) AS day, sum(i.amount) AS revenue
FROM ${staging.orders} AS o
JOIN ${staging.order_items} AS i ON i.order_id = o.order_id
GROUP BY date_trunc('day', o.placed_at)
