//! Trees back to text: as `create_sql` stores it, as its redacted form, and as `SHOW CREATE` shows it.

use super::doc::{Doc, bracket, comma, join, lines, text, titled};
use super::expr::{Call, Expr, Name, OrderBy};
use super::keywords::must_quote;
use super::query::{Alias, Body, Factor, Query, Select, TableWithJoins};
use super::types::DataType;
use crate::catalog::{Catalog, Id};
use std::cell::RefCell;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Every identifier quoted, items with their ids: `create_sql`.
    Stable,
    /// Items with their ids, quotes spared, literals of expressions hidden: `redacted_create_sql`.
    Redacted,
    /// Names only: `SHOW CREATE`.
    Simple,
}

/// Prints in one mode, and notes which items it printed: these are what the object depends on.
pub struct Printer<'a> {
    pub catalog: &'a Catalog,
    pub mode: Mode,
    /// Hide literals of expressions, as the redacted mode does.
    pub redact: bool,
    /// For the engine, which does not know `TABLE name`.
    pub engine: bool,
    pub used: RefCell<Vec<Id>>,
}

/// `'it''s'`
pub fn literal(s: &str) -> String {
    format!("'{}'", s.replace('\'', "''"))
}
/// `"it""s"`, always.
pub fn quoted(s: &str) -> String {
    format!("\"{}\"", s.replace('"', "\"\""))
}
/// Quoted only where an identifier needs it.
pub fn spared(s: &str) -> String {
    let mut chars = s.chars();
    let simple = chars.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$');
    if simple && !must_quote(s) { s.to_owned() } else { quoted(s) }
}

impl<'a> Printer<'a> {
    pub fn new(catalog: &'a Catalog, mode: Mode) -> Self {
        Self { catalog, mode, redact: mode == Mode::Redacted, engine: false, used: RefCell::default() }
    }

    pub fn ident(&self, s: &str) -> String {
        if self.mode == Mode::Stable { quoted(s) } else { spared(s) }
    }
    pub fn idents(&self, parts: &[String]) -> String {
        parts.iter().map(|p| self.ident(p)).collect::<Vec<_>>().join(".")
    }
    /// A literal that may be somebody's data.
    pub fn data(&self, shown: String) -> String {
        if self.redact { "'<REDACTED>'".into() } else { shown }
    }

    /// An item by its id: `[u7 AS "d"."s"."n"]`, or its name.
    pub fn item(&self, id: Id) -> String {
        self.item_version(id, None)
    }
    pub fn item_version(&self, id: Id, version: Option<usize>) -> String {
        self.used.borrow_mut().push(id);
        let name = self.idents(&self.catalog.full_name(id));
        match (self.mode, version) {
            (Mode::Simple, _) => name,
            (_, None) => format!("[{id} AS {name}]"),
            (_, Some(v)) => format!("[{id} AS {name} VERSION {v}]"),
        }
    }
    /// A relation: tables made by users have versions.
    pub fn relation(&self, id: Id) -> String {
        self.item_version(id, self.catalog.table_version(id))
    }
    pub fn cluster(&self, id: Id) -> String {
        match self.mode {
            Mode::Simple => self.ident(self.catalog.cluster_name(id)),
            _ => format!("[{id}]"),
        }
    }
    /// Whether an item has another name than when the query was written.
    fn is_renamed(&self, name: &Name) -> bool {
        let item = name.item.and_then(|id| self.catalog.items.get(&id));
        item.is_some_and(|item| name.parts.last().is_some_and(|called| *called != item.name))
    }
    pub fn name(&self, name: &Name) -> String {
        match name.item {
            Some(id) => self.relation(id),
            None => self.idents(&name.parts),
        }
    }

    pub fn data_type(&self, ty: &DataType) -> String {
        self.type_in(ty, false)
    }
    fn type_in(&self, ty: &DataType, inner: bool) -> String {
        match ty {
            DataType::Named(name, modifiers) => {
                let mut out = match name.item {
                    // SHOW CREATE leaves the ids of types inside lists and maps.
                    Some(id) if inner && self.mode == Mode::Simple => {
                        self.used.borrow_mut().push(id);
                        format!("[{id} AS {}]", self.idents(&self.catalog.full_name(id)))
                    }
                    Some(id) => self.item(id),
                    None => self.idents(&name.parts),
                };
                if !modifiers.is_empty() {
                    let list: Vec<String> = modifiers.iter().map(i64::to_string).collect();
                    out += &format!("({})", list.join(", "));
                }
                out
            }
            DataType::List(e) => format!("{} list", self.type_in(e, true)),
            DataType::Array(e) => format!("{}[]", self.type_in(e, true)),
            DataType::Map(k, v) => format!("map[{}=>{}]", self.type_in(k, true), self.type_in(v, true)),
        }
    }

