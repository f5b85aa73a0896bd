SELECT order_id, quantity * price AS amount
FROM ${raw.order_items}
