//! `NAME = value` options, as CONNECTION, SOURCE, SINK, CLUSTER … take them.

use super::error::plan;
use super::expr::Name;
use super::lexer::Token;
use super::parser::{Parsed, Parser};
use super::print::{Printer, literal};
use super::types::{DataType, data_type};
use crate::datum::SqlError;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Str(String),
    Number(String),
    Bool(bool),
    Null,
    Interval(String),
    /// A bare word or a dotted name that is not looked up.
    Ident(Vec<String>),
    /// A catalog item.
    Item(Name),
    Secret(Name),
    Type(DataType),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    /// An AWS PRIVATELINK connection with its own options, or a broker reached through a tunnel or an endpoint.
    Tunnel(Box<Tunnel>),
    Expr(Box<super::expr::Expr>),
}

/// `'broker:9092' USING SSH TUNNEL t`, `'b:9092' USING AWS PRIVATELINK pl (PORT 9001)`, `pl (PORT 9001)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tunnel {
    /// Whether the broker is a pattern for those that Kafka tells of.
    pub matching: bool,
    pub broker: Option<String>,
    pub ssh: bool,
    pub connection: Name,
    pub options: Options,
}

/// Options in the order in which they are printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options(pub Vec<(&'static str, Value)>);

impl Options {
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }
    pub fn set(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(n, _)| *n == name) {
            Some((_, v)) => *v = value,
            None => self.0.push((name, value)),
        }
    }
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| *n != name);
    }
    /// The order of `names`.
    pub fn sort_as(&mut self, names: &[&'static str]) {
        self.0.sort_by_key(|(n, _)| names.iter().position(|m| m == n));
    }
    /// An option given twice is an error.
    pub fn once(&self) -> Result<(), SqlError> {
        for (i, (name, _)) in self.0.iter().enumerate() {
            if self.0[..i].iter().any(|(n, _)| n == name) {
                return Err(plan(format!("{name} specified more than once")));
            }
        }
        Ok(())
    }
    /// The text of a textual option.
    pub fn text(&self, name: &str) -> Result<Option<String>, SqlError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Str(s)) => Ok(Some(s.clone())),
            Some(Value::Ident(parts)) => Ok(Some(parts.join("."))),
            // What an option without a value reads as.
            Some(Value::Bool(true)) => Err(plan(format!("invalid {name}: must provide a string value"))),
            Some(_) => Err(plan(format!("invalid {name}: cannot use value as string"))),
        }
    }
    pub fn bool(&self, name: &str) -> Result<Option<bool>, SqlError> {
        match self.get(name) {
            None => Ok(None),
            Some(v) => v.truth().map(Some).ok_or_else(|| plan(format!("invalid {name}: cannot use value as boolean"))),
        }
    }
    /// A number that is not negative.
    pub fn unsigned(&self, name: &str) -> Result<Option<u64>, SqlError> {
        let digits = match self.get(name) {
            None => return Ok(None),
            Some(Value::Number(n) | Value::Str(n)) => n,
            Some(_) => return Err(plan(format!("invalid {name}: cannot use value as number"))),
        };
        let invalid = |e| plan(format!("invalid {name}: invalid numeric value: {e}"));
        digits.parse().map(Some).map_err(|e: std::num::ParseIntError| invalid(e))
    }
}

impl Value {
    pub fn truth(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            Value::Str(s) => crate::catalog::parameters::boolean(s),
            Value::Ident(parts) => crate::catalog::parameters::boolean(parts.first()?),
            _ => None,
        }
    }

    pub fn print(&self, p: &Printer) -> String {
        match self {
            Value::Str(s) => literal(s),
            Value::Number(n) => n.clone(),
            Value::Bool(b) => b.to_string(),
            Value::Null => "NULL".into(),
            Value::Interval(s) => format!("INTERVAL {}", literal(s)),
            Value::Ident(parts) => p.idents(parts),
            Value::Item(name) => p.name(name),
            Value::Secret(name) => format!("SECRET {}", p.name(name)),
            Value::Type(ty) => p.data_type(ty),
            Value::List(items) => {
                format!("({})", items.iter().map(|v| v.print(p)).collect::<Vec<_>>().join(", "))
            }
            Value::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(k, v)| format!("{} => {}", literal(k), v.print(p))).collect();
                format!("MAP[{}]", entries.join(", "))
            }
            Value::Tunnel(t) => t.print(p),
            Value::Expr(e) => p.expr_line(e),
        }
    }
}

