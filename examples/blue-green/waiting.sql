-- What of the next deployment is still being computed. No rows: it is ready.
SELECT o.type, o.name
FROM mz_internal.mz_hydration_statuses AS h
JOIN mz_catalog.mz_objects AS o ON o.id = h.object_id
JOIN mz_catalog.mz_schemas AS s ON s.id = o.schema_id
JOIN mz_catalog.mz_databases AS d ON d.id = s.database_id
WHERE d.name = 'shop' AND s.name = 'shop_next' AND NOT h.hydrated;
