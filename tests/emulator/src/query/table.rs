//! Where the rows of a query's tables come from: rows of users' tables, and relations of the system, of which only the
//! rows are made that the query asks for.

use super::types;
use crate::catalog::tracked::{Chunk, Only};
use crate::catalog::{Catalog, Id, RelationColumn};
use crate::datum::{Datum, SqlError};
use crate::relations::scope::{self, Scope};
use crate::sql::error::with_code;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::catalog::MemTable;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Result, ScalarValue};
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, Operator, TableProviderFilterPushDown, TableScan, TableSource};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

/// A table of a query, as the planner sees it: its columns, and how to come by its rows.
pub struct Table {
    schema: SchemaRef,
    columns: Vec<RelationColumn>,
    rows: Origin,
}

enum Origin {
    User(Vec<Vec<Datum>>),
    System(&'static str, &'static str),
}

impl Table {
    pub fn user(columns: &[RelationColumn], rows: Vec<Vec<Datum>>) -> Self {
        Self { schema: schema(columns), columns: columns.to_vec(), rows: Origin::User(rows) }
    }

    pub fn system(schema_name: &'static str, name: &'static str, columns: &[RelationColumn]) -> Self {
        Self { schema: schema(columns), columns: columns.to_vec(), rows: Origin::System(schema_name, name) }
    }

    /// The column with the id of the object that a row is about.
    fn id_column(&self) -> Option<&'static str> {
        match self.rows {
            Origin::System(schema, name) => scope::by_object(schema, name).map(|(_, column)| column),
            Origin::User(_) => None,
        }
    }
}

impl TableSource for Table {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let ids = |filter: &&Expr| self.id_column().and_then(|column| ids(filter, column)).is_some();
        let one = |filter| match ids(filter) {
            true => TableProviderFilterPushDown::Inexact,
            false => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(one).collect())
    }
}

fn schema(columns: &[RelationColumn]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(|c| types::field(&c.name, &c.ty, c.nullable)).collect::<Vec<_>>()))
}

/// The ids that a condition leaves, if it is one on the column with the ids.
fn ids(filter: &Expr, column: &str) -> Option<BTreeSet<Id>> {
    let is_column = |expr: &Expr| match expr {
        Expr::Column(found) => found.name == column,
        // The ids are texts: a cast to text changes nothing.
        Expr::ScalarFunction(call) => match (call.name(), call.args.as_slice()) {
            ("materialize_text", [Expr::Column(found)]) => found.name == column,
            _ => false,
        },
        _ => false,
    };
    let literal = |expr: &Expr| match expr {
        Expr::Literal(ScalarValue::Utf8(Some(text)), _) => Some(scope::id(text)),
        _ => None,
    };
    match filter {
        Expr::InList(list) if !list.negated && is_column(&list.expr) => {
            list.list.iter().map(literal).collect::<Option<Vec<_>>>().map(|ids| ids.into_iter().flatten().collect())
        }
        Expr::BinaryExpr(both) => match both.op {
            Operator::Eq if is_column(&both.left) => literal(&both.right).map(|id| id.into_iter().collect()),
            Operator::Eq if is_column(&both.right) => literal(&both.left).map(|id| id.into_iter().collect()),
            Operator::Or => Some(&ids(&both.left, column)? | &ids(&both.right, column)?),
            Operator::And => ids(&both.left, column).or_else(|| ids(&both.right, column)),
            _ => None,
        },
        _ => None,
    }
}

/// Rows of the system's relations, kept until they change.
#[derive(Default)]
pub struct Cache {
    /// By schema, name, and whether columns with SQL are filled.
    relations: Mutex<HashMap<(&'static str, &'static str, bool), Kept>>,
}

/// The rows of one relation.
struct Kept {
    /// What the rows were made of, and its names.
    clock: (u64, u64),
    chunks: BTreeMap<Chunk, (u64, RecordBatch)>,
    all: RecordBatch,
}