    fn exprs(&self, list: &[Expr]) -> Doc {
        comma(list.iter().map(|e| self.expr(e)))
    }
    /// An expression on one line.
    pub fn expr_line(&self, e: &Expr) -> String {
        self.expr(e).one_line()
    }

    pub fn expr(&self, e: &Expr) -> Doc {
        let not = |negated: &bool| if *negated { " NOT" } else { "" };
        match e {
            Expr::Column(parts) => text(self.idents(parts)),
            Expr::Wildcard(parts) if parts.is_empty() => text("*"),
            Expr::Wildcard(parts) => text(format!("{}.*", self.idents(parts))),
            Expr::Number(n) => text(self.data(n.clone())),
            Expr::Str(s) => text(self.data(literal(s))),
            Expr::Hex(s) => text(self.data(format!("X'{s}'"))),
            Expr::Bool(b) => text(self.data(b.to_string())),
            Expr::Null => text(self.data("NULL".into())),
            Expr::Interval(s, unit) => text(self.data(format!("INTERVAL {}{unit}", literal(s)))),
            Expr::Parameter(n) => text(format!("${n}")),
            Expr::Unary(op, e) => text(format!("{op} ")).then(self.expr(e)),
            Expr::Binary(l, op, r) => {
                let op = text(format!("{op} "));
                let sides = Doc::Cat(vec![self.expr(l), Doc::Line, op, self.expr(r)]);
                if matches!(e, Expr::Binary(_, op, _) if op == "AND" || op == "OR") {
                    sides.group()
                } else {
                    text(sides.one_line())
                }
            }
            Expr::Is(e, negated, what) => self.expr(e).then(format!(" IS{} {what}", not(negated))),
            Expr::IsDistinct(l, negated, r) => {
                Doc::Cat(vec![self.expr(l), text(format!(" IS{} DISTINCT FROM ", not(negated))), self.expr(r)])
            }
            Expr::In(e, negated, list) => {
                Doc::Cat(vec![self.expr(e), text(format!("{} IN ", not(negated))), bracket("(", self.exprs(list), ")")])
            }
            Expr::InQuery(e, negated, q) => {
                Doc::Cat(vec![self.expr(e), text(format!("{} IN ", not(negated))), bracket("(", self.query(q), ")")])
            }
            Expr::Between(e, negated, low, high) => Doc::Cat(vec![
                self.expr(e),
                text(format!("{} BETWEEN ", not(negated))),
                self.expr(low),
                text(" AND "),
                self.expr(high),
            ]),
            Expr::Like(e, negated, insensitive, pattern, escape) => {
                let word = if *insensitive { "ILIKE" } else { "LIKE" };
                let mut parts = vec![self.expr(e), text(format!("{} {word} ", not(negated))), self.expr(pattern)];
                if let Some(escape) = escape {
                    parts.extend([text(" ESCAPE "), self.expr(escape)]);
                }
                Doc::Cat(parts)
            }
            Expr::Cast(e, ty) => self.expr(e).then(format!("::{}", self.data_type(ty))),
            Expr::Call(call) => self.call(call),
            Expr::Builtin(name, args) => text(*name).then(bracket("(", self.exprs(args), ")")),
            Expr::Case(operand, arms, other) => {
                let mut parts = Vec::new();
                parts.extend(operand.iter().map(|e| self.expr(e)));
                for (when, then) in arms {
                    let arm = vec![text("WHEN "), self.expr(when), text(" THEN "), self.expr(then)];
                    parts.push(Doc::Cat(arm).group());
                }
                parts.extend(other.iter().map(|e| text("ELSE ").then(self.expr(e))));
                Doc::Cat(vec![text("CASE"), Doc::Line.then(lines(parts)).nest(), Doc::Line, text("END")]).group()
            }
            Expr::Nested(e) => bracket("(", self.expr(e), ")"),
            Expr::Row(items) => text("ROW").then(bracket("(", self.exprs(items), ")")),
            Expr::Sequence(kind, items) => text(*kind).then(bracket("[", self.exprs(items), "]")),
            Expr::SequenceQuery(kind, q) => text(*kind).then(bracket("(", self.query(q), ")")),
            Expr::Map(entries) => {
                let entries = entries.iter().map(|(k, v)| Doc::Cat(vec![self.expr(k), text(" => "), self.expr(v)]));
                bracket("MAP[", comma(entries), "]")
            }
            Expr::Exists(q) => text("EXISTS").then(bracket("(", self.query(q), ")")),
            Expr::Subquery(q) => bracket("(", self.query(q), ")"),
            Expr::Quantified(l, op, any, r) => {
                Doc::Cat(vec![self.expr(l), text(format!(" {op} {any} ")), bracket("(", self.expr(r), ")")])
            }
            Expr::QuantifiedQuery(l, op, any, q) => {
                Doc::Cat(vec![self.expr(l), text(format!(" {op} {any} ")), bracket("(", self.query(q), ")")])
            }
            Expr::Subscript(e, start, end, slice) => {
                let bound = |e: &Option<Box<Expr>>| e.as_ref().map_or(String::new(), |e| self.expr_line(e));
                let colon = if *slice { ":" } else { "" };
                self.expr(e).then(format!("[{}{colon}{}]", bound(start), bound(end)))
            }
            Expr::Field(e, name) if name == "*" => self.expr(e).then(".*"),
            Expr::Field(e, name) => self.expr(e).then(format!(".{}", self.ident(name))),
        }
    }

