//! Names to tables: DataFusion plans a query by asking here.

use super::inquiry::{self, Facts};
use super::table::Table;
use super::{check, errors, rewrite, types, views};
use crate::catalog::bootstrap::{NEWER_RELATIONS, RELATIONS};
use crate::catalog::item::Definition;
use crate::catalog::names::NameScope;
use crate::catalog::{Catalog, Id, RelationColumn, UserRelation};
use crate::datum::SqlError;
use crate::session::Snapshot;
use crate::sql::error::{Hint, plan, with_code};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, IntervalUnit};
use datafusion::common::config::ConfigOptions;
use datafusion::common::metadata::FieldMetadata;
use datafusion::common::{Column, Result, TableReference};
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner, TypePlanner};
use datafusion::logical_expr::{AggregateUDF, HigherOrderUDF, LogicalPlan, ScalarUDF, TableSource, WindowUDF};
use datafusion::sql::planner::{ParserOptions, SqlToRel};
use datafusion::sql::sqlparser::ast::{self, DataType as SqlType};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

/// Views may stand on views; this deep at most.
const VIEW_DEPTH: u32 = 64;

/// What planning one query needs.
pub struct Planner<'a> {
    pub catalog: &'a Catalog,
    pub session: &'a Snapshot,
    pub state: &'a SessionState,
    /// Whether the query will run; else only its columns are asked for.
    runs: bool,
    depth: Cell<u32>,
    /// What the query itself reads, not what the views that it reads stand on.
    used: RefCell<BTreeSet<Id>>,
    /// Whether the query read any relation.
    read: Cell<bool>,
    /// A copy of the catalog, once a function asks for one.
    facts: OnceCell<Arc<Facts>>,
    /// Whether there may be a value whose text is found in the catalog.
    asked: Cell<bool>,
}

impl<'a> Planner<'a> {
    pub fn new(catalog: &'a Catalog, session: &'a Snapshot, state: &'a SessionState, runs: bool) -> Self {
        Self {
            catalog,
            session,
            state,
            runs,
            depth: Cell::new(0),
            used: RefCell::default(),
            read: Cell::new(false),
            facts: OnceCell::new(),
            asked: Cell::new(false),
        }
    }

    /// The logical plan of a query that the session may run.
    pub fn plan(&self, sql: &str) -> Result<LogicalPlan, SqlError> {
        let plan = self.plan_any(sql).map_err(|error| self.explained(sql, error))?;
        check::operators(&plan)?;
        let used = self.used.take();
        self.read.set(!used.is_empty());
        // Without relations of a user, the query runs where everybody may.
        let cluster = used.iter().any(|id| id.is_user()).then(|| self.catalog.cluster(&self.session.cluster));
        let role = self.catalog.role(&self.session.current_user)?;
        let cluster = cluster.transpose()?;
        self.catalog.check_read(role, &used, cluster)?;
        if let Some(cluster) = cluster.filter(|_| self.runs && used.iter().any(|id| self.is_stored(*id))) {
            self.check_replicas(cluster)?;
        }
        Ok(plan)
    }

    /// Whether reading an item reads rows that a cluster has to fetch: a view of constants has none.
    fn is_stored(&self, id: Id) -> bool {
        match self.catalog.items.get(&id).map(|item| (&item.definition, &item.uses)) {
            Some((Definition::Table(_) | Definition::Source(_) | Definition::MaterializedView(_), _)) => true,
            Some((Definition::View(_), uses)) => uses.iter().any(|used| self.is_stored(*used)),
            _ => false,
        }
    }

    /// Refuses a cluster that has nothing to run a query on. The system's own are not looked at.
    fn check_replicas(&self, cluster: Id) -> Result<(), SqlError> {
        let found = self.catalog.clusters.get(&cluster).filter(|c| c.id.is_user() && c.replicas.is_empty());
        let Some(cluster) = found else { return Ok(()) };
        let message = format!("CLUSTER \"{}\" has no replicas available to service request", cluster.name);
        let hint = match cluster.managed {
            Some(_) => {
                "Use ALTER CLUSTER to adjust the replication factor of the cluster. \
                 Example:`ALTER CLUSTER <cluster-name> SET (REPLICATION FACTOR 1)`"
            }
            None => "Use CREATE CLUSTER REPLICA to attach cluster replicas to the cluster",
        };
        Err(with_code("0A000", message).hint(hint))
    }

