//! Turns a query of Materialize's dialect into one that DataFusion plans alike: session functions become
//! literals, casts to text and JSON operators become functions, result columns get Materialize's names.

use super::{from, inquiry};
use crate::datum::SqlError;
use crate::session::Snapshot;
use crate::sql::error::{plan, with_code};
use datafusion::sql::sqlparser::ast::{
    AccessExpr, Array, BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments, GroupByExpr, Ident, LimitClause, ObjectName, ObjectNamePart, OrderByKind,
    Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableFactor, Value, VisitMut, VisitorMut,
    visit_expressions,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Separates a column name from the number that keeps it unique inside the engine.
const UNIQUE: char = '\u{1}';

/// Parses a query and rewrites it for a session. `user`: whether that word is no column.
pub fn query(sql: &str, session: &Snapshot, user: bool) -> Result<Query, SqlError> {
    let unparsed = |e| match has_map(sql) {
        true => crate::sql::error::unsupported("maps in queries"),
        false => with_code("0A000", format!("{}: {e}", super::errors::UNPLANNED)),
    };
    let mut query = parse(&lists(sql)).map_err(unparsed)?;
    match query.visit(&mut Rewriter { session, user }) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(query),
    }
}

/// Whether there is a `MAP[…]`.
fn has_map(sql: &str) -> bool {
    let tokens = crate::sql::lexer::tokens(sql).unwrap_or_default();
    tokens.windows(2).any(|pair| matches!(pair, [map, bracket] if map.token.is_word("map") && bracket.token.is_op("[")))
}

/// `LIST[…]` as `ARRAY[…]`: to the engine a list is an array, and both print alike.
fn lists(sql: &str) -> Cow<'_, str> {
    // Most queries have no such word, and need not be read for it.
    if !sql.as_bytes().windows(4).any(|w| w.eq_ignore_ascii_case(b"list")) {
        return sql.into();
    }
    let Ok(tokens) = crate::sql::lexer::tokens(sql) else { return sql.into() };
    let (mut out, mut from) = (String::new(), 0);
    for pair in tokens.windows(2) {
        if let [word, bracket] = pair
            && word.token.is_word("list")
            && bracket.token.is_op("[")
        {
            out.push_str(sql.get(from..word.start).unwrap_or_default());
            out.push_str("ARRAY");
            from = word.end;
        }
    }
    out.push_str(sql.get(from..).unwrap_or_default());
    out.into()
}

/// Parses a query.
pub fn parse(sql: &str) -> Result<Query, String> {
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(sql).map_err(|e| e.to_string())?;
    let query = parser.parse_query().map_err(|e| e.to_string())?;
    let _ = parser.consume_token(&datafusion::sql::sqlparser::tokenizer::Token::SemiColon);
    match parser.peek_token().token {
        datafusion::sql::sqlparser::tokenizer::Token::EOF => Ok(*query),
        token => Err(format!("unexpected {token}")),
    }
}

/// A result column's name as the client sees it.
pub fn visible_name(name: &str) -> &str {
    name.split(UNIQUE).next().unwrap_or(name)
}

struct Rewriter<'a> {
    session: &'a Snapshot,
    /// Whether `user` is a word like `current_user`, and no column.
    user: bool,
}

