//! Secrets. Their values are checked and thrown away: nothing can read them.

use super::alter::{owner_to, rename_to};
use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::change::Object;
use crate::catalog::item::Definition;
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Datum, Outcome, SqlError};
use crate::sql::error::plan;
use crate::sql::expr::{Expr, expr};
use crate::sql::parser::{Parsed, Parser};
use crate::transaction::Company;
use std::sync::Arc;

struct CreateSecret {
    name: Vec<String>,
    if_not_exists: bool,
    value: Expr,
}

pub fn create_secret(p: &mut Parser) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    let name = p.name()?;
    p.expect_kw("AS")?;
    Ok(Arc::new(CreateSecret { name, if_not_exists, value: expr(p)? }))
}

/// Checks the value: text that is also bytes, or `decode(…)`, `convert_to(…)`, a cast, a parameter.
fn check_value(value: &Expr, params: &[Datum]) -> Result<(), SqlError> {
    let wrong = |ty: &str| Err(plan(format!("AS must have type bytea, not type {ty}")));
    match value {
        Expr::Str(text) => bytes(text).and_then(|b| utf8(&b)),
        Expr::Parameter(n) => match params.get(n.wrapping_sub(1)) {
            Some(Datum::Text(_)) => Ok(()),
            _ => Err(plan(format!("there is no parameter ${n}"))),
        },
        Expr::Nested(e) => check_value(e, params),
        Expr::Cast(e, _) => check_value(e, params),
        Expr::Call(call) => match call.name.parts.last().map(String::as_str) {
            Some("decode" | "convert_to") => Ok(()),
            Some(name) => Err(plan(format!("function \"{name}\" does not exist"))),
            None => Ok(()),
        },
        Expr::Number(n) if n.contains(['.', 'E']) => wrong("numeric"),
        Expr::Number(_) => wrong("integer"),
        Expr::Bool(_) => wrong("boolean"),
        Expr::Interval(..) => wrong("interval"),
        Expr::Null => Err(plan("secret value can not be null")),
        Expr::Subquery(_) | Expr::Exists(_) => Err(plan("AS does not allow subqueries")),
        Expr::Binary(_, op, _) if op == "||" => wrong("text"),
        _ => Err(crate::sql::error::unsupported("this expression as a secret's value")),
    }
}

/// A literal of type bytea: `\x…` is hexadecimal, else backslashes escape octal bytes.
fn bytes(text: &str) -> Result<Vec<u8>, SqlError> {
    let invalid = || plan("invalid input syntax for type bytea");
    let raw = text.as_bytes();
    if let Some(hex) = text.strip_prefix("\\x") {
        let digits = hex.as_bytes();
        let nibble = |b: u8| (b as char).to_digit(16).ok_or_else(invalid);
        if digits.len() % 2 != 0 {
            return Err(invalid());
        }
        return digits.chunks(2).map(|c| Ok((nibble(c[0])? * 16 + nibble(c[1])?) as u8)).collect();
    }
    let (mut out, mut i) = (Vec::new(), 0);
    while let Some(&b) = raw.get(i) {
        match (b, raw.get(i + 1..i + 4)) {
            (b'\\', _) if raw.get(i + 1) == Some(&b'\\') => {
                out.push(b'\\');
                i += 2;
            }
            (b'\\', Some(digits)) => {
                let octal =
                    std::str::from_utf8(digits).ok().and_then(|d| u8::from_str_radix(d, 8).ok()).ok_or_else(invalid)?;
                out.push(octal);
                i += 4;
            }
            (b'\\', None) => return Err(invalid()),
            _ => {
                out.push(b);
                i += 1;
            }
        }
    }
    Ok(out)
}

fn utf8(bytes: &[u8]) -> Result<(), SqlError> {
    std::str::from_utf8(bytes).map(|_| ()).map_err(|_| plan("secret value must be valid UTF-8"))
}

impl Command for CreateSecret {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (schema, name) = cx.catalog.resolve_new(&cx.session.names, &self.name)?;
        check_value(&self.value, cx.params)?;
        cx.catalog.check_create_in(cx.session, schema)?;
        if cx.catalog.taken(schema, &name).is_some() {
            return match self.if_not_exists {
                true => done_with("CREATE SECRET", format!("secret \"{name}\" already exists, skipping")),
                false => Err(plan(format!("catalog item '{name}' already exists"))),
            };
        }
        cx.catalog.check_room_for(schema, &Definition::Secret)?;
        let id = cx.catalog.new_item_id();
        cx.catalog.insert_item(id, schema, name, cx.session.role, Definition::Secret);
        done("CREATE SECRET")
    }
}

struct AlterSecret {
    name: Vec<String>,
    if_exists: bool,
    value: Expr,
}

pub fn alter_secret(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    match p.expect_one_of(&["AS", "OWNER", "RENAME"])? {
        "AS" => Ok(Arc::new(AlterSecret { name, if_exists, value: expr(p)? })),
        "OWNER" => owner_to(p, ObjectKind::Secret, name, if_exists),
        _ => rename_to(p, ObjectKind::Secret, name, if_exists),
    }
}

impl Command for AlterSecret {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = match cx.catalog.resolve_kind(&cx.session.names, &self.name, ObjectKind::Secret) {
            Ok(id) => id,
            Err(_) if self.if_exists => return done("ALTER SECRET"),
            Err(e) => return Err(e),
        };
        cx.catalog.check_owner(cx.session, Object::Item(id))?;
        check_value(&self.value, cx.params)?;
        done("ALTER SECRET")
    }
}
