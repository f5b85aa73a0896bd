//! Arithmetic as Materialize does it where the engine does it otherwise: integers that do not fit are an error, and a date
//! with an interval is a timestamp.

use datafusion::arrow::compute::kernels::numeric;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, cast,
};
use datafusion::physical_expr_common::datum::apply;
use datafusion::sql::sqlparser::ast::BinaryOperator;
use std::sync::{Arc, LazyLock};

/// Plans sums, differences and products.
#[derive(Debug)]
pub struct Arithmetic;

impl ExprPlanner for Arithmetic {
    fn plan_binary_op(&self, mut binary: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        let function = match binary.op {
            BinaryOperator::Plus => &*ADD,
            BinaryOperator::Minus => &*SUBTRACT,
            BinaryOperator::Multiply => &*MULTIPLY,
            _ => return Ok(PlannerResult::Original(binary)),
        };
        let types = (binary.left.get_type(schema), binary.right.get_type(schema));
        let (Ok(left), Ok(right)) = types else { return Ok(PlannerResult::Original(binary)) };
        if let Some(wide) = wider(&left, &right) {
            let operand = |expr: Expr, ty: &DataType| if *ty == wide { expr } else { cast(expr, wide.clone()) };
            let operands = vec![operand(binary.left, &left), operand(binary.right, &right)];
            return Ok(PlannerResult::Planned(function.call(operands)));
        }
        let time = DataType::Timestamp(TimeUnit::Millisecond, None);
        match (left, right) {
            (DataType::Date32, DataType::Interval(_)) => binary.left = cast(binary.left, time),
            (DataType::Interval(_), DataType::Date32) => binary.right = cast(binary.right, time),
            _ => {}
        }
        Ok(PlannerResult::Original(binary))
    }
}

/// The type of the result for two integers; None: they are not such.
fn wider(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType::{Int16, Int32, Int64, UInt32, UInt64};
    let rank = |list: &[DataType]| {
        let at = |ty| list.iter().position(|known| known == ty);
        at(left).zip(at(right)).and_then(|(left, right)| list.get(left.max(right)).cloned())
    };
    rank(&[Int16, Int32, Int64]).or_else(|| rank(&[UInt32, UInt64]))
}

static ADD: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Checked::function("checked_add"));
static SUBTRACT: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Checked::function("checked_subtract"));
static MULTIPLY: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Checked::function("checked_multiply"));

/// An operation on two integers of one type that refuses to overflow.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Checked {
    name: &'static str,
    signature: Signature,
}

impl Checked {
    fn function(name: &'static str) -> Arc<ScalarUDF> {
        let signature = Signature::any(2, Volatility::Immutable);
        Arc::new(ScalarUDF::from(Checked { name, signature }))
    }
}

impl ScalarUDFImpl for Checked {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(types.first().cloned().unwrap_or(DataType::Int32))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = datafusion::common::utils::take_function_args(self.name, args.args)?;
        match self.name {
            "checked_add" => apply(&left, &right, numeric::add),
            "checked_subtract" => apply(&left, &right, numeric::sub),
            _ => apply(&left, &right, numeric::mul),
        }
    }
}
