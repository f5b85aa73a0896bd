//! Relations of the system that are queries over others, because they depend on whose session it is: on its database, on
//! its role.

use crate::catalog::RelationColumn;
use std::borrow::Cow;

/// What is in no database, or in the session's.
macro_rules! here {
    ($query:literal) => {
        concat!(
            $query,
            " LEFT JOIN mz_catalog.mz_databases AS d ON d.id = s.database_id \
             WHERE s.database_id IS NULL OR d.name = current_database()"
        )
    };
}

/// What the role that asks holds itself or as a member.
macro_rules! mine {
    ($columns:literal, $relation:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM mz_internal.",
            $relation,
            " WHERE CASE WHEN grantee = 'PUBLIC' THEN true ELSE pg_has_role(grantee, 'USAGE') END"
        )
    };
}

const INFORMATION_SCHEMA: &[(&str, &str)] = &[
    (
        "applicable_roles",
        "SELECT m.name, r.name, 'NO' AS is_grantable \
         FROM mz_catalog.mz_role_members AS g \
         JOIN mz_catalog.mz_roles AS r ON r.id = g.role_id JOIN mz_catalog.mz_roles AS m ON m.id = g.member \
         WHERE mz_is_superuser() OR pg_has_role(m.oid, 'USAGE')",
    ),
    (
        "character_sets",
        "SELECT CAST(NULL AS text) AS a, CAST(NULL AS text) AS b, 'UTF8' AS c, 'UCS' AS d, 'UTF8' AS e, \
         current_database() AS f, 'pg_catalog' AS g, 'en_US.utf8' AS h",
    ),
    (
        "columns",
        here!(
            "SELECT current_database() AS a, s.name AS b, o.name AS c, c.name AS d, CAST(c.position AS bigint) AS e, \
             c.\"default\" AS f, CASE WHEN c.nullable THEN 'YES' ELSE 'NO' END AS g, c.type AS h, \
             CAST(NULL AS integer) AS i, CAST(NULL AS integer) AS j, CAST(NULL AS integer) AS k \
             FROM mz_catalog.mz_columns AS c JOIN mz_catalog.mz_objects AS o ON o.id = c.id \
             JOIN mz_catalog.mz_schemas AS s ON s.id = o.schema_id"
        ),
    ),
    ("enabled_roles", "SELECT name FROM mz_catalog.mz_roles WHERE mz_is_superuser() OR pg_has_role(oid, 'USAGE')"),
    (
        "role_table_grants",
        "SELECT * FROM information_schema.table_privileges \
         WHERE grantor IN (SELECT role_name FROM information_schema.enabled_roles) \
         OR grantee IN (SELECT role_name FROM information_schema.enabled_roles)",
    ),
    ("schemata", here!("SELECT current_database() AS a, s.name AS b FROM mz_catalog.mz_schemas AS s")),
    (
        "table_privileges",
        "SELECT grantor, grantee, a, b, c, privilege, 'NO' AS is_grantable, \
         CASE WHEN privilege = 'SELECT' THEN 'YES' ELSE 'NO' END AS with_hierarchy FROM ( \
             SELECT o.name AS grantor, CASE WHEN i.grantee = 'p' THEN 'PUBLIC' ELSE e.name END AS grantee, \
             i.a, i.b, i.c, i.privilege FROM ( \
                 SELECT unnest(mz_aclexplode_grantor(r.privileges)) AS grantor, \
                 unnest(mz_aclexplode_grantee(r.privileges)) AS grantee, \
                 unnest(mz_aclexplode_privilege_type(r.privileges)) AS privilege, \
                 current_database() AS a, s.name AS b, r.name AS c \
                 FROM mz_catalog.mz_relations AS r JOIN mz_catalog.mz_schemas AS s ON s.id = r.schema_id \
                 LEFT JOIN mz_catalog.mz_databases AS d ON d.id = s.database_id \
                 WHERE s.database_id IS NULL OR d.name = current_database() \
             ) AS i JOIN mz_catalog.mz_roles AS o ON o.id = i.grantor \
             LEFT JOIN mz_catalog.mz_roles AS e ON e.id = i.grantee \
         ) AS p WHERE CASE WHEN grantee = 'PUBLIC' THEN true \
         ELSE mz_is_superuser() OR pg_has_role(grantee, 'USAGE') OR pg_has_role(grantor, 'USAGE') END",
    ),
    (
        "tables",
        here!(
            "SELECT current_database() AS a, s.name AS b, r.name AS c, CASE r.type WHEN 'table' THEN 'BASE TABLE' \
             WHEN 'materialized-view' THEN 'MATERIALIZED VIEW' ELSE upper(r.type) END AS d \
             FROM mz_catalog.mz_relations AS r JOIN mz_catalog.mz_schemas AS s ON s.id = r.schema_id"
        ),
    ),
    (
        "views",
        here!(
            "SELECT current_database() AS a, s.name AS b, v.name AS c, v.definition AS d \
             FROM mz_catalog.mz_views AS v JOIN mz_catalog.mz_schemas AS s ON s.id = v.schema_id"
        ),
    ),
];

