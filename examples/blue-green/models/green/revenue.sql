SELECT customer, sum(total) AS revenue, count(*) AS orders
FROM ${orders}
GROUP BY customer