impl VisitorMut for Rewriter<'_> {
    type Break = SqlError;

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<SqlError> {
        super::using::wildcards(select);
        super::lateral::unnest(select);
        super::using::qualify(select);
        // `(f(x)).*`
        for item in std::mem::take(&mut select.projection) {
            let fields = match &item {
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(e), _) => from::fields(e),
                _ => None,
            };
            match fields {
                Some(fields) => select.projection.extend(fields),
                None => select.projection.push(item),
            }
        }
        let mut seen: HashMap<String, usize> = HashMap::new();
        for item in &mut select.projection {
            let (name, expr, named) = match item {
                SelectItem::UnnamedExpr(expr) => {
                    (column_name(expr).unwrap_or_else(|| "?column?".into()), &*expr, false)
                }
                SelectItem::ExprWithAlias { expr, alias } => (normal(alias), &*expr, true),
                _ => continue,
            };
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            let is_column = match expr {
                Expr::Identifier(name) => self.constant(&normal(name)).is_none() || name.quote_style.is_some(),
                Expr::CompoundIdentifier(_) => true,
                _ => false,
            };
            let alias = match *count {
                1 if is_column && !named => continue,
                1 => name,
                n => format!("{name}{UNIQUE}{n}"),
            };
            let expr = expr.clone();
            *item = SelectItem::ExprWithAlias { expr, alias: Ident::with_quote('"', alias) };
            asked_for(item);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<SqlError> {
        if let GroupByExpr::Expressions(items, _) = &mut select.group_by {
            items.iter_mut().for_each(untyped);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<SqlError> {
        if let Some(order) = &mut query.order_by
            && let OrderByKind::Expressions(items) = &mut order.kind
        {
            items.iter_mut().for_each(|item| untyped(&mut item.expr));
        }
        if let Some(LimitClause::LimitOffset { limit, offset, .. }) = &mut query.limit_clause {
            limit.iter_mut().for_each(untyped);
            offset.iter_mut().for_each(|offset| untyped(&mut offset.value));
        }
        if let Some(count) = query.fetch.as_mut().and_then(|fetch| fetch.quantity.as_mut()) {
            untyped(count);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<SqlError> {
        if let Some(new) = unrewritten(expr) {
            *expr = new;
        }
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<SqlError> {
        match from::table_function(factor) {
            Ok(Some(new)) => *factor = new,
            Ok(None) => {}
            Err(error) => return ControlFlow::Break(error),
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<SqlError> {
        if let Expr::Like { pattern, .. } | Expr::ILike { pattern, .. } = expr
            && let Expr::Value(value) = pattern.as_ref()
            && let Value::SingleQuotedString(pattern) = &value.value
            && pattern.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1
        {
            return ControlFlow::Break(plan("unterminated escape sequence in LIKE"));
        }
        if let Some(new) = self.replacement(expr) {
            *expr = new;
        }
        ControlFlow::Continue(())
    }
}

impl Rewriter<'_> {
    fn replacement(&self, expr: &mut Expr) -> Option<Expr> {
        match expr {
            // Materialize reads an integer literal as `integer` when it fits; DataFusion always as 64 bits.
            Expr::Value(value) => match &value.value {
                Value::Number(digits, _) if digits.parse::<i32>().is_ok() => {
                    Some(cast(std::mem::replace(expr, null()), DataType::Int(None)))
                }
                _ => None,
            },
            Expr::Cast { expr: inner, data_type, array: false, .. } if is_text(data_type) => {
                let inner = std::mem::replace(inner.as_mut(), null());
                Some(call("materialize_text", vec![inner]))
            }
            Expr::Cast { expr: inner, data_type, array: false, .. } if catalog_cast(data_type).is_some() => {
                let inner = std::mem::replace(inner.as_mut(), null());
                catalog_cast(data_type).map(|name| call(name, vec![inner]))
            }
            Expr::BinaryOp { left, op, right } => {
                let name = match op {
                    BinaryOperator::AtArrow => "jsonb_contains",
                    BinaryOperator::Question => "jsonb_has",
                    BinaryOperator::Arrow => "jsonb_get",
                    BinaryOperator::LongArrow => "jsonb_get_text",
                    _ => return None,
                };
                let operands = [left, right].map(|side| std::mem::replace(side.as_mut(), null()));
                Some(call(name, operands.into()))
            }
            // A function may refuse what a condition keeps from it. The engine makes AND and OR of a CASE without operand,
            // and evaluates all of it.
            Expr::Case { operand: operand @ None, conditions, else_result, .. } => {
                let parts = conditions.iter().map(|when| &when.result).chain(else_result.as_deref());
                if parts.into_iter().any(asks) {
                    *operand = Some(Box::new(Expr::value(Value::Boolean(true))));
                }
                None
            }
            Expr::Function(function) => self.function(function),
            Expr::Tuple(fields) => Some(call("struct", std::mem::take(fields))),
            // `current_user` and its like without parentheses, when the dialect takes them for columns.
            Expr::Identifier(name) if name.quote_style.is_none() => matches!(
                normal(name).as_str(),
                "current_user" | "session_user" | "user" | "current_role" | "current_catalog"
            )
            .then(|| self.constant(&normal(name)))?,
            _ => None,
        }
    }

    fn function(&self, function: &mut Function) -> Option<Expr> {
        let parts: Vec<String> = function.name.0.iter().filter_map(|p| p.as_ident()).map(normal).collect();
        if let [schema, _] = parts.as_slice()
            && matches!(schema.as_str(), "pg_catalog" | "mz_catalog" | "mz_internal" | "mz_unsafe")
        {
            function.name.0.remove(0);
        }
        let name = parts.last()?;
        let arguments = match &function.args {
            FunctionArguments::List(list) => list.args.len(),
            _ => 0,
        };
        match (name.as_str(), arguments) {
            (name, 0) => self.constant(name),
            ("current_schemas", 1) => {
                let path = &self.session.search_path;
                let FunctionArguments::List(list) = &function.args else { return None };
                let all = matches!(
                    list.args.first(),
                    Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(v)))) if v.value == Value::Boolean(true)
                );
                let implicit = ["mz_catalog", "pg_catalog"].into_iter().filter(|s| all && !path.iter().any(|p| p == s));
                let path = implicit.chain(path.iter().map(String::as_str)).map(text).collect();
                Some(Expr::Array(Array { elem: path, named: true }))
            }
            ("generate_series" | "jsonb_array_elements" | "jsonb_array_elements_text" | "jsonb_object_keys", _) => {
                let rows = Function { ..function.clone() };
                Some(call("unnest", vec![Expr::Function(rows)]))
            }
            ("jsonb_agg", _) => {
                function.name = object_name("array_agg");
                Some(call("to_jsonb", vec![Expr::Function(function.clone())]))
            }
            ("jsonb_object_agg", 2) => {
                let FunctionArguments::List(list) = &function.args else { return None };
                let of = |i: usize| {
                    let mut one = function.clone();
                    one.name = object_name("array_agg");
                    if let FunctionArguments::List(args) = &mut one.args {
                        args.args = list.args.get(i).cloned().into_iter().collect();
                    }
                    Expr::Function(one)
                };
                Some(call("jsonb_object", vec![of(0), of(1)]))
            }
            // What the server makes of the forms that have words among their arguments.
            ("timezone", 2) => {
                let [zone, time] = arguments_of(function)?;
                Some(Expr::AtTimeZone { timestamp: Box::new(time), time_zone: Box::new(zone) })
            }
            ("position", 2) => {
                let [needle, text] = arguments_of(function)?;
                Some(call("strpos", vec![text, needle]))
            }
            ("extract", 2) => {
                function.name = object_name("date_part");
                None
            }
            ("list_agg", _) => {
                function.name = object_name("array_agg");
                None
            }
            _ => None,
        }
    }

    /// The value of a function without arguments that depends on the session only.
    fn constant(&self, name: &str) -> Option<Expr> {
        let session = self.session;
        Some(match name {
            "user" if !self.user => return None,
            "current_user" | "user" | "current_role" => text(&session.current_user),
            "session_user" => text(&session.session_user),
            "current_database" | "current_catalog" => text(&session.database),
            "current_schema" => session.search_path.first().map_or_else(null, |schema| text(schema)),
            "mz_environment_id" => text(&session.environment_id),
            "mz_version" => text(session.version),
            "version" => text(&format!("PostgreSQL 9.5 on x86_64-unknown-linux-gnu (Materialize {})", session.version)),
            _ => return None,
        })
    }
}

/// Is a function called that asks the catalog?
fn asks(expr: &Expr) -> bool {
    let mut found = false;
    let _ = visit_expressions(expr, |part| {
        if let Expr::Function(function) = part {
            found |=
                function.name.0.last().and_then(|p| p.as_ident()).is_some_and(|name| inquiry::knows(&normal(name)));
        }
        ControlFlow::<()>::Continue(())
    });
    found
}

/// Puts what the engine can answer anywhere in place of queries that it takes as conditions only: they may be asked for
/// in the result, too.
fn asked_for(item: &mut SelectItem) {
    let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = item else { return };
    let sql = match expr {
        Expr::Exists { subquery, negated } => {
            let compared = if *negated { "= 0" } else { "> 0" };
            match counted(subquery, None) {
                Some(count) => format!("(({count}) {compared})"),
                None => format!("((SELECT count(*) FROM ({subquery}) AS q) {compared})"),
            }
        }
        Expr::InSubquery { expr, subquery, negated } => {
            let not = if *negated { "NOT " } else { "" };
            // A name with its table means the same inside the query.
            let sure = matches!(expr.as_ref(), Expr::CompoundIdentifier(_) | Expr::Value(_));
            match counted(subquery, sure.then_some(expr.as_ref())).filter(|_| sure) {
                Some(count) => format!("({not}(({count}) > 0))"),
                None => format!("({not}coalesce((SELECT bool_or(({expr}) = q.v) FROM ({subquery}) AS q(v)), false))"),
            }
        }
        _ => return,
    };
    if let Ok(new) = Parser::new(&PostgreSqlDialect {}).try_with_sql(&sql).and_then(|mut parser| parser.parse_expr()) {
        *expr = new;
    }
}

/// The number of rows of a plain SELECT, of those whose only column is `wanted`; None when it is not that plain.
fn counted(query: &Query, wanted: Option<&Expr>) -> Option<String> {
    let mut query = query.clone();
    let SetExpr::Select(select) = query.body.as_mut() else { return None };
    let grouped = matches!(&select.group_by, GroupByExpr::Expressions(list, _) if list.is_empty());
    if !grouped || select.having.is_some() || select.distinct.is_some() || query.limit_clause.is_some() {
        return None;
    }
    let count = Parser::new(&PostgreSqlDialect {}).try_with_sql("count(*)").ok()?.parse_expr().ok()?;
    let shown = std::mem::replace(&mut select.projection, vec![SelectItem::UnnamedExpr(count)]);
    if let Some(wanted) = wanted {
        let [SelectItem::UnnamedExpr(only @ (Expr::Identifier(_) | Expr::CompoundIdentifier(_)))] = shown.as_slice()
        else {
            return None;
        };
        let equal = format!("({only}) = ({wanted})");
        let all = select.selection.as_ref().map_or_else(|| equal.clone(), |own| format!("({own}) AND {equal}"));
        select.selection = Parser::new(&PostgreSqlDialect {}).try_with_sql(&all).ok()?.parse_expr().ok();
    }
    query.order_by = None;
    Some(query.to_string())
}

/// What must be said of an expression before the literals in it have types.
fn unrewritten(expr: &mut Expr) -> Option<Expr> {
    match expr {
        Expr::Function(function) => {
            let name = function.name.0.last().and_then(|p| p.as_ident()).map(normal)?;
            let FunctionArguments::List(list) = &function.args else { return None };
            match (name.as_str(), list.args.as_slice()) {
                // A text that nothing says more about has no type yet.
                ("pg_typeof", [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))]) => {
                    matches!(value.value, Value::SingleQuotedString(_) | Value::Null).then(|| text("unknown"))
                }
                (name, _) if from::is_exploding(name) => {
                    let rows = std::mem::replace(expr, null());
                    Some(call("unnest", vec![from::renamed(rows, &format!("{name}_record"))]))
                }
                _ => None,
            }
        }
        Expr::Interval(interval) if interval.leading_field.is_none() => {
            spell_out(&mut interval.value);
            None
        }
        Expr::Cast { expr: inner, data_type: DataType::Interval { .. }, array: false, .. } => {
            spell_out(inner);
            None
        }
        Expr::Cast { expr: inner, data_type: DataType::Array(_), array: false, .. } => {
            let Expr::Value(value) = inner.as_ref() else { return None };
            let Value::SingleQuotedString(text) = &value.value else { return None };
            let literal = |element: Option<String>| element.map_or_else(null, |element| self::text(&element));
            let elem = super::array_text::elements(text)?.into_iter().map(literal).collect();
            **inner = Expr::Array(Array { elem, named: true });
            None
        }
        // `(f(x)).field`
        Expr::CompoundFieldAccess { root, access_chain } => {
            let [AccessExpr::Dot(Expr::Identifier(field))] = access_chain.as_slice() else { return None };
            let field = normal(field);
            let Expr::Nested(inner) = root.as_mut() else { return None };
            from::exploded(inner, &field)
        }
        _ => None,
    }
}

/// An interval's text as the engine reads it.
fn spell_out(expr: &mut Expr) {
    if let Expr::Value(value) = expr
        && let Value::SingleQuotedString(text) = &mut value.value
        && let Some(units) = super::interval_text::in_units(text)
    {
        *text = units;
    }
}

/// The function that stands for a cast to a type whose values stand for something in the catalog.
fn catalog_cast(ty: &DataType) -> Option<&'static str> {
    let name = match ty {
        DataType::Regclass => "regclass".into(),
        DataType::Custom(name, _) => name.0.last().and_then(|p| p.as_ident()).map(normal)?,
        _ => return None,
    };
    Some(match name.as_str() {
        "oid" => "to_oid_cast",
        "regclass" => "to_regclass_cast",
        "regtype" => "to_regtype_cast",
        "aclitem" => "to_aclitem",
        "mz_aclitem" => "to_mz_aclitem",
        _ => return None,
    })
}