const MZ_INTERNAL: &[(&str, &str)] = &[
    (
        "mz_cluster_replica_history",
        "SELECT c.details ->> 'replica_id' AS a, c.details ->> 'logical_size' AS b, c.details ->> 'cluster_id' AS c, \
         c.details ->> 'cluster_name' AS d, c.details ->> 'replica_name' AS e, c.occurred_at AS f, \
         d.occurred_at AS g, s.credits_per_hour AS h FROM mz_catalog.mz_audit_events AS c \
         LEFT JOIN (SELECT details ->> 'replica_id' AS id, occurred_at FROM mz_catalog.mz_audit_events \
             WHERE object_type = 'cluster-replica' AND event_type = 'drop') AS d ON d.id = c.details ->> 'replica_id' \
         LEFT JOIN mz_catalog.mz_cluster_replica_sizes AS s ON s.size = c.details ->> 'logical_size' \
         WHERE c.object_type = 'cluster-replica' AND c.event_type = 'create' \
         AND c.details ->> 'cluster_id' NOT LIKE 's%'",
    ),
    (
        "mz_cluster_replica_name_history",
        "SELECT occurred_at, details ->> 'replica_id' AS a, \
         CASE WHEN event_type = 'alter' THEN details ->> 'old_name' END AS b, \
         CASE WHEN event_type = 'alter' THEN details ->> 'new_name' ELSE details ->> 'replica_name' END AS c \
         FROM mz_catalog.mz_audit_events \
         WHERE object_type = 'cluster-replica' AND event_type IN ('create', 'alter') \
         AND details ->> 'new_name' IS NOT NULL = (event_type = 'alter') \
         UNION ALL SELECT CAST(NULL AS timestamp with time zone), id, CAST(NULL AS text), name \
         FROM mz_catalog.mz_cluster_replicas WHERE id LIKE 's%'",
    ),
    (
        "mz_object_history",
        "SELECT c.details ->> 'id' AS a, coalesce(c.details ->> 'cluster_id', o.cluster_id) AS b, \
         c.object_type AS c, c.occurred_at AS d, d.occurred_at AS e FROM mz_catalog.mz_audit_events AS c \
         LEFT JOIN mz_catalog.mz_objects AS o ON o.id = c.details ->> 'id' \
         LEFT JOIN (SELECT details ->> 'id' AS id, object_type, occurred_at FROM mz_catalog.mz_audit_events \
             WHERE event_type = 'drop') AS d ON d.id = c.details ->> 'id' AND d.object_type = c.object_type \
         WHERE c.event_type = 'create' AND (c.object_type = 'index' OR c.object_type IN (SELECT type FROM mz_catalog.mz_objects)) \
         UNION ALL SELECT id, cluster_id, type, CAST(NULL AS timestamp with time zone), \
         CAST(NULL AS timestamp with time zone) FROM mz_catalog.mz_objects WHERE id LIKE 's%'",
    ),
    (
        "mz_object_lifetimes",
        "SELECT CASE WHEN object_type = 'cluster-replica' THEN details ->> 'replica_id' ELSE details ->> 'id' END AS a, \
         details ->> 'previous_id' AS b, object_type, event_type, occurred_at FROM mz_catalog.mz_audit_events \
         WHERE event_type IN ('create', 'drop')",
    ),
    (
        "mz_object_oid_alias",
        "VALUES ('table', 'regclass'), ('source', 'regclass'), ('view', 'regclass'), ('materialized-view', 'regclass'), \
         ('index', 'regclass'), ('type', 'regtype'), ('function', 'regproc')",
    ),
    (
        "mz_objects_id_namespace_types",
        "VALUES ('table'), ('view'), ('materialized-view'), ('source'), ('sink'), ('index'), ('connection'), ('type'), \
         ('function'), ('secret')",
    ),
    (
        "pg_authid_core",
        "SELECT oid, rolname, rolsuper, rolinherit, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolpassword, \
         rolvaliduntil FROM pg_catalog.pg_authid",
    ),
    ("mz_show_all_my_privileges", mine!("*", "mz_show_all_privileges")),
    ("mz_show_my_cluster_privileges", mine!("*", "mz_show_cluster_privileges")),
    ("mz_show_my_database_privileges", mine!("*", "mz_show_database_privileges")),
    ("mz_show_my_default_privileges", mine!("*", "mz_show_default_privileges")),
    ("mz_show_my_object_privileges", mine!("*", "mz_show_object_privileges")),
    ("mz_show_my_role_members", "SELECT * FROM mz_internal.mz_show_role_members WHERE pg_has_role(member, 'USAGE')"),
    ("mz_show_my_schema_privileges", mine!("*", "mz_show_schema_privileges")),
    ("mz_show_my_system_privileges", mine!("*", "mz_show_system_privileges")),
];

