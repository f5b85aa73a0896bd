SELECT id AS customer_id, lower(email) AS email, country
FROM ${raw.customers}
