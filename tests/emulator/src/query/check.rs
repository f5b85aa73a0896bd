//! What the engine would take that Materialize refuses.

use super::types;
use crate::datum::SqlError;
use crate::sql::error::{Hint, plan};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use std::sync::Arc;

/// Comparisons of a text with a number: the engine makes a number of the text.
pub fn operators(query: &LogicalPlan) -> Result<(), SqlError> {
    let mut found = None;
    let visited = query.apply_with_subqueries(|node| {
        let mut schema = DFSchema::empty();
        node.inputs().iter().for_each(|input| schema.merge(input.schema()));
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                if let Expr::BinaryExpr(both) = part
                    && found.is_none()
                {
                    found = mismatch(both, &schema);
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    match found {
        Some(error) => Err(error),
        None => visited.map(drop).map_err(super::errors::translate),
    }
}

fn mismatch(both: &BinaryExpr, schema: &DFSchema) -> Option<SqlError> {
    use Operator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    if !matches!(both.op, Eq | NotEq | Lt | LtEq | Gt | GtEq) {
        return None;
    }
    let field = |expr: &Expr| -> Option<Arc<Field>> {
        // A literal text takes the type of the other side, and a parameter its own.
        let open = matches!(expr, Expr::Literal(ScalarValue::Utf8(_) | ScalarValue::Null, _) | Expr::Placeholder(_));
        if open { None } else { expr.to_field(schema).ok().map(|(_, field)| field) }
    };
    let (left, right) = (field(&both.left)?, field(&both.right)?);
    let text = |field: &Field| *field.data_type() == DataType::Utf8 && types::materialize_type(field) == "text";
    let number = |field: &Field| field.data_type().is_numeric() || *field.data_type() == DataType::Boolean;
    if !(text(&left) && number(&right) || number(&left) && text(&right)) {
        return None;
    }
    let (left, right) = (types::materialize_type(&left), types::materialize_type(&right));
    let op = if both.op == NotEq { "<>".to_owned() } else { both.op.to_string() };
    Some(no_operator(&format!("{left} {op} {right}")))
}

/// An operator that no types have.
pub fn no_operator(shown: &str) -> SqlError {
    plan(format!("operator does not exist: {shown}"))
        .hint("No operator matches the given name and argument types.  You might need to add explicit type casts.")
}
