//! `materialize_source_reference`: what there is upstream of a source.

use crate::declare::*;
use crate::sql::{Kind, Name, Statement};

const SOURCE: &str = "mz_catalog.mz_sources o JOIN mz_catalog.mz_schemas s ON s.id = o.schema_id JOIN \
                      mz_catalog.mz_databases d ON d.id = s.database_id";

const ID: Attr =
    identifier("source_id").required().doc("The source: its catalog id, such as `u7`, or its `id` in Terraform.");

pub const SOURCE_REFERENCE: DataSource = DataSource {
    name: "materialize_source_reference",
    doc: "The tables or topics upstream of a source, from which tables can be made. Materialize is asked to look again first, \
          which needs the source's owner.",
    before: Some(Before {
        columns: &[("name", "o.name"), ("schema", "s.name"), ("database", "d.name")],
        from: SOURCE,
        key: ("source_id", Filter::Id("o.id")),
        statement: |row| {
            let name = Name::new(["database", "schema", "name"].map(|part| row.get(part).unwrap_or_default()));
            Statement::alter(Kind::Source, &name).word("REFRESH REFERENCES")
        },
    }),
    from: "mz_internal.mz_source_references r JOIN mz_catalog.mz_sources o ON o.id = r.source_id JOIN \
           mz_catalog.mz_schemas s ON s.id = o.schema_id JOIN mz_catalog.mz_databases d ON d.id = s.database_id",
    order: Some("r.namespace, r.name"),
    filters: &[("source_id", Filter::Id("r.source_id"))],
    id: |set| set.first().map(|(_, id)| (*id).to_owned()).unwrap_or_default(),
    ..listing!([ID], "references", "What there is upstream, by namespace and name.", [
        "namespace": Ty::Text => "r.namespace",
        "name": Ty::Text => "r.name",
        "updated_at": Ty::Text => "r.updated_at::text",
        "columns": Ty::List(&Ty::Text) => "r.columns::text",
        "source_name": Ty::Text => "o.name",
        "source_schema_name": Ty::Text => "s.name",
        "source_database_name": Ty::Text => "d.name",
        "source_type": Ty::Text => "o.type",
    ])
};