    /// What the engine cannot plan for reasons of its own words may be wrong for a reason that has Materialize's.
    fn explained(&self, sql: &str, error: SqlError) -> SqlError {
        // The engine does not tell a column that is missing on one side of a join from any other.
        let joins = sql.as_bytes().windows(5).any(|w| w.eq_ignore_ascii_case(b"using"));
        let own_words = error.message.starts_with(errors::UNPLANNED);
        if !own_words && (!joins || !error.message.starts_with("column ")) {
            return error;
        }
        let names = self.names();
        let planner = crate::sql::plan::Planner { catalog: self.catalog, names: &names };
        let find = || {
            let mut query = crate::sql::query::query(&mut crate::sql::parser::Parser::new(sql)?)?;
            planner.query(&mut query, &crate::sql::plan::Scope::default())
        };
        match crate::sql::on_large_stack(find) {
            Err(found) if found.code == "XX000" => found,
            _ => error,
        }
    }

    /// Whether the query that was planned reads a relation.
    pub fn reads(&self) -> bool {
        self.read.get()
    }

    fn plan_any(&self, sql: &str) -> Result<LogicalPlan, SqlError> {
        let named = |word: &str| sql.as_bytes().windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()));
        if ["aclitem", "regclass", "regtype"].into_iter().any(named) {
            self.asked.set(true);
        }
        // `user` is the column of that name, where there is one.
        if named("user")
            && let Ok(plan) = self.plan_words(sql, false)
        {
            return Ok(plan);
        }
        self.plan_words(sql, true)
    }

    /// `user`: whether that word is the session's user, whatever columns there are.
    fn plan_words(&self, sql: &str, user: bool) -> Result<LogicalPlan, SqlError> {
        let query = rewrite::query(sql, self.session, user)?;
        let options = ParserOptions::new().with_parse_float_as_decimal(true).with_map_string_types_to_utf8view(false);
        let planner = SqlToRel::new_with_options(self, options);
        planner.sql_statement_to_plan(ast::Statement::Query(Box::new(query))).map_err(errors::translate)
    }

    fn names(&self) -> NameScope {
        self.session.names()
    }

    fn table(&self, parts: &[String]) -> Result<Arc<dyn TableSource>, SqlError> {
        let system = match parts {
            [name] => ["mz_catalog", "pg_catalog"]
                .into_iter()
                .chain(self.session.search_path.iter().map(String::as_str))
                .find_map(|schema| system_relation(schema, name)),
            [.., schema, name] => system_relation(schema, name),
            [] => None,
        };
        let system = system.filter(|((schema, name), _)| self.catalog.has_system_relation(schema, name));
        if self.depth.get() == 0 {
            let full = system.map(|((schema, name), _)| vec![schema.to_owned(), name.to_owned()]);
            let found = self.catalog.resolve_item(&self.names(), full.as_deref().unwrap_or(parts));
            self.used.borrow_mut().extend(found);
        }
        if let Some(((schema, name), columns)) = system {
            self.notice(columns);
            if let Some(query) = views::query(schema, name, columns).filter(|_| self.runs) {
                return self.view(&query, columns, true);
            }
            return Ok(Arc::new(Table::system(schema, name, columns)));
        }
        match self.catalog.user_relation(self.session, parts) {
            Some(relation) => self.user_table(relation),
            None => {
                // An item that is no relation.
                if let Ok(id) = self.catalog.resolve_item(&self.names(), parts) {
                    return Err(self.catalog.no_relation(id));
                }
                // A schema or database that is missing is what the error names.
                if let [schema @ .., _] = parts
                    && !schema.is_empty()
                {
                    self.catalog.schema(&self.names(), schema)?;
                }
                Err(plan(format!("unknown catalog item '{}'", shown(parts))))
            }
        }
    }

    fn user_table(&self, relation: UserRelation) -> Result<Arc<dyn TableSource>, SqlError> {
        self.notice(&relation.columns);
        let Some(query) = &relation.query else {
            return Ok(Arc::new(Table::user(&relation.columns, relation.rows)));
        };
        if !self.runs {
            return Ok(Arc::new(Table::user(&relation.columns, Vec::new())));
        }
        self.view(query, &relation.columns, false)
    }

    /// What stands for a view: its query, under the names of its columns.
    fn view(&self, query: &str, columns: &[RelationColumn], cast: bool) -> Result<Arc<dyn TableSource>, SqlError> {
        if self.depth.get() >= VIEW_DEPTH {
            return Err(with_code("54001", format!("the emulator reads views at most {VIEW_DEPTH} deep")));
        }
        self.depth.set(self.depth.get() + 1);
        let plan = self.plan_any(query);
        self.depth.set(self.depth.get() - 1);
        let plan = rename(plan?, columns, cast).map_err(errors::translate)?;
        Ok(provider_as_source(Arc::new(ViewTable::new(plan, None))))
    }

    /// Looks whether columns have values whose text is found in the catalog.
    fn notice(&self, columns: &[RelationColumn]) {
        let element = |ty: &str| inquiry::is_asked(ty.trim_end_matches("[]"));
        if columns.iter().any(|column| element(&column.ty)) {
            self.asked.set(true);
        }
    }

    fn facts(&self) -> Arc<Facts> {
        let copy = || Arc::new(Facts { catalog: self.catalog.clone(), session: self.session.clone() });
        self.facts.get_or_init(copy).clone()
    }
}

