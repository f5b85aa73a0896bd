//! A text without a type, beside a number: it is a number, too.

use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{Expr, ExprSchemable, cast};
use datafusion::sql::sqlparser::ast::BinaryOperator;

#[derive(Debug)]
pub struct Literals;

impl ExprPlanner for Literals {
    fn plan_binary_op(&self, mut binary: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        use BinaryOperator::{Divide, Minus, Modulo, Multiply, Plus};
        if matches!(binary.op, Plus | Minus | Multiply | Divide | Modulo) {
            let RawBinaryExpr { left, right, .. } = &mut binary;
            type_as(left, right, schema);
            type_as(right, left, schema);
        }
        Ok(PlannerResult::Original(binary))
    }
}

/// Gives a text literal the type of the number beside it.
fn type_as(literal: &mut Expr, beside: &Expr, schema: &DFSchema) {
    if let Expr::Literal(ScalarValue::Utf8(Some(_)), _) = literal
        && let Ok(ty) = beside.get_type(schema)
        && ty.is_numeric()
    {
        *literal = cast(literal.clone(), ty);
    }
}