impl Cache {
    /// Puts rows in place of the tables of an optimized plan. `version` is the catalog's.
    pub fn fill(&self, plan: LogicalPlan, catalog: &Catalog, version: u64) -> Result<LogicalPlan, SqlError> {
        let mut failed = None;
        let filled = plan.transform_down_with_subqueries(|node| {
            let LogicalPlan::TableScan(scan) = node else { return Ok(Transformed::no(node)) };
            let Some(table) = (scan.source.as_ref() as &dyn Any).downcast_ref::<Table>() else {
                return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
            };
            let batch = match self.batch(table, &scan, catalog, version) {
                Ok(batch) => batch?,
                Err(error) => {
                    failed.get_or_insert(error);
                    RecordBatch::new_empty(table.schema.clone())
                }
            };
            let source = provider_as_source(Arc::new(MemTable::try_new(table.schema.clone(), vec![vec![batch]])?));
            Ok(Transformed::yes(LogicalPlan::TableScan(TableScan { source, filters: Vec::new(), ..scan })))
        });
        match failed {
            Some(error) => Err(error),
            None => filled.map(|filled| filled.data).map_err(super::errors::translate),
        }
    }

    /// The rows that a scan asks for. The outer error is for the client.
    fn batch(
        &self,
        table: &Table,
        scan: &TableScan,
        catalog: &Catalog,
        version: u64,
    ) -> Result<Result<RecordBatch>, SqlError> {
        let (schema, name) = match &table.rows {
            Origin::User(rows) => return Ok(batch(table, rows)),
            Origin::System(schema, name) => (*schema, *name),
        };
        let read = |i: usize| scan.projection.as_ref().is_none_or(|columns| columns.contains(&i));
        let sql = table.columns.iter().enumerate().any(|(i, column)| scope::is_sql(&column.name) && read(i));
        let make = |only: Only| {
            let rows = crate::relations::rows(&Scope { catalog, only, sql }, schema, name).ok_or_else(|| {
                with_code("0A000", format!("relation \"{schema}.{name}\" is not served by the emulator"))
            })?;
            Ok(batch(table, &rows))
        };
        let by_object = scope::by_object(schema, name);
        if let Some((_, column)) = by_object
            && let Some(ids) = scan.filters.iter().find_map(|filter| ids(filter, column))
        {
            return make(Only::Ids(ids));
        }
        let clock = (by_object.map_or(version, |(source, _)| source.clock(catalog)), catalog.renamed);
        let mut relations = self.relations.lock().unwrap_or_else(|e| e.into_inner());
        let kept = relations.get_mut(&(schema, name, sql));
        if let Some(kept) = kept.as_ref().filter(|kept| kept.clock == clock) {
            return Ok(Ok(kept.all.clone()));
        }
        let mut chunks = BTreeMap::new();
        let all = match by_object {
            None => make(Only::All)?,
            Some((source, _)) => {
                let mut old = kept.filter(|kept| kept.clock.1 == clock.1).map(|k| std::mem::take(&mut k.chunks));
                for (chunk, stamp) in source.stamps(catalog) {
                    let same = old.as_mut().and_then(|old| old.remove(chunk)).filter(|(old, _)| old == stamp);
                    let rows = match same {
                        Some((_, rows)) => rows,
                        None => match make(Only::Chunk(*chunk))? {
                            Ok(rows) => rows,
                            Err(error) => return Ok(Err(error)),
                        },
                    };
                    chunks.insert(*chunk, (*stamp, rows));
                }
                concat_batches(&table.schema, chunks.values().map(|(_, rows)| rows)).map_err(Into::into)
            }
        };
        if let Ok(all) = &all {
            relations.insert((schema, name, sql), Kept { clock, chunks, all: all.clone() });
        }
        Ok(all)
    }
}

