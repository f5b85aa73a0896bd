//! Functions that give rows. The engine has one of its own, `unnest`, so that each of the others becomes a list to unnest
//! for each of its columns.

use super::rewrite::{call, normal, null, parse};
use crate::datum::SqlError;
use crate::sql::error::with_code;
use crate::sql::print::quoted;
use datafusion::sql::sqlparser::ast::{
    Expr, Function, Ident, ObjectName, ObjectNamePart, SelectItem, TableAlias, TableAliasColumnDef, TableFactor,
};

const FIELDS: &[&str] = &["grantor", "grantee", "privilege_type", "is_grantable"];

/// Does a function take privileges apart?
pub fn is_exploding(name: &str) -> bool {
    matches!(name, "mz_aclexplode" | "aclexplode")
}

fn name_of(function: &Function) -> Option<String> {
    function.name.0.last().and_then(|part| part.as_ident()).map(normal)
}

/// The call of another function with the same arguments.
pub fn renamed(mut expr: Expr, name: &str) -> Expr {
    if let Expr::Function(function) = &mut expr {
        function.name = ObjectName(vec![ObjectNamePart::Identifier(Ident::new(name))]);
    }
    expr
}

/// One field of the records that a function gives.
pub fn exploded(expr: &mut Expr, field: &str) -> Option<Expr> {
    let Expr::Function(function) = &*expr else { return None };
    let name = name_of(function).filter(|name| is_exploding(name))?;
    FIELDS.contains(&field).then(|| {
        let rows = std::mem::replace(expr, null());
        call("unnest", vec![renamed(rows, &format!("{name}_{field}"))])
    })
}

/// All fields of the records that a function gives, each as a column.
pub fn fields(expr: &Expr) -> Option<Vec<SelectItem>> {
    let rows = match expr {
        Expr::Nested(inner) => inner.as_ref(),
        other => other,
    };
    let one = |field: &&str| {
        let alias = Ident::with_quote('"', *field);
        exploded(&mut rows.clone(), field).map(|expr| SelectItem::ExprWithAlias { expr, alias })
    };
    FIELDS.iter().map(one).collect()
}

/// A query in place of a function in FROM.
pub fn table_function(factor: &TableFactor) -> Result<Option<TableFactor>, SqlError> {
    if let TableFactor::UNNEST { alias, array_exprs, .. } = factor {
        // The only column is called like the table.
        let plain = array_exprs.len() == 1 && alias.as_ref().is_none_or(|alias| alias.columns.is_empty());
        let name = alias.as_ref().map_or_else(|| Ident::with_quote('"', "unnest"), |alias| alias.name.clone());
        let columns = vec![TableAliasColumnDef { name: name.clone(), data_type: None }];
        let mut named = factor.clone();
        if let TableFactor::UNNEST { alias, .. } = &mut named {
            *alias = Some(TableAlias { explicit: true, name, columns, at: None });
        }
        return Ok(plain.then_some(named));
    }
    let (lateral, name, args, alias) = match factor {
        TableFactor::Table { name, args: Some(args), alias, .. } => (false, name, &args.args, alias),
        TableFactor::Function { lateral, name, args, alias, .. } => (*lateral, name, args, alias),
        _ => return Ok(None),
    };
    let Some(name) = name.0.last().and_then(|part| part.as_ident()).map(normal) else { return Ok(None) };
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    let args = args.join(", ");
    let table = alias.as_ref().map_or_else(|| name.clone(), |alias| normal(&alias.name));
    let sql = match name.as_str() {
        name if is_exploding(name) => {
            let field = |field: &&str| format!("unnest({name}_{field}({args})) AS {field}");
            format!("SELECT {}", FIELDS.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        // The only column of such a function is called like the table.
        "generate_series" => format!("SELECT unnest(generate_series({args})) AS {}", quoted(&table)),
        "jsonb_array_elements" | "jsonb_array_elements_text" => format!("SELECT unnest({name}({args})) AS value"),
        "jsonb_object_keys" => format!("SELECT unnest({name}({args})) AS {}", quoted(&table)),
        "jsonb_each" | "jsonb_each_text" => {
            format!("SELECT unnest(jsonb_object_keys({args})) AS key, unnest({name}_value({args})) AS value")
        }
        _ => return Ok(None),
    };
    let subquery = parse(&sql).map_err(|e| with_code("0A000", format!("{}: {e}", super::errors::UNPLANNED)))?;
    let columns = alias.as_ref().map(|alias| alias.columns.clone()).unwrap_or_default();
    let name = Ident::with_quote('"', table);
    let alias = match alias {
        Some(alias) => TableAlias { name, columns, ..alias.clone() },
        None => TableAlias { explicit: true, name, columns, at: None },
    };
    Ok(Some(TableFactor::Derived { lateral, subquery: Box::new(subquery), alias: Some(alias), sample: None }))
}
