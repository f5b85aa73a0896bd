SELECT id AS order_id, customer_id, placed_at
FROM ${raw.orders}
WHERE status <> 'cancelled'
