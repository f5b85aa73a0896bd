# By name
terraform import materialize_materialized_view.revenue materialize.public.revenue

# By the id that the server gave: SELECT id FROM mz_materialized_views WHERE name = 'revenue'
terraform import materialize_materialized_view.revenue self-hosted:u3