/// Gives a view's query the view's column names, and Materialize's names of their types; `cast`: the types, too.
fn rename(plan: LogicalPlan, columns: &[RelationColumn], cast: bool) -> Result<LogicalPlan> {
    use datafusion::logical_expr::{Expr, LogicalPlanBuilder};
    let items = plan.schema().iter().zip(columns).map(|((table, field), new)| {
        let column = Expr::Column(Column::new(table.cloned(), field.name()));
        let wanted = types::field(&new.name, &new.ty, true);
        let same = wanted.data_type() == field.data_type();
        let column =
            if cast && !same { datafusion::logical_expr::cast(column, wanted.data_type().clone()) } else { column };
        match cast || same {
            true => column.alias_with_metadata(&new.name, Some(FieldMetadata::from(wanted.metadata().clone()))),
            false => column.alias(&new.name),
        }
    });
    let items: Vec<Expr> = items.collect();
    LogicalPlanBuilder::from(plan).project(items)?.build()
}

/// A name as Materialize prints it in messages: quoted where it must be.
fn shown(parts: &[String]) -> String {
    parts.join(".")
}

type SystemRelations = BTreeMap<(String, String), Vec<RelationColumn>>;

/// Every system relation with its columns, from the catalog's own description.
static SYSTEM: LazyLock<SystemRelations> = LazyLock::new(|| {
    let mut relations = SystemRelations::new();
    for line in RELATIONS.lines().chain(NEWER_RELATIONS.lines()) {
        if let [schema, relation, _kind, _position, column, ty, nullable] = line.split('\t').collect::<Vec<_>>()[..] {
            let column = RelationColumn { name: column.into(), ty: ty.into(), nullable: nullable == "t" };
            relations.entry((schema.into(), relation.into())).or_default().push(column);
        }
    }
    relations
});