    fn call(&self, call: &Call) -> Doc {
        let (star, args) = (call.args.is_none(), call.args.as_deref().unwrap_or_default());
        let mut inner = if args.is_empty() { text("") } else { self.exprs(args) };
        if call.distinct {
            inner = text("DISTINCT ").then(inner);
        }
        if !call.order_by.is_empty() {
            inner = Doc::Cat(vec![inner, text(" ORDER BY "), self.orders(&call.order_by)]);
        }
        let arguments = match (star, args) {
            (true, _) => text("(*)"),
            (false, []) => text("()"),
            (false, _) => bracket("(", inner, ")"),
        };
        let mut parts = vec![text(self.name(&call.name)), arguments];
        if let Some(filter) = &call.filter {
            parts.extend([text(" FILTER (WHERE "), self.expr(filter), text(")")]);
        }
        if let Some(window) = &call.over {
            let mut over = Vec::new();
            if !window.partition.is_empty() {
                over.push(text("PARTITION BY ").then(self.exprs(&window.partition)));
            }
            if !window.order.is_empty() {
                over.push(text("ORDER BY ").then(self.orders(&window.order)));
            }
            over.extend(window.frame.as_deref().map(text));
            parts.extend(window.nulls.map(|nulls| text(format!(" {nulls}"))));
            parts.extend([text(" OVER ("), join(over, text(" ")), text(")")]);
        }
        Doc::Cat(parts)
    }

    fn orders(&self, list: &[OrderBy]) -> Doc {
        comma(list.iter().map(|o| {
            let direction = o.descending.map_or("", |d| if d { " DESC" } else { " ASC" });
            let nulls = o.nulls_last.map_or("", |l| if l { " NULLS LAST" } else { " NULLS FIRST" });
            self.expr(&o.expr).then(format!("{direction}{nulls}"))
        }))
    }

    pub fn query(&self, q: &Query) -> Doc {
        let mut parts = Vec::new();
        if !q.ctes.is_empty() {
            let ctes = q.ctes.iter().map(|c| {
                let typed = c.columns.iter().zip(&c.types);
                let typed = typed.map(|(name, ty)| format!("{} {}", self.ident(name), self.data_type(ty)));
                let called = match c.types.is_empty() {
                    true => self.alias(&Alias { name: c.name.clone(), columns: c.columns.clone() }),
                    false => format!("{} ({})", self.ident(&c.name), typed.collect::<Vec<_>>().join(", ")),
                };
                Doc::Cat(vec![text(called), text(" AS "), bracket("(", self.query(&c.query), ")")])
            });
            let with = match &q.recursive {
                None => "WITH".to_owned(),
                Some(None) => "WITH MUTUALLY RECURSIVE".to_owned(),
                Some(Some(limit)) => format!("WITH MUTUALLY RECURSIVE {limit}"),
            };
            parts.push(titled(&with, comma(ctes)));
        }
        parts.push(self.body(&q.body));
        if !q.order_by.is_empty() {
            parts.push(titled("ORDER BY", self.orders(&q.order_by)));
        }
        parts.extend(q.limit.iter().map(|e| titled("LIMIT", self.expr(e))));
        parts.extend(q.offset.iter().map(|e| titled("OFFSET", self.expr(e))));
        lines(parts).group()
    }

