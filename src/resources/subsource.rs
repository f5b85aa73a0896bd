//! The tables that a source reads from a database, each a subsource: what is there, what is wanted, and the statements
//! between.

use super::source;
use super::upstream_column::{columns, same_column};
use crate::catalog::Row;
use crate::declare::*;
use crate::sql::{self, Kind, Name, Node, Statement, as_name, as_texts, item, option};
use crate::value::Value;

/// A table of the database: its schema and name.
#[derive(Clone, PartialEq)]
pub struct Table(pub String, pub String);

impl Table {
    /// Of a row, or of a `table` block.
    pub fn new(schema: Option<&str>, name: Option<&str>) -> Self {
        Self(schema.unwrap_or_default().to_owned(), name.unwrap_or_default().to_owned())
    }

    pub fn name(&self) -> Name {
        Name::new([&self.0, &self.1])
    }

    /// Whether the column, however far it is qualified, is one of this table.
    pub fn has(&self, column: &Name) -> bool {
        let of = &column.parts[..column.parts.len() - 1];
        !of.is_empty() && (of.ends_with(&self.name().parts) || self.name().parts.ends_with(of))
    }
}

/// A subsource that is there.
pub struct Subsource {
    pub table: Table,
    pub name: Name,
    pub text: Vec<String>,
    pub exclude: Vec<String>,
}

