SELECT c.customer_id, c.email, c.country, count(DISTINCT o.order_id) AS orders, sum(i.amount) AS revenue
FROM ${staging.customers} AS c
JOIN ${staging.orders} AS o ON o.customer_id = c.customer_id
JOIN ${staging.order_items} AS i ON i.order_id = o.order_id
GROUP BY c.customer_id, c.email, c.country
