//! Errors of planning and execution as Materialize words them.

use crate::datum::SqlError;
use crate::sql::error::{Hint, plan, with_code};
use datafusion::common::{Column, DataFusionError, SchemaError};
use std::error::Error;

/// Wraps an error that is already Materialize's for its way through DataFusion.
pub fn pass(error: SqlError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// How errors begin that are the engine's own.
pub const UNPLANNED: &str = "the emulator cannot run this query";

/// The error that the client gets.
pub fn translate(error: DataFusionError) -> SqlError {
    if let Some(found) = sources(&error).find_map(|e| e.downcast_ref::<SqlError>()) {
        return found.clone();
    }
    if let Some(found) = sources(&error).find_map(|e| e.downcast_ref::<SchemaError>()) {
        return schema(found);
    }
    let text = error.find_root().strip_backtrace();
    let text = text.lines().next().unwrap_or_default();
    let text = text.strip_prefix("Error during planning: ").unwrap_or(text);
    if let Some(name) = between(text, "Invalid function '", "'") {
        if super::functions::UNSUPPORTED.contains(&name) {
            return with_code("0A000", format!("the emulator does not support the function \"{name}\""));
        }
        return plan(format!("function \"{name}\" does not exist"));
    }
    if let Some((value, ty)) =
        between(text, "Cannot cast string '", " type").and_then(|t| t.split_once("' to value of "))
    {
        let ty = match ty {
            "Int16" => "smallint",
            "Int32" => "integer",
            "Int64" => "bigint",
            "UInt16" => "uint2",
            "UInt32" => "uint4",
            "UInt64" => "uint8",
            "Float32" => "real",
            "Float64" => "double precision",
            "Boolean" => "boolean",
            "Date32" => "date",
            other => other,
        };
        return crate::sql::error::invalid_input(ty, value);
    }
    if let Some(name) = between(text, "Unsupported compound identifier '", "'") {
        return plan(format!("qualified name did not have between 1 and 3 components: {name}"));
    }
    if text.starts_with("Divide by zero") || text.ends_with("Divide by zero error") {
        return plan("division by zero");
    }
    if text.contains("Overflow happened on: ") {
        return plan("numeric field overflow");
    }
    if let Some((value, ty)) = text.split_once("Can't cast value ").and_then(|(_, rest)| rest.split_once(" to type ")) {
        let ty = match ty {
            "Int16" => "smallint",
            "Int32" => "integer",
            "Int64" => "bigint",
            "UInt32" => "uint4",
            "UInt64" => "uint8",
            other => other,
        };
        return plan(format!("\"{value}\" {ty} out of range"));
    }
    if text.ends_with("Scalar subquery returned more than one row") {
        return plan("more than one record produced in subquery");
    }
    if let Some(column) = between(text, "expanding wildcard, column \"", "\" must appear") {
        return plan(format!(
            "column \"{column}\" must appear in the GROUP BY clause or be used in an aggregate function"
        ));
    }
    if text.starts_with("SELECT DISTINCT ON expressions must match initial ORDER BY") {
        return plan("SELECT DISTINCT ON expressions must match initial ORDER BY expressions");
    }
    if let Some((n, max)) =
        text.split_once("column out of bounds, specified: ").and_then(|(_, t)| t.split_once(", max: "))
    {
        return plan(format!("column reference {n} in ORDER BY clause is out of range (1 - {max})"));
    }
    if let Some((n, max)) = text
        .strip_prefix("Cannot find column with position ")
        .and_then(|t| t.split_once(" in SELECT clause. Valid columns: 1 to "))
    {
        return plan(format!("column reference {n} in GROUP BY clause is out of range (1 - {max})"));
    }
    if text.starts_with("LIMIT must be >= 0") {
        return plan("LIMIT must not be negative");
    }
    if text.starts_with("OFFSET must be >=") {
        return plan("OFFSET must not be negative");
    }
    if text.starts_with("Aggregate function calls cannot be nested") {
        return plan("nested aggregate functions are not allowed");
    }
    if let Some(types) = text.strip_prefix("Cannot infer common argument type for logical boolean operation ") {
        let words: Vec<&str> = types.split(' ').collect();
        if let [left, op, right] = words.as_slice() {
            let wrong = if *left == "Boolean" { right } else { left };
            return plan(format!("{op} argument must have type boolean, not type {}", type_named(wrong)));
        }
    }
    if let Some(ty) = text.strip_prefix("Unary operator 'NOT' requires a boolean expression, got ") {
        return plan(format!("NOT argument must have type boolean, not type {}", type_named(ty)));
    }
    if text.starts_with("For SELECT DISTINCT, ORDER BY expressions ") {
        return plan("for SELECT DISTINCT, ORDER BY expressions must appear in select list");
    }
    if let Some(name) = text.strip_prefix("Invalid qualifier ") {
        return plan(format!("no table named '{name}' in scope"));
    }
    if let Some((name, types)) = between(text, "argument types '", ")'").and_then(|call| call.split_once('(')) {
        let types: Vec<&str> = types.split(", ").filter(|ty| !ty.is_empty()).map(type_named).collect();
        let error = plan(format!("function {name}({}) does not exist", types.join(", ")));
        return error.hint(
            "No function matches the given name and argument types.  You might need to add explicit type casts.",
        );
    }
    if let Some(shown) = between(text, "Cannot coerce arithmetic expression ", " to valid types") {
        let words: Vec<&str> =
            shown.split(' ').map(|word| if word.len() > 2 { type_named(word) } else { word }).collect();
        return super::check::no_operator(&words.join(" "));
    }
    if text.contains("Cannot create filter with non-boolean predicate")
        && let Some((_, ty)) = text.rsplit_once(" returning ")
    {
        return plan(format!("WHERE clause must have type boolean, not type {}", type_named(ty)));
    }
    match error.find_root() {
        DataFusionError::ArrowError(..) => with_code("22000", text),
        DataFusionError::NotImplemented(_) => with_code("0A000", format!("{UNPLANNED}: {text}")),
        _ => plan(format!("{UNPLANNED}: {text}")),
    }
}

/// Materialize's name of a type that the engine names.
fn type_named(ty: &str) -> &str {
    match ty {
        "Int16" => "smallint",
        "Int32" => "integer",
        "Int64" => "bigint",
        "Float64" => "double precision",
        "Float32" => "real",
        "UInt32" => "oid",
        "UInt64" => "uint8",
        "Boolean" => "boolean",
        "Date32" => "date",
        "LargeBinary" => "mz_aclitem",
        "Null" => "unknown",
        ty if ty.starts_with("Decimal") => "numeric",
        ty if ty.starts_with("Timestamp") => "timestamp",
        ty if ty.starts_with("Interval") => "interval",
        _ => "text",
    }
}

/// The error itself and everything behind it.
fn sources<'a>(error: &'a DataFusionError) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let first = match error {
        DataFusionError::Collection(errors) => errors.first().unwrap_or(error),
        other => other,
    };
    let mut next: Option<&'a (dyn Error + 'static)> = Some(first);
    std::iter::from_fn(move || {
        let current = next?;
        // DataFusion's wrappers answer `source` with what is inside the inner error: open them one by one.
        next = match current.downcast_ref::<DataFusionError>() {
            Some(DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner)) => Some(inner.as_ref()),
            Some(DataFusionError::Shared(inner)) => Some(inner.as_ref()),
            Some(DataFusionError::External(inner)) => Some(inner.as_ref()),
            Some(DataFusionError::SchemaError(inner, _)) => Some(inner.as_ref()),
            _ => current.source(),
        };
        Some(current)
    })
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(name, _)| name)
}