/// Rows as columns.
fn batch(table: &Table, rows: &[Vec<Datum>]) -> Result<RecordBatch> {
    // A row that is too short would be an error of the relation's author, not of the query.
    let missing = Datum::Null;
    let column = |(i, column): (usize, &RelationColumn)| {
        types::column(&column.ty, &mut rows.iter().map(|row| row.get(i).unwrap_or(&missing)))
    };
    let arrays = table.columns.iter().enumerate().map(column).collect::<Result<Vec<_>>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    Ok(RecordBatch::try_new_with_options(table.schema.clone(), arrays, &options)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::item::Definition;
    use crate::catalog::{Shared, Upstreams};
    use crate::session::Session;
    use datafusion::logical_expr::TableScanBuilder;

    /// Statements that change each thing that rows are made of, also by way of others.
    const CHANGES: &str = r#"
        CREATE SCHEMA s; CREATE ROLE team; CREATE TABLE s.t (a int); COMMENT ON TABLE s.t IS 'one';
        CREATE VIEW s.v AS SELECT a FROM s.t; CREATE MATERIALIZED VIEW s.m IN CLUSTER quickstart AS SELECT a FROM s.v;
        CREATE INDEX i IN CLUSTER quickstart ON s.t (a); COMMENT ON COLUMN s.t.a IS 'two';
        GRANT SELECT ON TABLE s.t TO team; ALTER VIEW s.v OWNER TO team; ALTER ROLE team SET cluster = 'quickstart';
        ALTER TABLE s.t RENAME TO u; ALTER TABLE s.u ADD COLUMN b text; ALTER SCHEMA s RENAME TO r;
        CREATE SECRET sec AS 'x'; CREATE SCHEMA q; ALTER SCHEMA q SWAP WITH r; ALTER CLUSTER quickstart RENAME TO c;
        CREATE OR REPLACE VIEW o AS SELECT 1 AS x; CREATE OR REPLACE VIEW o AS SELECT 2 AS y;
        ALTER MATERIALIZED VIEW q.m SET (RETAIN HISTORY FOR '1 hour'); COMMENT ON TABLE q.u IS NULL;
        REVOKE SELECT ON TABLE q.u FROM team; DROP INDEX q.i; DROP TABLE q.u CASCADE; DROP SCHEMA r CASCADE;
        ALTER VIEW o OWNER TO mz_system; REASSIGN OWNED BY team TO mz_system; DROP OWNED BY team; DROP ROLE team"#;

    fn scan(table: Table, filters: Vec<Expr>) -> TableScan {
        TableScanBuilder::new("t", Arc::new(table)).with_filters(filters).build().expect("a scan")
    }

    #[test]
    fn what_is_kept_is_what_would_be_made() {
        let shared = Shared::new(Catalog::new("test-0", Upstreams::parse("{}").expect("no upstreams")));
        let mut session = Session::new(shared.clone(), "mz_system", &Default::default()).expect("signs in");
        let cache = Cache::default();
        for statement in crate::sql::split(CHANGES).expect("they parse") {
            session.execute(&statement, &[]).unwrap_or_else(|e| panic!("{}: {e}", statement.text));
            let catalog = shared.read();
            for relation in catalog.items.values() {
                let Definition::System(relation) = &relation.definition else { continue };
                let (schema, name) = (relation.schema.as_str(), relation.name.as_str());
                let Some((_, key)) = scope::by_object(schema, name) else { continue };
                let column = |(name, ty, nullable): &(String, String, bool)| RelationColumn {
                    name: name.clone(),
                    ty: ty.clone(),
                    nullable: *nullable,
                };
                let columns: Vec<_> = relation.columns.iter().map(column).collect();
                let fresh = |only| {
                    let rows = crate::relations::rows(&Scope { catalog: &catalog, only, sql: true }, schema, name);
                    batch(&Table::system(schema, name, &columns), &rows.expect("served")).expect("rows fit")
                };
                let kept = |filters| {
                    let table = Table::system(schema, name, &columns);
                    let rows = cache.batch(&table, &scan(Table::system(schema, name, &columns), filters), &catalog, 0);
                    rows.expect("served").expect("rows fit")
                };
                assert!(kept(vec![]) == fresh(Only::All), "{schema}.{name}: {}", statement.text);
                let one = datafusion::logical_expr::col(key).eq(datafusion::logical_expr::lit("u2"));
                let ids = ids(&one, key).expect("ids");
                assert!(kept(vec![one]) == fresh(Only::Ids(ids)), "{schema}.{name}: {}", statement.text);
            }
        }
    }
}
