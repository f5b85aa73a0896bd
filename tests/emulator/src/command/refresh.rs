//! When a materialized view is refreshed.

use super::Context;
use crate::catalog::item::Refresh;
use crate::datum::SqlError;
use crate::sql::error::{Hint, plan};
use crate::sql::expr::{Expr, expr};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::plan::{Planner, Scope};

/// What follows REFRESH.
pub fn strategy(p: &mut Parser) -> Parsed<Refresh> {
    Ok(match p.expect_one_of(&["ON", "EVERY", "AT"])? {
        "ON" => {
            p.expect_kw("COMMIT")?;
            Refresh::OnCommit
        }
        "EVERY" => {
            let interval = p.string()?;
            let aligned = if p.kws("ALIGNED TO") { Some(expr(p)?) } else { None };
            Refresh::Every(interval, aligned, 0)
        }
        _ if p.kw("CREATION") => Refresh::AtCreation(0),
        _ => Refresh::At(expr(p)?),
    })
}

/// Strategies that do not go together, intervals that are none, and times that are about the rows.
pub fn check(cx: &Context<'_>, refresh: &[Refresh]) -> Result<(), SqlError> {
    if refresh.iter().any(|strategy| *strategy != Refresh::OnCommit) {
        cx.catalog.require("enable_refresh_every_mvs")?;
    }
    for strategy in refresh {
        let Refresh::Every(interval, ..) = strategy else { continue };
        let ms = crate::sql::interval::parse_ms(interval)?;
        if ms <= 0 {
            let shown = crate::sql::interval::show_signed(ms);
            return Err(plan(format!("REFRESH interval must be positive; got: {shown}")));
        }
        if crate::sql::interval::has_months(interval) {
            return Err(plan("REFRESH interval must not involve units larger than days"));
        }
    }
    match refresh.iter().filter(|strategy| **strategy == Refresh::OnCommit).count() {
        0 => {}
        1 if refresh.len() == 1 => {}
        1 => return Err(plan("REFRESH ON COMMIT is not compatible with any of the other REFRESH options")),
        _ => return Err(plan("REFRESH ON COMMIT cannot be specified multiple times")),
    }
    for strategy in refresh {
        match strategy {
            Refresh::At(time) => check_time(cx, time, "REFRESH AT")?,
            Refresh::Every(_, Some(time), _) => check_time(cx, time, "REFRESH EVERY ... ALIGNED TO")?,
            _ => {}
        }
    }
    Ok(())
}

/// A time of REFRESH: something constant that can be an `mz_timestamp`. What `mz_now()` is, the server knows already.
fn check_time(cx: &Context<'_>, time: &Expr, clause: &str) -> Result<(), SqlError> {
    let query = |e: &Expr| {
        use Expr::{Exists, InQuery, QuantifiedQuery, SequenceQuery, Subquery};
        matches!(e, Subquery(_) | Exists(_) | InQuery(..) | QuantifiedQuery(..) | SequenceQuery(..))
    };
    if time.any(&query) {
        return Err(plan(format!("{clause} does not allow subqueries")));
    }
    let planner = Planner { catalog: cx.catalog, names: &cx.session.names };
    let (ty, _) = planner.expr(&mut time.clone(), &Scope::default())?;
    let known_later = |e: &Expr| {
        matches!(e, Expr::Call(call) if matches!(
            call.name.parts.last().map(String::as_str),
            Some("now" | "current_timestamp" | "current_user" | "session_user" | "current_database" | "random")
        ))
    };
    let no_time = match time {
        Expr::Null => true,
        Expr::Str(text) => !is_time(text),
        _ => time.any(&known_later),
    };
    if no_time {
        let message = "argument must be an expression that can be simplified and/or cast to a constant whose type is";
        return Err(plan(format!("{clause} {message} mz_timestamp")).hint("Calling `mz_now()` is allowed."));
    }
    let shown = cx.catalog.type_long(&ty);
    let counts = ["smallint", "integer", "bigint", "uint2", "uint4", "uint8", "numeric", "mz_timestamp", "date"];
    let castable = counts.contains(&shown.as_str()) || shown.starts_with("timestamp");
    if !castable && !matches!(time, Expr::Str(_)) {
        return Err(plan(format!("{clause} does not support implicitly casting from {shown} to mz_timestamp")));
    }
    Ok(())
}

/// Whether a literal is milliseconds since the epoch, or a date with or without a time.
fn is_time(text: &str) -> bool {
    let text = text.trim();
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split('-').collect();
    let numbers = parts.len() == 3 && parts.iter().all(|p| p.parse::<u32>().is_ok());
    text.parse::<u64>().is_ok() || numbers
}