    fn body(&self, body: &Body) -> Doc {
        match body {
            Body::Select(s) => self.select(s),
            Body::Values(rows) => titled("VALUES", comma(rows.iter().map(|r| bracket("(", self.exprs(r), ")")))),
            Body::Nested(q) => bracket("(", self.query(q), ")"),
            Body::Set(l, op, all, r) => {
                let op = if *all { format!("{op} ALL") } else { (*op).to_owned() };
                lines([self.body(l), text(op), self.body(r)]).group()
            }
            Body::Table(name) if self.engine => text(format!("SELECT * FROM {}", self.name(name))),
            Body::Table(name) => text(format!("TABLE {}", self.name(name))),
            // Planning refuses it in what is kept.
            Body::Show => text("SHOW"),
        }
    }

    fn select(&self, s: &Select) -> Doc {
        let mut title = "SELECT".to_owned();
        if let Some(on) = &s.distinct {
            title += " DISTINCT";
            if !on.is_empty() {
                title += &format!(" ON ({})", self.exprs(on).one_line());
            }
        }
        let items = s.items.iter().map(|(e, alias)| match alias {
            Some(alias) => self.expr(e).then(format!(" AS {}", self.ident(alias))),
            None => self.expr(e),
        });
        let mut parts = vec![if s.items.is_empty() { text(title) } else { titled(&title, comma(items)) }];
        if !s.from.is_empty() {
            parts.push(titled("FROM", comma(s.from.iter().map(|t| self.table(t)))));
        }
        parts.extend(s.filter.iter().map(|e| titled("WHERE", self.expr(e))));
        if !s.group_by.is_empty() {
            parts.push(titled("GROUP BY", self.exprs(&s.group_by)));
        }
        parts.extend(s.having.iter().map(|e| titled("HAVING", self.expr(e))));
        parts.extend(s.qualify.iter().map(|e| titled("QUALIFY", self.expr(e))));
        if !s.options.is_empty() {
            let options = s.options.iter().map(|(n, v)| text(format!("{n} = {v}")));
            parts.push(text("OPTIONS ").then(bracket("(", comma(options), ")")));
        }
        lines(parts).group()
    }

    fn alias(&self, alias: &Alias) -> String {
        let columns: Vec<String> = alias.columns.iter().map(|c| self.ident(c)).collect();
        let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
        format!("{}{columns}", self.ident(&alias.name))
    }

    fn table(&self, t: &TableWithJoins) -> Doc {
        let mut parts = vec![self.factor(&t.table)];
        for join in &t.joins {
            let natural = if join.natural { "NATURAL " } else { "" };
            let mut joined = vec![text(format!("{natural}{} ", join.kind)), self.factor(&join.table)];
            if let Some(on) = &join.on {
                joined.extend([text(" ON "), self.expr(on)]);
            }
            if !join.using.is_empty() {
                let using: Vec<String> = join.using.iter().map(|c| self.ident(c)).collect();
                joined.push(text(format!(" USING ({})", using.join(", "))));
            }
            parts.push(Doc::Cat(joined));
        }
        lines(parts)
    }

    fn factor(&self, factor: &Factor) -> Doc {
        let (doc, alias) = match factor {
            // Its columns are called as they were when the query was written.
            Factor::Table(name, None) if self.engine && self.is_renamed(name) => {
                let called = name.parts.last().map_or("", String::as_str);
                return text(format!("{} AS {}", self.name(name), self.ident(called)));
            }
            Factor::Table(name, alias) => (text(self.name(name)), alias),
            Factor::Derived(lateral, q, alias) => {
                (text(if *lateral { "LATERAL " } else { "" }).then(bracket("(", self.query(q), ")")), alias)
            }
            Factor::Function(lateral, f, ordinality, alias) => {
                let doc = text(if *lateral { "LATERAL " } else { "" }).then(self.expr(f));
                (if *ordinality { doc.then(" WITH ORDINALITY") } else { doc }, alias)
            }
            Factor::Joined(t, alias) => (bracket("(", self.table(t), ")"), alias),
        };
        match alias {
            Some(alias) => doc.then(format!(" AS {}", self.alias(alias))),
            None => doc,
        }
    }
}
