//! Queries: their tree and their grammar.

use super::expr::{Expr, Name, OrderBy, expr, order_by};
use super::keywords::{ends_expression, ends_table};
use super::lexer::Token;
use super::parser::{Parsed, Parser};
use super::types::{DataType, data_type};

#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub ctes: Vec<Cte>,
    /// `WITH MUTUALLY RECURSIVE`, with how often at most where that is said.
    pub recursive: Option<Option<String>>,
    pub body: Body,
    pub order_by: Vec<OrderBy>,
    pub limit: Option<Expr>,
    pub offset: Option<Expr>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cte {
    pub name: String,
    pub columns: Vec<String>,
    /// Their types, where the query is recursive.
    pub types: Vec<DataType>,
    pub query: Query,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Select(Box<Select>),
    Values(Vec<Vec<Expr>>),
    Nested(Box<Query>),
    /// left, UNION / EXCEPT / INTERSECT, ALL, right
    Set(Box<Body>, &'static str, bool, Box<Body>),
    Table(Name),
    /// A SHOW command, which only a query that runs at once may hold: see [`Parser::shows`].
    Show,
}

#[derive(Clone, Debug, PartialEq, Default)]
pub struct Select {
    /// None: all; Some(empty): DISTINCT; else DISTINCT ON.
    pub distinct: Option<Vec<Expr>>,
    pub items: Vec<(Expr, Option<String>)>,
    pub from: Vec<TableWithJoins>,
    pub filter: Option<Expr>,
    pub group_by: Vec<Expr>,
    pub having: Option<Expr>,
    pub qualify: Option<Expr>,
    /// `OPTIONS (…)`, as written.
    pub options: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TableWithJoins {
    pub table: Factor,
    pub joins: Vec<Join>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// `JOIN`, `LEFT JOIN`, `CROSS JOIN`, …
    pub kind: &'static str,
    pub natural: bool,
    pub table: Factor,
    pub on: Option<Expr>,
    pub using: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    pub name: String,
    pub columns: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Factor {
    Table(Name, Option<Alias>),
    Derived(bool, Box<Query>, Option<Alias>),
    /// A table function; with ordinality.
    Function(bool, Expr, bool, Option<Alias>),
    Joined(Box<TableWithJoins>, Option<Alias>),
}

/// Does a query come next, rather than an expression or a table's name?
pub fn starts_query(p: &Parser) -> bool {
    ["SELECT", "WITH", "VALUES", "TABLE", "SHOW"].iter().any(|word| p.is_kw(word))
}

/// A query with its WITH, ORDER BY and LIMIT.
pub fn query(p: &mut Parser) -> Parsed<Query> {
    p.nested(query_inner)
}

fn query_inner(p: &mut Parser) -> Parsed<Query> {
    let (mut ctes, mut recursive) = (Vec::new(), None);
    if p.kw("WITH") {
        if p.kws("MUTUALLY RECURSIVE") {
            let said = p.peek().is_some_and(|t| t.is_op("("));
            recursive = Some(if said { Some(recursion_limit(p)?) } else { None });
        }
        ctes = p.list(|p| {
            let name = p.ident()?;
            let (mut columns, mut types) = (Vec::new(), Vec::new());
            if recursive.is_some() {
                (columns, types) = p.paren_list(|p| Ok((p.ident()?, data_type(p)?)))?.into_iter().unzip();
            } else if p.peek().is_some_and(|t| t.is_op("(")) {
                columns = p.paren_list(Parser::ident)?;
            }
            p.expect_kw("AS")?;
            p.expect_op("(")?;
            let query = query(p)?;
            p.expect_op(")")?;
            Ok(Cte { name, columns, types, query })
        })?;
    }
    // Parentheses around all of it are not kept: what stands in them goes on outside.
    let (body, mut inner) = match body(p, 0)? {
        Body::Nested(q) => (q.body, Some((q.ctes, q.recursive, q.order_by, q.limit, q.offset))),
        body => (body, None),
    };
    let order_by = if p.kws("ORDER BY") { p.list(order_by)? } else { Vec::new() };
    let (mut limit, mut offset) = (None, None);
    loop {
        if limit.is_none() && p.kw("LIMIT") {
            limit = if p.kw("ALL") { None } else { Some(expr(p)?) };
        } else if offset.is_none() && p.kw("OFFSET") {
            offset = Some(expr(p)?);
            if !p.kw("ROW") {
                p.kw("ROWS");
            }
        } else if limit.is_none() && p.kw("FETCH") {
            p.expect_one_of(&["FIRST", "NEXT"])?;
            limit = Some(expr(p)?);
            p.expect_one_of(&["ROW", "ROWS"])?;
            p.expect_kw("ONLY")?;
        } else {
            break;
        }
    }
    let mut order_by = order_by;
    if let Some((inner_ctes, inner_recursive, inner_order, inner_limit, inner_offset)) = inner.take() {
        let twice = |what: &str| Err(p.error(&format!("multiple {what} clauses not allowed")));
        match () {
            () if !ctes.is_empty() && !inner_ctes.is_empty() => return twice("WITH"),
            () if !order_by.is_empty() && !inner_order.is_empty() => return twice("ORDER BY"),
            () if limit.is_some() && inner_limit.is_some() => return twice("LIMIT/FETCH"),
            () if offset.is_some() && inner_offset.is_some() => return twice("OFFSET"),
            () => {}
        }
        if !inner_ctes.is_empty() {
            recursive = inner_recursive;
        }
        ctes.extend(inner_ctes);
        order_by.extend(inner_order);
        limit = limit.or(inner_limit);
        offset = offset.or(inner_offset);
    }
    Ok(Query { ctes, recursive, body, order_by, limit, offset })
}

/// `([RETURN AT | ERROR AT] RECURSION LIMIT [=] 10)`, in the server's spelling.
fn recursion_limit(p: &mut Parser) -> Parsed<String> {
    p.expect_op("(")?;
    let at = ["RETURN AT ", "ERROR AT "].into_iter().find(|words| p.kws(words.trim())).unwrap_or_default();
    p.expect_kw("RECURSION LIMIT")?;
    p.op("=");
    let limit = p.number()?;
    p.expect_op(")")?;
    Ok(format!("({at}RECURSION LIMIT = {limit})"))
}

/// Notes a command that stands for a query, up to the last token taken.
fn stands(p: &mut Parser, start: usize, command: std::sync::Arc<dyn crate::command::Command>) {
    // What a try before this one found here is void.
    p.shows.retain(|(range, _)| range.start < start);
    p.shows.push((start..p.end_offset(), command));
}

fn body(p: &mut Parser, floor: u8) -> Parsed<Body> {
    let mut left = if p.is_kw("SELECT") {
        Body::Select(Box::new(select(p)?))
    } else if p.kw("VALUES") {
        Body::Values(p.list(|p| p.paren_list(expr))?)
    } else if p.is_kw("TABLE") {
        let start = p.offset();
        p.bump();
        let of = p.offset();
        let name = p.name()?;
        let all = crate::command::all_of(p.text.get(of..p.end_offset()).unwrap_or_default());
        stands(p, start, all);
        Body::Table(Name::new(name))
    } else if p.op("(") {
        let q = query(p)?;
        p.expect_op(")")?;
        Body::Nested(Box::new(q))
    } else if p.is_kw("SHOW") {
        let start = p.offset();
        p.bump();
        let command = crate::command::show_in_query(p)?;
        stands(p, start, command);
        Body::Show
    } else {
        return p.expected("SELECT, VALUES, or a subquery in the query body");
    };
    loop {
        let (op, level) = if p.is_kw("UNION") {
            ("UNION", 1)
        } else if p.is_kw("EXCEPT") {
            ("EXCEPT", 1)
        } else if p.is_kw("INTERSECT") {
            ("INTERSECT", 2)
        } else {
            return Ok(left);
        };
        if level <= floor {
            return Ok(left);
        }
        p.bump();
        p.deeper()?;
        let all = p.kw("ALL");
        if !all {
            p.kw("DISTINCT");
        }
        left = Body::Set(Box::new(left), op, all, Box::new(body(p, level)?));
    }
}

fn select(p: &mut Parser) -> Parsed<Select> {
    p.expect_kw("SELECT")?;
    let mut out = Select::default();
    if !p.kw("ALL") && p.kw("DISTINCT") {
        out.distinct = Some(if p.kw("ON") { p.paren_list(expr)? } else { Vec::new() });
    }
    let empty = p.at_end() || p.is_kw("FROM") || p.is_kw("WHERE") || p.peek().is_some_and(|t| t.is_op(")"));
    if !empty || p.at_end() {
        out.items = p.list(|p| {
            let e = expr(p)?;
            Ok((e, alias_name(p, ends_expression)?))
        })?;
    }
    if p.kw("FROM") {
        out.from = p.list(with_joins)?;
    }
    if p.kw("WHERE") {
        out.filter = Some(expr(p)?);
    }
    if p.kws("GROUP BY") {
        out.group_by = p.list(expr)?;
    }
    if p.kw("HAVING") {
        out.having = Some(expr(p)?);
    }
    if p.kw("QUALIFY") {
        out.qualify = Some(expr(p)?);
    }
    if p.kw("OPTIONS") {
        out.options = p.paren_list(|p| {
            let name = p.option_name(&[
                "EXPECTED GROUP SIZE", "AGGREGATE INPUT GROUP SIZE", "DISTINCT ON INPUT GROUP SIZE",
                "LIMIT INPUT GROUP SIZE",
            ])?;
            p.op("=");
            Ok((name.to_owned(), p.number()?))
        })?;
    }
    Ok(out)
}

fn with_joins(p: &mut Parser) -> Parsed<TableWithJoins> {
    let table = factor(p)?;
    let mut joins = Vec::new();
    loop {
        let natural = p.kw("NATURAL");
        let kind = if p.kws("CROSS JOIN") {
            "CROSS JOIN"
        } else if p.kws("INNER JOIN") || p.kw("JOIN") {
            "JOIN"
        } else if let Some(side) = ["LEFT", "RIGHT", "FULL"].into_iter().find(|w| p.kw(w)) {
            p.kw("OUTER");
            p.expect_kw("JOIN")?;
            match side {
                "LEFT" => "LEFT JOIN",
                "RIGHT" => "RIGHT JOIN",
                _ => "FULL JOIN",
            }
        } else if natural {
            return p.expected("a join type after NATURAL");
        } else {
            return Ok(TableWithJoins { table, joins });
        };
        let table = factor(p)?;
        let (mut on, mut using) = (None, Vec::new());
        if kind != "CROSS JOIN" && !natural {
            if p.kw("ON") {
                on = Some(expr(p)?);
            } else if p.kw("USING") {
                using = p.paren_list(Parser::ident)?;
            } else {
                return p.expected("ON, or USING after JOIN");
            }
        }
        joins.push(Join { kind, natural, table, on, using });
    }
}

/// `AS name`, or a name that is no keyword which could go on.
fn alias_name(p: &mut Parser, ends: fn(&str) -> bool) -> Parsed<Option<String>> {
    let implied = match p.peek() {
        Some(Token::Word(w)) => !ends(w),
        Some(Token::Quoted(_)) => true,
        _ => false,
    };
    if p.kw("AS") || implied { p.ident().map(Some) } else { Ok(None) }
}

fn alias(p: &mut Parser) -> Parsed<Option<Alias>> {
    let Some(name) = alias_name(p, ends_table)? else { return Ok(None) };
    let columns = if p.peek().is_some_and(|t| t.is_op("(")) { p.paren_list(Parser::ident)? } else { Vec::new() };
    Ok(Some(Alias { name, columns }))
}

fn factor(p: &mut Parser) -> Parsed<Factor> {
    let lateral = p.kw("LATERAL");
    if p.op("(") {
        let mark = p.mark();
        if starts_query(p) || p.peek().is_some_and(|t| t.is_op("(")) {
            if let Ok(q) = query(p)
                && p.op(")")
            {
                return Ok(Factor::Derived(lateral, Box::new(q), alias(p)?));
            }
            p.back_to(mark);
            if !p.peek().is_some_and(|t| t.is_op("(")) {
                let q = query(p)?;
                p.expect_op(")")?;
                return Ok(Factor::Derived(lateral, Box::new(q), alias(p)?));
            }
        }
        let joined = p.nested(with_joins)?;
        p.expect_op(")")?;
        return Ok(Factor::Joined(Box::new(joined), alias(p)?));
    }
    if p.peek().is_some_and(|t| t.is_op("[")) {
        return by_id(p);
    }
    let mark = p.mark();
    let name = p.name()?;
    if p.peek().is_some_and(|t| t.is_op("(")) {
        p.back_to(mark);
        let function = expr(p)?;
        let ordinality = p.kws("WITH ORDINALITY");
        return Ok(Factor::Function(lateral, function, ordinality, alias(p)?));
    }
    Ok(Factor::Table(Name::new(name), alias(p)?))
}

/// `[u7 AS database.schema.name]`: the relation of that id, under that name.
fn by_id(p: &mut Parser) -> Parsed<Factor> {
    let start = p.offset();
    p.expect_op("[")?;
    let id = p.ident()?;
    p.expect_kw("AS")?;
    let name = p.name()?;
    p.expect_op("]")?;
    let end = p.end_offset();
    let alias = alias(p)?;
    let number = id.get(1..).unwrap_or_default();
    let of = match (id.get(..1), number.parse::<u64>()) {
        (Some("u"), Ok(n)) => crate::catalog::Id::User(n),
        (Some("s"), Ok(n)) => crate::catalog::Id::System(n),
        (Some("u" | "s"), Err(e)) => return Err(super::error::plan(e.to_string())),
        _ => return Err(super::error::plan(format!("couldn't parse id {id}"))),
    };
    let called = name.last().filter(|_| alias.is_none()).cloned();
    p.shows.retain(|(range, _)| range.start < start);
    p.shows.push((start..end, crate::command::relation_of(of, called)));
    Ok(Factor::Table(Name { parts: name, item: Some(of) }, alias))
}
