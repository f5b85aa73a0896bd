//! `materialize_sink_iceberg`: writes changes to an Apache Iceberg table.

use super::sink;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::sql::{Kind, item};

const OPTIONS: &[Attr] = &[
    text("namespace")
        .required()
        .length(1, 10_000)
        .option("NAMESPACE")
        .doc("The namespace of the table in the catalog."),
    text("table")
        .required()
        .length(1, 10_000)
        .option("TABLE")
        .doc("The table. Materialize makes it if it is not there."),
];

const COMMIT_INTERVAL: Attr = interval("commit_interval").required().option("COMMIT INTERVAL").within("WITH").doc(
    "How often changes are committed, such as \"10s\": readers see them this late, and snapshots pile up this fast.",
);

pub const SINK_ICEBERG: Resource = Resource {
    name: "materialize_sink_iceberg",
    kind: Kind::Sink,
    scope: Scope::Schema,
    doc: "A sink that writes the changes of a relation to an Apache Iceberg table. What it reads from can be changed in \
          place; anything else replaces the sink.",
    attrs: &[
        sink::CLUSTER_NAME,
        sink::SIZE,
        sink::FROM,
        reference("iceberg_catalog_connection", Kind::Connection)
            .required()
            .clause("ICEBERG CATALOG CONNECTION")
            .doc("The connection to the Iceberg catalog."),
        reference("aws_connection", Kind::Connection)
            .clause("USING AWS CONNECTION")
            .doc("The AWS connection with which files are written. Only newer servers do without."),
        sink::KEY.doc("The columns that tell one row from another, in this order; needed in mode `UPSERT`."),
        sink::KEY_NOT_ENFORCED,
        text("mode")
            .default(Default::Text("UPSERT"))
            .keyword(&["UPSERT", "APPEND"])
            .clause("MODE")
            .doc("`UPSERT` keeps the table equal to the relation; `APPEND` adds a row for every change."),
        COMMIT_INTERVAL,
    ],
    tables: &[OPTIONS],
    lookups: &[sink::MAIN],
    create: |_, v| {
        let create = sink::create(v, "ICEBERG CATALOG CONNECTION", "iceberg_catalog_connection")
            .group(option_items(OPTIONS, v))
            .with(v.reference_in("aws_connection"), |s, name| s.word("USING AWS CONNECTION").name(&name))
            .then(sink::key(v))
            .then(item().word("MODE").word(&v.str("mode").to_uppercase()));
        vec![create.then(with_options(&[COMMIT_INTERVAL], v))]
    },
    alters: &[sink::SET_FROM],
    options_after: "ICEBERG CATALOG CONNECTION",
    validate: |config| {
        let append = config.get("mode").as_text().is_some_and(|mode| mode.eq_ignore_ascii_case("APPEND"));
        let keyless = config.get("key").is_zero();
        let wrong = match append {
            _ if config.get("mode").is_unknown() || config.get("key").is_unknown() => None,
            true if !keyless => Some(("Needless key", "In mode `APPEND` no `key` is allowed.")),
            false if keyless => Some(("Missing key", "In mode `UPSERT` a `key` must be set.")),
            _ => None,
        };
        let wrong = wrong.map(|(summary, detail)| Diagnostic::error(summary, detail).at("key"));
        wrong.into_iter().chain(sink::validate(config)).collect()
    },
    ..Resource::NONE
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn keys_follow_the_mode() {
        let errors =
            |mode: Value, key: Value| (SINK_ICEBERG.validate)(&Value::from([("mode", mode), ("key", key)])).len();
        let key = || Value::list(["id".into()]);
        assert_eq!(errors(Value::Null, key()), 0);
        assert_eq!(errors("append".into(), Value::Null), 0);
        assert_eq!(errors(Value::Unknown, Value::Null), 0);
        assert_eq!(errors("upsert".into(), Value::Null), 1);
        assert_eq!(errors("append".into(), key()), 1);
    }
}