fn schema(error: &SchemaError) -> SqlError {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => unknown_column(field, valid_fields),
        SchemaError::AmbiguousReference { field } => plan(format!("column reference \"{}\" is ambiguous", field.name)),
        SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
            plan(format!("column reference \"{name}\" is ambiguous"))
        }
    }
}

fn unknown_column(field: &Column, valid: &[Column]) -> SqlError {
    let shown = match &field.relation {
        Some(table) => format!("{}.{}", table.table(), field.name),
        None => field.name.clone(),
    };
    let in_scope = |column: &&Column| match (&field.relation, &column.relation) {
        (Some(wanted), Some(table)) => wanted.table() == table.table(),
        (Some(_), None) => false,
        (None, _) => true,
    };
    let names: Vec<&str> = valid.iter().filter(in_scope).map(|column| column.name.as_str()).collect();
    column_does_not_exist(&shown, &field.name, &names)
}

/// `column "shown" does not exist`, with Materialize's hint when names in scope look like the wanted one.
pub fn column_does_not_exist(shown: &str, wanted: &str, names: &[&str]) -> SqlError {
    let error = plan(format!("column \"{shown}\" does not exist"));
    let mut similar: Vec<String> =
        names.iter().filter(|name| is_similar(wanted, name)).map(|name| format!("\"{name}\"")).collect();
    similar.dedup();
    let subject = match similar.as_slice() {
        [] => return error,
        [one] => format!("The similarly named column {one} does exist."),
        many => format!("There are similarly named columns that do exist: {}.", many.join(", ")),
    };
    error.hint(format!("{subject} Make sure to surround case sensitive names in double quotes."))
}

/// Whether two names differ in at most 40 % of their characters, letter case aside.
fn is_similar(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let longest = a.chars().count().max(b.chars().count());
    longest > 0 && (longest - edit_distance(&a, &b).min(longest)) * 10 >= longest * 6
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let step = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], step);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_name_similar_columns_only() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        let error = column_does_not_exist("nope", "nope", &["id", "note", "one"]);
        let hint = "The similarly named column \"note\" does exist. Make sure to surround case sensitive names in double quotes.";
        assert_eq!(error.hint.as_deref(), Some(hint));
        assert_eq!(column_does_not_exist("nope", "nope", &["id", "name"]).hint, None);
    }
}