type SystemRelation = ((&'static str, &'static str), &'static [RelationColumn]);

fn system_relation(schema: &str, name: &str) -> Option<SystemRelation> {
    let ((schema, name), columns) = SYSTEM.get_key_value(&(schema.to_owned(), name.to_owned()))?;
    Some(((schema, name), columns))
}

impl ContextProvider for Planner<'_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        let parts: Vec<String> =
            [name.catalog(), name.schema(), Some(name.table())].into_iter().flatten().map(str::to_owned).collect();
        self.table(&parts).map_err(errors::pass)
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        self.state.expr_planners()
    }

    fn get_type_planner(&self) -> Option<Arc<dyn TypePlanner>> {
        Some(Arc::new(Types))
    }

    fn get_table_function_source(
        &self,
        name: &str,
        _: Vec<datafusion::logical_expr::Expr>,
    ) -> Result<Arc<dyn TableSource>> {
        Err(errors::pass(with_code("0A000", format!("the emulator does not support the table function \"{name}\""))))
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        let known = || self.state.scalar_functions().get(name).cloned();
        // The plain cast to text is quicker where it does.
        if name == "materialize_text" && !self.asked.get() {
            return known();
        }
        inquiry::function(name, || self.facts()).or_else(known)
    }

    fn get_higher_order_meta(&self, name: &str) -> Option<Arc<HigherOrderUDF>> {
        self.state.higher_order_functions().get(name).cloned()
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        self.state.aggregate_functions().get(name).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        self.state.window_functions().get(name).cloned()
    }

    fn get_variable_type(&self, _: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        self.state.config_options()
    }

    fn udf_names(&self) -> Vec<String> {
        self.state.scalar_functions().keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        self.state.higher_order_functions().keys().cloned().collect()
    }

    fn udaf_names(&self) -> Vec<String> {
        self.state.aggregate_functions().keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        self.state.window_functions().keys().cloned().collect()
    }
}

/// Casts to types that only Materialize has, and Materialize's names for all others.
#[derive(Debug)]
struct Types;

impl TypePlanner for Types {
    fn plan_type_field(&self, ty: &SqlType) -> Result<Option<FieldRef>> {
        let name = match ty {
            SqlType::Custom(name, _) if name.0.len() > 3 => {
                let message = format!("qualified name did not have between 1 and 3 components: {name}");
                return Err(errors::pass(plan(message)));
            }
            SqlType::Custom(name, _) => {
                let last = name.0.last().and_then(|part| part.as_ident()).map(|i| i.value.to_lowercase());
                last.unwrap_or_default()
            }
            SqlType::JSONB | SqlType::JSON => "jsonb".into(),
            other => other.to_string().to_lowercase(),
        };
        let base = name.strip_suffix("[]").unwrap_or(&name);
        let Some(full) = NAMES.get(base.split('(').next().unwrap_or(base)) else {
            let known = ["regproc", "list", "map"];
            let pseudo = crate::sql::types::system_type(base).filter(|t| t.category == "pseudo");
            let error = if let Some(pseudo) = pseudo {
                plan(format!("cannot reference pseudo type {}.{}", pseudo.schema, pseudo.name))
            } else if known.contains(&base) || name.contains(' ') {
                with_code("0A000", format!("the emulator does not support casts to {name}"))
            } else {
                plan(format!("type \"{name}\" does not exist"))
            };
            return Err(errors::pass(error));
        };
        if *full == "interval" && !name.ends_with("[]") {
            // The engine's own, which it can reckon with.
            return Ok(Some(Arc::new(Field::new("cast", DataType::Interval(IntervalUnit::MonthDayNano), true))));
        }
        let full = if name.ends_with("[]") { format!("{full}[]") } else { (*full).to_owned() };
        Ok(Some(Arc::new(types::field("cast", &full, true))))
    }
}

/// Every name by which a cast may call a type.
static NAMES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let groups: &[(&str, &[&str])] = &[
        ("boolean", &["bool"]),
        ("smallint", &["int2"]),
        ("integer", &["int", "int4"]),
        ("bigint", &["int8"]),
        ("uint2", &[]),
        ("uint4", &[]),
        ("uint8", &[]),
        ("real", &["float4"]),
        ("double precision", &["float8", "float", "double"]),
        ("numeric", &["decimal", "dec"]),
        ("text", &["string", "varchar", "character varying", "bpchar", "char", "character", "name"]),
        ("timestamp without time zone", &["timestamp"]),
        ("timestamp with time zone", &["timestamptz"]),
        ("date", &[]),
        ("time", &[]),
        ("interval", &[]),
        ("uuid", &[]),
        ("jsonb", &["json"]),
        ("bytea", &["bytes"]),
        ("oid", &[]),
        ("mz_timestamp", &[]),
        ("mz_aclitem", &[]),
        ("aclitem", &[]),
        ("regclass", &[]),
        ("regtype", &[]),
    ];
    groups
        .iter()
        .flat_map(|(full, short)| std::iter::once((*full, *full)).chain(short.iter().map(|s| (*s, *full))))
        .collect()
});
