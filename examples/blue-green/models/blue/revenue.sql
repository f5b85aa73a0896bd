SELECT customer, sum(total) AS revenue
FROM ${orders}
GROUP BY customer