/// The two arguments of a call.
fn arguments_of(function: &Function) -> Option<[Expr; 2]> {
    let FunctionArguments::List(list) = &function.args else { return None };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(a)), FunctionArg::Unnamed(FunctionArgExpr::Expr(b))] => {
            Some([a.clone(), b.clone()])
        }
        _ => None,
    }
}

/// Takes back the type of a literal where SQL wants a plain number: positions and limits.
fn untyped(expr: &mut Expr) {
    if let Expr::Cast { expr: inner, data_type: DataType::Int(None), kind: CastKind::Cast, .. } = expr
        && matches!(inner.as_ref(), Expr::Value(_))
    {
        *expr = std::mem::replace(inner.as_mut(), null());
    }
}

fn is_text(ty: &DataType) -> bool {
    match ty {
        DataType::Text | DataType::Varchar(_) | DataType::CharacterVarying(_) | DataType::String(_) => true,
        DataType::Custom(name, _) => name.0.last().and_then(|p| p.as_ident()).is_some_and(|i| normal(i) == "text"),
        _ => false,
    }
}

/// The name that Materialize gives to a result column without alias; None stands for `?column?`.
fn column_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(name) => Some(normal(name)),
        Expr::CompoundIdentifier(parts) => parts.last().map(normal),
        Expr::Cast { expr, data_type, .. } => column_name(expr).or_else(|| Some(type_name(data_type))),
        Expr::Function(function) => function.name.0.last().and_then(|p| p.as_ident()).map(normal),
        Expr::Nested(inner) => column_name(inner),
        Expr::CompoundFieldAccess { root, access_chain } => match access_chain.last() {
            Some(AccessExpr::Dot(Expr::Identifier(field))) => Some(normal(field)),
            _ => column_name(root),
        },
        Expr::Case { else_result, .. } => {
            else_result.as_ref().and_then(|e| column_name(e)).or_else(|| Some("case".into()))
        }
        Expr::Interval(_) => Some("interval".into()),
        Expr::Exists { .. } => Some("exists".into()),
        Expr::Array(_) => Some("array".into()),
        Expr::Tuple(_) => Some("row".into()),
        Expr::Substring { .. } => Some("substring".into()),
        Expr::Position { .. } => Some("position".into()),
        Expr::Trim { .. } => Some("btrim".into()),
        Expr::Extract { .. } => Some("extract".into()),
        Expr::Subquery(query) => match query.body.as_ref() {
            SetExpr::Select(select) => match select.projection.as_slice() {
                [SelectItem::UnnamedExpr(expr)] => column_name(expr),
                [SelectItem::ExprWithAlias { alias, .. }] => Some(normal(alias)),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn type_name(ty: &DataType) -> String {
    let name = ty.to_string().to_lowercase();
    match name.as_str() {
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "double precision" => "float8",
        "real" => "float4",
        other => other.split('(').next().unwrap_or(other),
    }
    .to_owned()
}

/// An identifier as names are compared.
pub fn normal(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

pub fn null() -> Expr {
    Expr::value(Value::Null)
}

fn text(value: &str) -> Expr {
    Expr::value(Value::SingleQuotedString(value.into()))
}

fn cast(expr: Expr, data_type: DataType) -> Expr {
    Expr::Cast { kind: CastKind::Cast, expr: Box::new(expr), data_type, array: false, format: None }
}

fn object_name(name: &str) -> ObjectName {
    ObjectName(vec![ObjectNamePart::Identifier(Ident::new(name))])
}

/// A call of a function.
pub fn call(name: &str, args: Vec<Expr>) -> Expr {
    let args = args.into_iter().map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg))).collect();
    Expr::Function(Function {
        name: object_name(name),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses: vec![] }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: vec![],
    })
}