impl Tunnel {
    fn print(&self, p: &Printer) -> String {
        let name = p.name(&self.connection);
        match &self.broker {
            // The server prints no blank before USING SSH TUNNEL.
            Some(broker) if self.ssh => format!("{}USING SSH TUNNEL {name}", literal(broker)),
            Some(broker) => {
                let options = if self.options.0.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", print_list(&self.options, p))
                };
                let matching = if self.matching { "MATCHING " } else { "" };
                format!("{matching}{} USING AWS PRIVATELINK {name}{options}", literal(broker))
            }
            None => {
                let options: Vec<String> = self.options.0.iter().map(|(n, v)| format!("{n} {}", v.print(p))).collect();
                if options.is_empty() { name } else { format!("{name} ({})", options.join(", ")) }
            }
        }
    }
}

/// `A = 1, B = 'x'`
pub fn print_list(options: &Options, p: &Printer) -> String {
    print_each(options, p).join(", ")
}
/// `A = 1` and `B = 'x'`
pub fn print_each(options: &Options, p: &Printer) -> Vec<String> {
    options.0.iter().map(|(n, v)| format!("{n} = {}", v.print(p))).collect()
}

/// What comes after an option's name: nothing, a value, or `=` and a value.
pub fn optional_value(p: &mut Parser) -> Parsed<Option<Value>> {
    let equals = p.op("=");
    let ends = p.at_end() || p.peek().is_some_and(|t| t.is_op(",") || t.is_op(")"));
    if ends && !equals { Ok(None) } else { value(p).map(Some) }
}

/// A value of an option, with or without `=` before it.
pub fn option_value(p: &mut Parser) -> Parsed<Value> {
    p.op("=");
    value(p)
}

/// A boolean option: without a value it is true.
pub fn flag_value(p: &mut Parser) -> Parsed<Value> {
    optional_value(p).map(|v| v.unwrap_or(Value::Bool(true)))
}

pub fn value(p: &mut Parser) -> Parsed<Value> {
    if p.kw("SECRET") {
        return Ok(Value::Secret(Name::new(p.name()?)));
    }
    if p.is_kw("MAP") && p.peek_at(1).is_some_and(|t| t.is_op("[")) {
        p.bump();
        p.expect_op("[")?;
        let mut entries = Vec::new();
        if !p.op("]") {
            entries = p.list(|p| {
                let key = p.string()?;
                p.expect_op("=>")?;
                Ok((key, value(p)?))
            })?;
            p.expect_op("]")?;
        }
        return Ok(Value::Map(entries));
    }
    if p.is_kw("INTERVAL") && matches!(p.peek_at(1), Some(Token::Str(_))) {
        p.bump();
        return p.string().map(Value::Interval);
    }
    match p.peek().cloned() {
        Some(Token::Str(s)) => {
            p.bump();
            Ok(Value::Str(s))
        }
        Some(Token::Number(n)) => {
            p.bump();
            Ok(Value::Number(n))
        }
        Some(Token::Op(op)) if op == "-" => {
            p.bump();
            p.number().map(|n| Value::Number(format!("-{n}")))
        }
        Some(Token::Op(op)) if op == "(" => p.nested(|p| p.paren_list(value)).map(Value::List),
        Some(Token::Op(op)) if op == "[" => {
            p.bump();
            let mut items = Vec::new();
            if !p.op("]") {
                items = p.nested(|p| p.list(value))?;
                p.expect_op("]")?;
            }
            Ok(Value::List(items))
        }
        Some(Token::Word(w)) if w == "true" || w == "false" => {
            p.bump();
            Ok(Value::Bool(w == "true"))
        }
        Some(Token::Word(w)) if w == "null" => {
            p.bump();
            Ok(Value::Null)
        }
        Some(Token::Word(_) | Token::Quoted(_)) => p.name().map(Value::Ident),
        _ => p.expected("option value"),
    }
}

/// A value that is a data type (of CREATE TYPE).
pub fn type_value(p: &mut Parser) -> Parsed<Value> {
    p.op("=");
    data_type(p).map(Value::Type)
}

/// `(NAME [=] value, …)` with names from `names`.
pub fn options(p: &mut Parser, names: &[&'static str]) -> Parsed<Options> {
    p.paren_list(|p| {
        let name = p.option_name(names)?;
        Ok((name, flag_value(p)?))
    })
    .map(Options)
}

/// `WITH (…)` if it comes next.
pub fn with_options(p: &mut Parser, names: &[&'static str]) -> Parsed<Options> {
    if p.kw("WITH") { options(p, names) } else { Ok(Options::default()) }
}