const PG_CATALOG: &[(&str, &str)] = &[
    (
        "pg_depend",
        "WITH class AS (SELECT k.column1 AS type, c.oid FROM (VALUES ('table', 'pg_tables'), ('source', 'pg_tables'), \
             ('view', 'pg_views'), ('materialized-view', 'pg_matviews'), ('index', 'pg_index')) AS k \
             JOIN mz_catalog.mz_objects AS c ON c.name = k.column2 AND c.id LIKE 's%') \
         SELECT oc.oid AS a, o.oid AS b, 0 AS c, rc.oid AS d, r.oid AS e, 0 AS f, 'n' AS g \
         FROM mz_internal.mz_object_dependencies AS x \
         JOIN mz_catalog.mz_objects AS o ON o.id = x.object_id JOIN class AS oc ON oc.type = o.type \
         JOIN mz_catalog.mz_objects AS r ON r.id = x.referenced_object_id JOIN class AS rc ON rc.type = r.type \
         JOIN mz_catalog.mz_schemas AS s ON s.id = o.schema_id \
         LEFT JOIN mz_catalog.mz_databases AS d ON d.id = s.database_id \
         WHERE s.database_id IS NULL OR d.name = current_database()",
    ),
    (
        "pg_description",
        "SELECT objoid, classoid, objsubid, description FROM mz_internal.pg_description_all_databases \
         WHERE (oid_database_name IS NULL OR oid_database_name = current_database()) \
         AND (class_database_name IS NULL OR class_database_name = current_database())",
    ),
    (
        "pg_indexes",
        here!(
            "SELECT current_database() AS a, s.name AS b, r.name AS c, i.name AS e, CAST(NULL AS text) AS f, \
             CAST(NULL AS text) AS g FROM mz_catalog.mz_indexes AS i JOIN mz_catalog.mz_relations AS r \
             ON r.id = i.on_id JOIN mz_catalog.mz_schemas AS s ON s.id = r.schema_id"
        ),
    ),
    (
        "pg_matviews",
        here!(
            "SELECT s.name AS a, m.name AS b, o.oid AS c, m.definition AS e FROM mz_catalog.mz_materialized_views AS m \
             LEFT JOIN mz_catalog.mz_schemas AS s ON s.id = m.schema_id \
             JOIN mz_catalog.mz_roles AS o ON o.id = m.owner_id"
        ),
    ),
    (
        "pg_tables",
        "SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner) AS owner FROM pg_catalog.pg_class AS c \
         LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')",
    ),
    (
        "pg_views",
        here!(
            "SELECT s.name AS a, v.name AS b, o.oid AS c, v.definition AS e FROM mz_catalog.mz_views AS v \
             LEFT JOIN mz_catalog.mz_schemas AS s ON s.id = v.schema_id \
             JOIN mz_catalog.mz_roles AS o ON o.id = v.owner_id"
        ),
    ),
];

/// The query behind a relation of the system, if there is one.
pub fn query(schema: &str, name: &str, columns: &[RelationColumn]) -> Option<Cow<'static, str>> {
    let list = match schema {
        "information_schema" => INFORMATION_SCHEMA,
        "mz_internal" => MZ_INTERNAL,
        "pg_catalog" => PG_CATALOG,
        _ => return None,
    };
    if let Some((_, query)) = list.iter().find(|(known, _)| *known == name) {
        return Some(Cow::Borrowed(query));
    }
    // What PostgreSQL has in each database is what the session's has of what all have.
    let of_all = matches!(name, "pg_attribute" | "pg_class" | "pg_namespace" | "pg_type") && schema == "pg_catalog";
    of_all.then(|| {
        let columns: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        format!(
            "SELECT {} FROM mz_internal.{name}_all_databases \
             WHERE database_name IS NULL OR database_name = current_database()",
            columns.join(", ")
        )
        .into()
    })
}
