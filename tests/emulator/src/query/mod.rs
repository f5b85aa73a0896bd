//! Answers queries with DataFusion over the catalog's relations.

mod arithmetic;
mod array_text;
mod check;
pub mod errors;
mod from;
mod functions;
mod inquiry;
mod interval_text;
mod lateral;
mod literals;
mod optimizer;
mod planner;
mod rewrite;
mod table;
pub mod text;
mod types;
mod using;
mod views;

use crate::catalog::{Catalog, RelationColumn, Shared};
use crate::datum::{Datum, Rows, SqlError};
use crate::session::Snapshot;
use crate::sql::error::with_code;
use datafusion::common::ScalarValue;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionConfig;
use planner::Planner;
use std::sync::{Arc, LazyLock};
use table::Cache;

/// The server version that the recordings were made with.
pub const MZ_VERSION: &str = "v26.18.0";
/// What a newer server says.
pub const NEWER_VERSION: &str = "v26.42.0";

/// What a query will answer, without running it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    pub columns: Vec<RelationColumn>,
    /// The type of `$1`, `$2`, … where the query says it.
    pub parameters: Vec<Option<String>>,
}

/// Functions and options; the same for every query. One partition: the tables are small, and threads cost more.
static STATE: LazyLock<SessionState> = LazyLock::new(|| {
    let mut config =
        SessionConfig::new().with_target_partitions(1).with_batch_size(8192).with_collect_statistics(false);
    config.options_mut().execution.time_zone = Some("+00".into());
    config.options_mut().optimizer.max_passes = 1;
    let mut state = SessionStateBuilder::new()
        .with_config(config)
        .with_default_features()
        .with_optimizer_rules(optimizer::rules())
        .with_physical_optimizer_rules(optimizer::physical_rules())
        .build();
    for function in functions::all() {
        // Registering replaces what has the same name; it cannot fail for a scalar function.
        let _ = datafusion::execution::FunctionRegistry::register_udf(&mut state, Arc::new(function));
    }
    let _ = datafusion::execution::FunctionRegistry::register_expr_planner(&mut state, Arc::new(literals::Literals));
    let _ =
        datafusion::execution::FunctionRegistry::register_expr_planner(&mut state, Arc::new(arithmetic::Arithmetic));
    state
});

/// Makes what the first query would otherwise wait for.
pub fn warm_up() {
    LazyLock::force(&STATE);
}

/// Result columns and parameters of a query against a catalog, or why it cannot be planned.
pub fn describe(catalog: &Catalog, session: &Snapshot, sql: &str) -> Result<Description, SqlError> {
    let plan = Planner::new(catalog, session, &STATE, false).plan(sql)?;
    let parameters = plan.get_parameter_types().map_err(errors::translate)?;
    let count = parameters.keys().filter_map(|id| position(id)).max().unwrap_or(0);
    let mut types = vec![None; count];
    for (id, ty) in &parameters {
        if let (Some(n), Some(ty)) = (position(id), ty) {
            types[n - 1] = Some(types::plain_name(ty));
        }
    }
    // Types are final only after coercion, as in UNION.
    let plan =
        STATE.analyzer().execute_and_check(plan, STATE.config_options(), |_, _| {}).map_err(errors::translate)?;
    let columns = columns(&plan);
    Ok(Description { columns, parameters: types })
}

fn columns(plan: &LogicalPlan) -> Vec<RelationColumn> {
    let field = |field: &Arc<datafusion::arrow::datatypes::Field>| RelationColumn {
        name: rewrite::visible_name(field.name()).into(),
        ty: types::materialize_type(field),
        nullable: field.is_nullable(),
    };
    plan.schema().fields().iter().map(field).collect()
}

/// The number in `$n`.
fn position(id: &str) -> Option<usize> {
    id.strip_prefix('$')?.parse().ok().filter(|n| (1..=u16::MAX as usize).contains(n))
}

/// Runs queries against one environment.
pub struct Engine {
    shared: Arc<Shared>,
    cache: Cache,
}

impl Engine {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, cache: Cache::default() }
    }

    /// See [`describe`].
    pub fn describe(&self, session: &Snapshot, sql: &str) -> Result<Description, SqlError> {
        describe(&self.shared.read(), session, sql)
    }

    /// Runs a query; `params` are the values of `$1`, `$2`, …. Answers its rows, and whether it read a relation.
    pub async fn run(&self, session: &Snapshot, sql: &str, params: &[Datum]) -> Result<(Rows, bool), SqlError> {
        // A copy, because a state remembers when its query began (`now()`).
        let mut state = STATE.clone();
        state.execution_props_mut().mark_start_execution(STATE.config_options().clone());
        let (plan, reads) = {
            let catalog = self.shared.read();
            let planner = Planner::new(&catalog, session, &STATE, true);
            let plan = bind(planner.plan(sql)?, params)?;
            let plan = state.optimize(&plan).map_err(errors::translate)?;
            (self.cache.fill(plan, &catalog, self.shared.version())?, planner.reads())
        };
        let run = async {
            let description = columns(&plan);
            let physical = state.query_planner().create_physical_plan(&plan, &state).await?;
            let batches = datafusion::physical_plan::collect(physical, state.task_ctx()).await?;
            let mut rows = Vec::with_capacity(batches.iter().map(|batch| batch.num_rows()).sum());
            for batch in batches {
                let mut columns: Vec<_> = batch
                    .columns()
                    .iter()
                    .map(|column| types::datums(column).map(Vec::into_iter))
                    .collect::<Result<_, _>>()?;
                rows.extend((0..batch.num_rows()).map(|_| columns.iter_mut().filter_map(Iterator::next).collect()));
            }
            let (columns, types) = description.into_iter().map(|c| (c.name, c.ty)).unzip();
            Ok((Rows { columns, types, rows }, reads))
        };
        run.await.map_err(errors::translate)
    }
}

/// Puts values in place of `$n`.
fn bind(plan: LogicalPlan, params: &[Datum]) -> Result<LogicalPlan, SqlError> {
    let types = plan.get_parameter_types().map_err(errors::translate)?;
    if types.is_empty() {
        return Ok(plan);
    }
    if let Some(n) = types.keys().filter_map(|id| position(id)).max().filter(|n| *n > params.len()) {
        return Err(with_code("08P01", format!("there is no parameter ${n}")));
    }
    let value = |(i, datum): (usize, &Datum)| {
        let wanted = types.get(&format!("${}", i + 1)).cloned().flatten();
        let value = match datum {
            Datum::Null => ScalarValue::Utf8(None),
            Datum::Bool(v) => ScalarValue::Boolean(Some(*v)),
            Datum::Int(v) => ScalarValue::Int64(Some(*v)),
            Datum::Uint(v) => ScalarValue::UInt64(Some(*v)),
            Datum::Float(v) => ScalarValue::Float64(Some(*v)),
            other => ScalarValue::Utf8(Some(text::value(other))),
        };
        value.cast_to(&wanted.unwrap_or_else(|| value.data_type())).map_err(errors::translate)
    };
    let values: Vec<ScalarValue> = params.iter().enumerate().map(value).collect::<Result<_, _>>()?;
    plan.with_param_values(values).map_err(errors::translate)
}