pub fn subsources(found: &Found) -> Vec<Subsource> {
    let parsed = |row: &Row| {
        let statement = sql::parse(row.get("create_sql")?).ok()?;
        let with = statement.group_after("WITH")?;
        let [.., schema, table] = &as_name(option(with, "EXTERNAL REFERENCE")?)?.parts[..] else { return None };
        let columns = |words| option(with, words).and_then(as_texts).unwrap_or_default();
        let owned = |columns: Vec<&str>| columns.into_iter().map(str::to_owned).collect();
        Some(Subsource {
            table: Table(schema.clone(), table.clone()),
            name: source::subsource(row),
            text: owned(columns("TEXT COLUMNS")),
            exclude: owned(columns("EXCLUDE COLUMNS")),
        })
    };
    let mut all: Vec<Subsource> = found.more(1).iter().filter_map(parsed).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The tables that Materialize knows to be in the database.
pub fn references(found: &Found) -> Vec<Table> {
    found.more(2).iter().map(|row| Table::new(row.get("schema"), row.get("name"))).collect()
}

/// The tables that are listed one by one; `None`: all there are, or all of some schemas.
pub fn listed(value: &Value) -> Option<Vec<(Table, Name)>> {
    let v = Values::new(value, &Value::Null);
    if v.is_true("all_tables") || !v.texts("schemas").is_empty() {
        return None;
    }
    Some(v.blocks("table").map(|table| member(&table)).collect())
}

/// The table and the subsource's name in a `table` block.
pub fn member(v: &Values) -> (Table, Name) {
    (Table::new(v.text("upstream_schema_name"), v.text("upstream_name")), v.reference())
}

/// Whether the columns that change are only of tables that come, go, or are not there at all.
pub fn concerns_new_tables(prior: &Value, planned: &Value) -> bool {
    let (before, after) = (listed(prior), listed(planned));
    let there = |tables: &Option<Vec<(Table, Name)>>, column: &Name| {
        tables.as_ref().is_none_or(|tables| tables.iter().any(|(table, _)| table.has(column)))
    };
    ["text_columns", "exclude_columns", "ignore_columns"].iter().all(|attr| {
        let (old, new) = (columns(prior.get(attr)), columns(planned.get(attr)));
        let lacks = |list: &[Name], column: &Name| !list.iter().any(|other| same_column(other, column));
        let changed = old.iter().filter(|c| lacks(&new, c)).chain(new.iter().filter(|c| lacks(&old, c)));
        changed.into_iter().all(|column| !(there(&before, column) && there(&after, column)))
    })
}

/// The options that list the columns which the filter takes.
pub fn column_options(v: &Values, list: fn(Vec<Vec<Node>>) -> Node, takes: impl Fn(&Name) -> bool) -> Vec<Statement> {
    let option = |(words, attr): (&str, &str)| {
        let columns = columns(v.get(attr)).into_iter().filter(&takes).map(|name| vec![Node::Name(name)]);
        let columns: Vec<Vec<Node>> = columns.collect();
        (!columns.is_empty()).then(|| item().word(words).push(list(columns)))
    };
    let attrs = [
        ("TEXT COLUMNS", "text_columns"),
        ("EXCLUDE COLUMNS", "exclude_columns"),
        ("EXCLUDE COLUMNS", "ignore_columns"),
    ];
    attrs.into_iter().filter_map(option).collect()
}

/// `"s"."t" AS "d"."s"."n"`.
pub fn table_as((table, name): &(Table, Name)) -> Statement {
    item().name(&table.name()).word("AS").name(name)
}

/// What makes the subsources that are there those that are wanted.
pub fn alter_tables(c: &Change) -> Vec<Statement> {
    let source = Scope::Schema.name_of(&c.new);
    let schemas = c.new.texts("schemas");
    let one_by_one = !c.new.is_true("all_tables") && schemas.is_empty();
    let wanted: Vec<(Table, Name)> = if one_by_one {
        c.new.blocks("table").map(|t| member(&t)).collect()
    } else {
        let tables = references(c.found).into_iter();
        let tables = tables.filter(|table| schemas.is_empty() || schemas.contains(&table.0.as_str()));
        tables.map(|table| (table.clone(), source.renamed(&table.1))).collect()
    };
    let mut left = subsources(c.found);
    let mut take = |fits: &dyn Fn(&Subsource) -> bool| left.iter().position(fits).map(|at| left.remove(at));
    let mut missing = wanted;
    missing.retain(|(table, name)| take(&|s| s.table == *table && (!one_by_one || s.name == *name)).is_none());
    let mut renames = Vec::new();
    missing.retain(|(table, name)| {
        let renamed = take(&|s| s.table == *table && s.name.renamed(name.last()) == *name);
        renames.extend(renamed.as_ref().map(|s| (s.name.clone(), name.clone())));
        renamed.is_none()
    });
    // Of all tables none is too many, even if Materialize does not know it any more.
    let outside = |s: &&Subsource| one_by_one || !(schemas.is_empty() || schemas.contains(&s.table.0.as_str()));
    // What the plan has not shown, because it was not there then, is left to the next.
    let listed: Vec<(Table, Name)> = c.old.blocks("table").map(|t| member(&t)).collect();
    let in_whole = c.old.is_true("all_tables") || !c.old.texts("schemas").is_empty();
    let planned = |s: &&Subsource| in_whole || listed.iter().any(|(table, name)| s.table == *table || s.name == *name);
    let dropped: Vec<Statement> = left.iter().filter(outside).filter(planned).map(|s| item().name(&s.name)).collect();
    let options = column_options(&c.new, Node::Square, |column| missing.iter().any(|(table, _)| table.has(column)));
    let add = Statement::alter(Kind::Source, &source).word("ADD SUBSOURCE").list(missing.iter().map(table_as));
    let add = add.group_if_any("WITH", options);
    let drop = (!dropped.is_empty()).then(|| item().word("DROP SOURCE").list(dropped));
    let rename = |(old, new): (Name, Name)| Statement::alter(Kind::Source, &old).word("RENAME TO").ident(new.last());
    let renames = in_order(renames).into_iter().map(rename);
    drop.into_iter().chain(renames).chain((!missing.is_empty()).then_some(add)).collect()
}

/// Renames in an order in which every new name is free. Where names are exchanged, one steps aside first.
fn in_order(mut left: Vec<(Name, Name)>) -> Vec<(Name, Name)> {
    let mut ordered = Vec::new();
    while !left.is_empty() {
        match left.iter().position(|(_, new)| left.iter().all(|(old, _)| old != new)) {
            Some(free) => ordered.push(left.remove(free)),
            None => {
                let aside = left[0].0.renamed("terraform_aside");
                ordered.push((std::mem::replace(&mut left[0].0, aside.clone()), aside));
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_find_their_names_free() {
        let name = |last: &str| Name::new(["d", "s", last]);
        let ordered = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(old, new)| (name(old), name(new))).collect();
            let shown = in_order(pairs).into_iter().map(|(old, new)| format!("{} {}", old.last(), new.last()));
            shown.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(ordered(&[("a", "b"), ("b", "c"), ("x", "y")]), "b c, a b, x y");
        assert_eq!(ordered(&[("a", "b"), ("b", "a")]), "a terraform_aside, b a, terraform_aside b");
        assert_eq!(
            ordered(&[("a", "b"), ("b", "c"), ("c", "a"), ("z", "q")]),
            "z q, a terraform_aside, c a, b c, terraform_aside b"
        );
        assert_eq!(ordered(&[]), "");
    }
}
