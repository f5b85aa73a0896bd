//! Scalar expressions: their tree and their grammar.

use super::keywords::is_reserved;
use super::lexer::Token;
use super::parser::{Parsed, Parser};
use super::query::{Query, query, starts_query};
use super::types::{DataType, data_type};

/// A name that stands for a catalog item, before and after it is looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub parts: Vec<String>,
    /// The item, once resolved; None for a function or a name bound by WITH.
    pub item: Option<crate::catalog::Id>,
}

impl Name {
    pub fn new(parts: Vec<String>) -> Self {
        Self { parts, item: None }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Column(Vec<String>),
    /// `*` or `t.*`.
    Wildcard(Vec<String>),
    Number(String),
    Str(String),
    Hex(String),
    Bool(bool),
    Null,
    Interval(String, String),
    Parameter(usize),
    /// A prefix operator: `-`, `+`, `NOT`, `~`.
    Unary(String, Box<Expr>),
    /// An infix operator, `AND` and `OR` among them.
    Binary(Box<Expr>, String, Box<Expr>),
    /// `e IS [NOT] what`, with what one of NULL, TRUE, FALSE, UNKNOWN.
    Is(Box<Expr>, bool, &'static str),
    IsDistinct(Box<Expr>, bool, Box<Expr>),
    In(Box<Expr>, bool, Vec<Expr>),
    InQuery(Box<Expr>, bool, Box<Query>),
    Between(Box<Expr>, bool, Box<Expr>, Box<Expr>),
    /// subject, negated, ILIKE, pattern, escape
    Like(Box<Expr>, bool, bool, Box<Expr>, Option<Box<Expr>>),
    Cast(Box<Expr>, DataType),
    Call(Box<Call>),
    /// COALESCE, GREATEST, LEAST, NULLIF.
    Builtin(&'static str, Vec<Expr>),
    Case(Option<Box<Expr>>, Vec<(Expr, Expr)>, Option<Box<Expr>>),
    Nested(Box<Expr>),
    Row(Vec<Expr>),
    /// ARRAY[…] or LIST[…].
    Sequence(&'static str, Vec<Expr>),
    SequenceQuery(&'static str, Box<Query>),
    Map(Vec<(Expr, Expr)>),
    Exists(Box<Query>),
    Subquery(Box<Query>),
    /// left, operator, ANY or ALL, list
    Quantified(Box<Expr>, String, &'static str, Box<Expr>),
    QuantifiedQuery(Box<Expr>, String, &'static str, Box<Query>),
    /// `e[i]` and `e[i:j]`.
    Subscript(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>, bool),
    Field(Box<Expr>, String),
}

impl Expr {
    /// Whether the expression or one that it is made of is such. Queries in it are not looked into.
    pub fn any(&self, is: &dyn Fn(&Expr) -> bool) -> bool {
        let one = |e: &Expr| e.any(is);
        let each = |list: &[Expr]| list.iter().any(one);
        is(self)
            || match self {
                Expr::Unary(_, e) | Expr::Is(e, ..) | Expr::InQuery(e, ..) | Expr::Cast(e, _) | Expr::Nested(e) => {
                    one(e)
                }
                Expr::Field(e, _) | Expr::QuantifiedQuery(e, ..) => one(e),
                Expr::Binary(a, _, b) | Expr::IsDistinct(a, _, b) | Expr::Quantified(a, _, _, b) => one(a) || one(b),
                Expr::Between(a, _, b, c) => one(a) || one(b) || one(c),
                Expr::Like(a, _, _, b, c) => one(a) || one(b) || c.as_deref().is_some_and(one),
                Expr::In(e, _, list) => one(e) || each(list),
                Expr::Builtin(_, list) | Expr::Row(list) | Expr::Sequence(_, list) => each(list),
                Expr::Map(entries) => entries.iter().any(|(k, v)| one(k) || one(v)),
                Expr::Subscript(e, from, to, _) => {
                    one(e) || from.as_deref().is_some_and(one) || to.as_deref().is_some_and(one)
                }
                Expr::Case(subject, arms, otherwise) => {
                    subject.as_deref().is_some_and(one)
                        || arms.iter().any(|(when, then)| one(when) || one(then))
                        || otherwise.as_deref().is_some_and(one)
                }
                Expr::Call(call) => call.args.as_deref().is_some_and(each),
                _ => false,
            }
    }
}

/// A function call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub name: Name,
    pub distinct: bool,
    /// None: `f(*)`.
    pub args: Option<Vec<Expr>>,
    pub order_by: Vec<OrderBy>,
    pub filter: Option<Expr>,
    pub over: Option<Over>,
}

/// The window that a function goes over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Over {
    /// `IGNORE NULLS` or `RESPECT NULLS`, where that is said.
    pub nulls: Option<&'static str>,
    pub partition: Vec<Expr>,
    pub order: Vec<OrderBy>,
    /// `ROWS BETWEEN …`, in the server's spelling.
    pub frame: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OrderBy {
    pub expr: Expr,
    pub descending: Option<bool>,
    pub nulls_last: Option<bool>,
}

const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const IS: u8 = 4;
const CMP: u8 = 5;
const LIKE: u8 = 6;
const OTHER: u8 = 7;
const PLUS: u8 = 8;
const TIMES: u8 = 9;
const PREFIX: u8 = 11;
const POSTFIX: u8 = 12;

/// An expression.
pub fn expr(p: &mut Parser) -> Parsed<Expr> {
    p.nested(|p| above(p, 0))
}

pub fn order_by(p: &mut Parser) -> Parsed<OrderBy> {
    let expr = expr(p)?;
    let descending = if p.kw("ASC") {
        Some(false)
    } else if p.kw("DESC") {
        Some(true)
    } else {
        None
    };
    let nulls_last = match p.kw("NULLS") {
        true => Some(p.expect_one_of(&["FIRST", "LAST"])? == "LAST"),
        false => None,
    };
    Ok(OrderBy { expr, descending, nulls_last })
}

fn above(p: &mut Parser, floor: u8) -> Parsed<Expr> {
    let mut left = prefix(p)?;
    loop {
        let level = infix_level(p);
        if level <= floor {
            return Ok(left);
        }
        p.deeper()?;
        left = infix(p, left, level)?;
    }
}

fn infix_level(p: &Parser) -> u8 {
    match p.peek() {
        Some(Token::Op(op)) => match op.as_str() {
            "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" => CMP,
            "+" | "-" => PLUS,
            "*" | "/" | "%" => TIMES,
            "::" | "[" | "." => POSTFIX,
            "(" | ")" | "]" | "," | ";" | ":" | "=>" => 0,
            _ => OTHER,
        },
        Some(Token::Word(w)) => match w.to_ascii_uppercase().as_str() {
            "OR" => OR,
            "AND" => AND,
            "IS" | "ISNULL" => IS,
            "IN" | "BETWEEN" | "LIKE" | "ILIKE" => LIKE,
            "NOT" if p.peek_at(1).is_some_and(|t| ["IN", "BETWEEN", "LIKE", "ILIKE"].iter().any(|w| t.is_word(w))) => {
                LIKE
            }
            "OPERATOR" if p.peek_at(1).is_some_and(|t| t.is_op("(")) => OTHER,
            "AT" if p.are_kws("AT TIME ZONE") => POSTFIX - 2,
            _ => 0,
        },
        _ => 0,
    }
}

fn infix(p: &mut Parser, left: Expr, level: u8) -> Parsed<Expr> {
    let left = Box::new(left);
    let Some(token) = p.bump() else { return p.expected("an expression") };
    let op = match &token {
        Token::Op(op) => match op.as_str() {
            "::" => return Ok(Expr::Cast(left, data_type(p)?)),
            "." => {
                if p.op("*") {
                    return match *left {
                        Expr::Column(parts) => Ok(Expr::Wildcard(parts)),
                        other => Ok(Expr::Field(Box::new(other), "*".into())),
                    };
                }
                return Ok(Expr::Field(left, p.ident()?));
            }
            "[" => {
                let bound = |p: &mut Parser, end: &str| -> Parsed<Option<Box<Expr>>> {
                    if p.peek().is_some_and(|t| t.is_op(end) || t.is_op("]")) {
                        Ok(None)
                    } else {
                        Ok(Some(Box::new(expr(p)?)))
                    }
                };
                let start = bound(p, ":")?;
                let slice = p.op(":");
                let end = if slice { bound(p, "]")? } else { None };
                p.expect_op("]")?;
                return Ok(Expr::Subscript(left, start, end, slice));
            }
            op => op.to_owned(),
        },
        Token::Word(w) => match w.to_ascii_uppercase().as_str() {
            "ISNULL" => return Ok(Expr::Is(left, false, "NULL")),
            "IS" => {
                let negated = p.kw("NOT");
                if p.kws("DISTINCT FROM") {
                    return Ok(Expr::IsDistinct(left, negated, Box::new(above(p, IS)?)));
                }
                return match ["NULL", "TRUE", "FALSE", "UNKNOWN"].into_iter().find(|w| p.kw(w)) {
                    Some(what) => Ok(Expr::Is(left, negated, what)),
                    None => {
                        p.expected("NULL, NOT NULL, TRUE, NOT TRUE, FALSE, NOT FALSE, UNKNOWN, NOT UNKNOWN after IS")
                    }
                };
            }
            "AT" => {
                p.expect_kw("TIME ZONE")?;
                return Ok(call("timezone", vec![above(p, level)?, *left]));
            }
            "OPERATOR" => {
                p.expect_op("(")?;
                while p.peek_at(1).is_some_and(|t| t.is_op(".")) {
                    p.ident()?;
                    p.expect_op(".")?;
                }
                let Some(Token::Op(op)) = p.bump() else { return p.expected("operator") };
                p.expect_op(")")?;
                op
            }
            word @ ("NOT" | "IN" | "BETWEEN" | "LIKE" | "ILIKE") => {
                let negated = word == "NOT";
                let word = match negated {
                    true => p.expect_one_of(&["IN", "BETWEEN", "LIKE", "ILIKE"])?.to_owned(),
                    false => word.to_owned(),
                };
                return match word.as_str() {
                    "IN" => {
                        p.expect_op("(")?;
                        let out = if starts_query(p) {
                            Expr::InQuery(left, negated, Box::new(query(p)?))
                        } else {
                            Expr::In(left, negated, p.list(expr)?)
                        };
                        p.expect_op(")")?;
                        Ok(out)
                    }
                    "BETWEEN" => {
                        let low = above(p, LIKE)?;
                        p.expect_kw("AND")?;
                        Ok(Expr::Between(left, negated, Box::new(low), Box::new(above(p, LIKE)?)))
                    }
                    like => {
                        let pattern = Box::new(above(p, LIKE)?);
                        let escape = if p.kw("ESCAPE") { Some(Box::new(above(p, LIKE)?)) } else { None };
                        Ok(Expr::Like(left, negated, like == "ILIKE", pattern, escape))
                    }
                };
            }
            word => word.to_owned(),
        },
        _ => return p.expected("an expression"),
    };
    if let Some(any) = ["ANY", "SOME", "ALL"].into_iter().find(|w| p.kw(w)) {
        p.expect_op("(")?;
        let out = if starts_query(p) {
            Expr::QuantifiedQuery(left, op, any, Box::new(query(p)?))
        } else {
            Expr::Quantified(left, op, any, Box::new(expr(p)?))
        };
        p.expect_op(")")?;
        return Ok(out);
    }
    let op = if op == "!=" { "<>".to_owned() } else { op };
    Ok(Expr::Binary(left, op, Box::new(p.nested(|p| above(p, level))?)))
}

fn prefix(p: &mut Parser) -> Parsed<Expr> {
    let Some(token) = p.peek().cloned() else { return Err(p.error("Unexpected EOF")) };
    match token {
        Token::Number(n) => {
            p.bump();
            Ok(Expr::Number(n))
        }
        Token::Str(s) => {
            p.bump();
            Ok(Expr::Str(s))
        }
        Token::Hex(s) => {
            p.bump();
            Ok(Expr::Hex(s))
        }
        Token::Parameter(n) => {
            p.bump();
            Ok(Expr::Parameter(n))
        }
        Token::Op(op) => match op.as_str() {
            "(" => {
                p.bump();
                if starts_query(p) {
                    let q = query(p)?;
                    p.expect_op(")")?;
                    return Ok(Expr::Subquery(Box::new(q)));
                }
                let mut items = p.list(expr)?;
                p.expect_op(")")?;
                if items.len() == 1
                    && let Some(only) = items.pop()
                {
                    return Ok(Expr::Nested(Box::new(only)));
                }
                Ok(Expr::Row(items))
            }
            "-" | "+" | "~" => {
                p.bump();
                // A negative number is a literal, unless it is zero.
                if let (true, Some(Token::Number(n))) = (op == "-", p.peek().cloned())
                    && n.parse() != Ok(0.0)
                {
                    p.bump();
                    return Ok(Expr::Number(format!("-{n}")));
                }
                Ok(Expr::Unary(op, Box::new(p.nested(|p| above(p, PREFIX))?)))
            }
            "*" => {
                p.bump();
                Ok(Expr::Wildcard(Vec::new()))
            }
            _ => p.expected("an expression"),
        },
        Token::Quoted(_) => named(p),
        Token::Word(word) => keyword_expr(p, &word),
    }
}

fn keyword_expr(p: &mut Parser, word: &str) -> Parsed<Expr> {
    let called = p.peek_at(1).is_some_and(|t| t.is_op("("));
    let bracketed = p.peek_at(1).is_some_and(|t| t.is_op("["));
    match word.to_ascii_uppercase().as_str() {
        "TRUE" | "FALSE" => {
            p.bump();
            Ok(Expr::Bool(word.eq_ignore_ascii_case("true")))
        }
        "NULL" => {
            p.bump();
            Ok(Expr::Null)
        }
        "NOT" => {
            p.bump();
            Ok(Expr::Unary("NOT".into(), Box::new(p.nested(|p| above(p, NOT))?)))
        }
        "CASE" => {
            p.bump();
            case(p)
        }
        "CAST" if called => {
            p.bump();
            p.expect_op("(")?;
            let e = expr(p)?;
            p.expect_kw("AS")?;
            let ty = data_type(p)?;
            p.expect_op(")")?;
            // `::` binds tighter than what the cast may be of.
            let e = if binds_tight(&e) { e } else { Expr::Nested(Box::new(e)) };
            Ok(Expr::Cast(Box::new(e), ty))
        }
        "COALESCE" | "GREATEST" | "LEAST" | "NULLIF" if called => {
            let name = ["COALESCE", "GREATEST", "LEAST", "NULLIF"].into_iter().find(|w| p.kw(w)).unwrap_or("COALESCE");
            Ok(Expr::Builtin(name, p.paren_list(expr)?))
        }
        "EXISTS" if called => {
            p.bump();
            p.expect_op("(")?;
            let q = query(p)?;
            p.expect_op(")")?;
            Ok(Expr::Exists(Box::new(q)))
        }
        "EXTRACT" if called => {
            p.bump();
            p.expect_op("(")?;
            let field = match p.bump() {
                Some(Token::Word(w) | Token::Str(w) | Token::Quoted(w)) => w,
                _ => return p.expected("a field of EXTRACT"),
            };
            p.expect_kw("FROM")?;
            let e = expr(p)?;
            p.expect_op(")")?;
            Ok(call("extract", vec![Expr::Str(field), e]))
        }
        "POSITION" if called => {
            p.bump();
            p.expect_op("(")?;
            let needle = above(p, LIKE)?;
            p.expect_kw("IN")?;
            let args = vec![needle, expr(p)?];
            p.expect_op(")")?;
            Ok(call("position", args))
        }
        "SUBSTRING" if called => substring(p),
        "TRIM" if called => trim(p),
        "NORMALIZE" if called => {
            p.bump();
            p.expect_op("(")?;
            let text = expr(p)?;
            let form = if p.op(",") { p.expect_one_of(&["NFC", "NFD", "NFKC", "NFKD"])? } else { "NFC" };
            p.expect_op(")")?;
            Ok(call("normalize", vec![text, Expr::Str(form.into())]))
        }
        "ROW" if called => {
            p.bump();
            Ok(Expr::Row(p.paren_list(expr)?))
        }
        "ARRAY" | "LIST" if bracketed || called => {
            let kind = if word.eq_ignore_ascii_case("ARRAY") { "ARRAY" } else { "LIST" };
            p.bump();
            if !bracketed {
                p.expect_op("(")?;
                let q = query(p)?;
                p.expect_op(")")?;
                return Ok(Expr::SequenceQuery(kind, Box::new(q)));
            }
            p.expect_op("[")?;
            sequence(p, kind)
        }
        "MAP" if bracketed => {
            p.bump();
            p.expect_op("[")?;
            let mut entries = Vec::new();
            if !p.op("]") {
                entries = p.list(|p| {
                    let key = expr(p)?;
                    p.expect_op("=>")?;
                    Ok((key, expr(p)?))
                })?;
                p.expect_op("]")?;
            }
            Ok(Expr::Map(entries))
        }
        "INTERVAL" if matches!(p.peek_at(1), Some(Token::Str(_))) => {
            p.bump();
            let value = p.string()?;
            Ok(Expr::Interval(value, interval_range(p)?))
        }
        // Kept as identifiers, whatever columns there are.
        "CURRENT_TIMESTAMP" | "CURRENT_USER" | "CURRENT_ROLE" | "CURRENT_SCHEMA" | "SESSION_USER" if !called => {
            named(p)
        }
        "CURRENT_DATE" | "CURRENT_TIME" | "LOCALTIMESTAMP" if !called => {
            p.bump();
            Ok(Expr::Call(Box::new(Call { args: Some(Vec::new()), ..bare_call(word) })))
        }
        "USER" if !called && word != "user" => {
            p.bump();
            Ok(call(word, Vec::new()))
        }
        w if is_reserved(w) => Err(p.error(&format!("expected expression, but found reserved keyword: {w}"))),
        _ => named(p),
    }
}

/// Whether `::` behind the expression casts all of it.
fn binds_tight(e: &Expr) -> bool {
    use Expr::{Bool, Builtin, Call, Cast, Column, Hex, Interval, Nested, Null, Number, Parameter, Str, Subquery};
    let literal = matches!(e, Number(_) | Str(_) | Hex(_) | Bool(_) | Null | Interval(..) | Parameter(_));
    literal || matches!(e, Column(_) | Call(_) | Builtin(..) | Cast(..) | Nested(_) | Subquery(_))
}

/// `SUBSTRING(text, from [, count])`, `SUBSTRING(text FROM from [FOR count])`, `SUBSTRING(text FOR count)`.
fn substring(p: &mut Parser) -> Parsed<Expr> {
    p.bump();
    p.expect_op("(")?;
    let mut args = vec![expr(p)?];
    if p.kw("FROM") {
        args.push(expr(p)?);
        if p.kw("FOR") {
            args.push(expr(p)?);
        }
    } else if p.kw("FOR") {
        args.extend([Expr::Number("1".into()), expr(p)?]);
    } else {
        p.expect_op(",")?;
        args.extend(p.list(expr)?);
    }
    p.expect_op(")")?;
    Ok(call("substring", args))
}

/// `TRIM([BOTH | LEADING | TRAILING] [characters] [FROM] text)`.
fn trim(p: &mut Parser) -> Parsed<Expr> {
    p.bump();
    p.expect_op("(")?;
    let sides = [("BOTH", "btrim"), ("LEADING", "ltrim"), ("TRAILING", "rtrim")];
    let name = sides.into_iter().find(|(side, _)| p.kw(side)).map_or("btrim", |(_, name)| name);
    let mut args = Vec::new();
    if !p.is_kw("FROM") {
        args.push(expr(p)?);
    }
    if p.kw("FROM") {
        args.insert(0, expr(p)?);
    }
    p.expect_op(")")?;
    Ok(call(name, args))
}

/// What may stand behind an interval's text, as it is printed: ` DAY`, ` DAY TO MINUTE`; nothing where it is the default.
fn interval_range(p: &mut Parser) -> Parsed<String> {
    const UNITS: &[&str] = &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];
    let unit = |p: &mut Parser| UNITS.iter().position(|unit| p.kw(unit) || p.kw(&format!("{unit}S")));
    let Some(first) = unit(p) else { return Ok(String::new()) };
    let (high, low) = match p.kw("TO") {
        true => match unit(p) {
            Some(low) if low > first => (first, low),
            Some(_) => return p.expected("a less significant field behind TO"),
            None => return p.expected("one of YEAR or MONTH or DAY or HOUR or MINUTE or SECOND"),
        },
        false => (0, first),
    };
    if UNITS[low] == "SECOND" && p.peek().is_some_and(|t| t.is_op("(")) {
        let precision = p.paren_list(Parser::number)?;
        return Ok(format!(" SECOND ({})", precision.join(", ")));
    }
    Ok(match (UNITS[high], UNITS[low]) {
        ("YEAR", "SECOND") => String::new(),
        ("YEAR", low) => format!(" {low}"),
        (high, low) => format!(" {high} TO {low}"),
    })
}

fn sequence(p: &mut Parser, kind: &'static str) -> Parsed<Expr> {
    // The opening bracket is taken.
    if p.op("]") {
        return Ok(Expr::Sequence(kind, Vec::new()));
    }
    let items = p.list(|p| if p.op("[") { p.nested(|p| sequence(p, kind)) } else { expr(p) })?;
    p.expect_op("]")?;
    Ok(Expr::Sequence(kind, items))
}

fn bare_call(name: &str) -> Call {
    Call {
        name: Name::new(vec![name.into()]),
        distinct: false,
        args: None,
        order_by: Vec::new(),
        filter: None,
        over: None,
    }
}

/// A plain function call.
pub fn call(name: &str, args: Vec<Expr>) -> Expr {
    Expr::Call(Box::new(Call { args: Some(args), ..bare_call(name) }))
}

fn case(p: &mut Parser) -> Parsed<Expr> {
    let operand = if p.is_kw("WHEN") { None } else { Some(Box::new(expr(p)?)) };
    p.expect_kw("WHEN")?;
    let mut arms = Vec::new();
    loop {
        let when = expr(p)?;
        p.expect_kw("THEN")?;
        arms.push((when, expr(p)?));
        if !p.kw("WHEN") {
            break;
        }
    }
    let other = if p.kw("ELSE") { Some(Box::new(expr(p)?)) } else { None };
    p.expect_kw("END")?;
    Ok(Expr::Case(operand, arms, other))
}

/// A column or a call, or a literal of a named type (`date '2020-01-01'`).
fn named(p: &mut Parser) -> Parsed<Expr> {
    let mut parts = vec![p.ident()?];
    loop {
        if p.peek().is_some_and(|t| t.is_op(".")) && p.peek_at(1).is_some_and(|t| t.is_op("*")) {
            p.bump();
            p.bump();
            return Ok(Expr::Wildcard(parts));
        }
        if !p.op(".") {
            break;
        }
        parts.push(p.ident()?);
    }
    if let (1, Some(Token::Str(s))) = (parts.len(), p.peek().cloned()) {
        p.bump();
        return Ok(Expr::Cast(Box::new(Expr::Str(s)), DataType::named(parts)));
    }
    if !p.op("(") {
        return Ok(Expr::Column(parts));
    }
    let mut out = bare_call("");
    out.name = Name::new(parts);
    if p.op("*") {
        p.expect_op(")")?;
    } else {
        out.distinct = p.kw("DISTINCT");
        if !out.distinct {
            p.kw("ALL");
        }
        let mut args = Vec::new();
        if !p.op(")") {
            args = p.list(expr)?;
            if p.kws("ORDER BY") {
                out.order_by = p.list(order_by)?;
            }
            p.expect_op(")")?;
        }
        out.args = Some(args);
    }
    if p.kw("FILTER") {
        p.expect_op("(")?;
        p.expect_kw("WHERE")?;
        out.filter = Some(expr(p)?);
        p.expect_op(")")?;
    }
    let nulls = ["IGNORE NULLS", "RESPECT NULLS"].into_iter().find(|words| p.kws(words));
    if nulls.is_some() {
        p.expect_kw("OVER")?;
        out.over = Some(over(p, nulls)?);
    } else if p.kw("OVER") {
        out.over = Some(over(p, nulls)?);
    }
    Ok(Expr::Call(Box::new(out)))
}

/// What stands behind `OVER`.
fn over(p: &mut Parser, nulls: Option<&'static str>) -> Parsed<Over> {
    p.expect_op("(")?;
    let partition = if p.kws("PARTITION BY") { p.list(expr)? } else { Vec::new() };
    let order = if p.kws("ORDER BY") { p.list(order_by)? } else { Vec::new() };
    let frame = match ["ROWS", "RANGE", "GROUPS"].into_iter().find(|unit| p.kw(unit)) {
        None => None,
        Some(unit) if p.kw("BETWEEN") => {
            let start = bound(p)?;
            p.expect_kw("AND")?;
            Some(format!("{unit} BETWEEN {start} AND {}", bound(p)?))
        }
        Some(unit) => Some(format!("{unit} {}", bound(p)?)),
    };
    p.expect_op(")")?;
    Ok(Over { nulls, partition, order, frame })
}

/// Where a window begins or ends.
fn bound(p: &mut Parser) -> Parsed<String> {
    if p.kws("CURRENT ROW") {
        return Ok("CURRENT ROW".into());
    }
    let rows = if p.kw("UNBOUNDED") { "UNBOUNDED".to_owned() } else { p.number()? };
    Ok(format!("{rows} {}", p.expect_one_of(&["PRECEDING", "FOLLOWING"])?))
}
