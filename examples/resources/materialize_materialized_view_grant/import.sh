# By name
terraform import materialize_materialized_view_grant.readers_select_totals 'materialize.public.totals|readers|SELECT'

# By the ids of the materialized view and of the role
terraform import materialize_materialized_view_grant.readers_select_totals 'self-hosted:GRANT|MATERIALIZED VIEW|u1|u2|SELECT'
