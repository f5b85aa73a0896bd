//! Looking up what a query names, and finding out the columns that it gives.

use super::error::{Hint, plan};
use super::expr::{Call, Expr, Name, Over};
use super::functions;
use super::query::{Alias, Body, Factor, Query, Select, TableWithJoins};
use super::types::DataType;
use crate::catalog::item::Column;
use crate::catalog::names::NameScope;
use crate::catalog::{Catalog, Id};
use crate::datum::SqlError;

/// Resolves names against a catalog and a session's search path.
pub struct Planner<'a> {
    pub catalog: &'a Catalog,
    pub names: &'a NameScope,
}

/// What a query gives: columns, and sets of columns (by position) that are unique.
#[derive(Clone, Debug, Default)]
pub struct Relation {
    pub columns: Vec<Column>,
    pub keys: Vec<Vec<usize>>,
}

#[derive(Clone)]
struct ScopeColumn {
    /// The table's name or alias, with its qualification when it has no alias.
    table: Vec<String>,
    column: Column,
    /// Of a table function that gives this column only: the table's name means the column, too.
    whole: bool,
}

/// Columns in scope, the innermost query's first.
#[derive(Clone, Default)]
pub struct Scope {
    levels: Vec<Vec<ScopeColumn>>,
    ctes: Vec<(String, Relation)>,
}

impl Scope {
    /// The scope of expressions over one relation.
    pub fn of(columns: &[Column]) -> Self {
        let level =
            columns.iter().map(|c| ScopeColumn { table: Vec::new(), column: c.clone(), whole: false }).collect();
        Scope { levels: vec![level], ctes: Vec::new() }
    }
}

/// The error for a column that is not there, with the columns whose names are close.
pub fn unknown_column<'n>(table: Option<&str>, column: &str, there: impl Iterator<Item = &'n str>) -> SqlError {
    let full = |c: &str| table.map_or_else(|| format!("\"{c}\""), |t| format!("\"{t}.{c}\""));
    let error = plan(format!("column {} does not exist", full(column)));
    let mut similar: Vec<String> = there.filter(|c| similarity(c, column) >= 0.6).map(full).collect();
    similar.dedup();
    match similar.as_slice() {
        [] => error,
        [one] => error.hint(format!("The similarly named column {one} does exist. Make sure to surround case sensitive names in double quotes.")),
        many => error.hint(format!(
            "There are similarly named columns that do exist: {}. Make sure to surround case sensitive names in double quotes.",
            many.join(", ")
        )),
    }
}

/// One minus the edit distance by the longer length, letter case aside.
fn similarity(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    1.0 - row[b.len()] as f64 / a.len().max(b.len()).max(1) as f64
}

impl Planner<'_> {
    fn system(&self, name: &str) -> DataType {
        self.catalog.system_type(name)
    }

    /// Resolves a query and finds its columns.
    pub fn query(&self, q: &mut Query, outer: &Scope) -> Result<Relation, SqlError> {
        let mut scope = outer.clone();
        for cte in q.ctes.iter_mut().filter(|_| q.recursive.is_some()) {
            let mut relation = Relation { columns: Vec::new(), keys: Vec::new() };
            for (name, ty) in cte.columns.iter().zip(&mut cte.types) {
                self.catalog.resolve_data_type(self.names, ty)?;
                relation.columns.push(Column::new(name, ty.clone(), true));
            }
            scope.ctes.push((cte.name.clone(), relation));
        }
        for cte in &mut q.ctes {
            let mut relation = self.query(&mut cte.query, &scope)?;
            if q.recursive.is_none() {
                rename(&mut relation, &cte.columns, &cte.name)?;
                scope.ctes.push((cte.name.clone(), relation));
            }
        }
        let relation = self.body(&mut q.body, &scope, Some(&mut q.order_by))?;
        for e in q.limit.iter_mut().chain(&mut q.offset) {
            self.expr(e, &scope)?;
        }
        Ok(relation)
    }

    fn body(
        &self,
        body: &mut Body,
        scope: &Scope,
        order_by: Option<&mut Vec<super::expr::OrderBy>>,
    ) -> Result<Relation, SqlError> {
        match body {
            Body::Select(s) => self.select(s, scope, order_by),
            Body::Nested(q) => self.query(q, scope),
            Body::Table(name) => self.table(name, scope),
            Body::Show => Err(plan("SHOW commands are not allowed in views")),
            Body::Values(rows) => {
                let mut columns: Vec<Column> = Vec::new();
                for row in rows.iter_mut() {
                    for (i, e) in row.iter_mut().enumerate() {
                        let (ty, nullable) = self.expr(e, scope)?;
                        match columns.get_mut(i) {
                            Some(c) => c.nullable |= nullable,
                            None => columns.push(Column::new(format!("column{}", i + 1), ty, nullable)),
                        }
                    }
                }
                if let Some(row) = rows.iter().find(|r| r.len() != columns.len()) {
                    let _ = row;
                    return Err(plan("VALUES expression has varying number of columns"));
                }
                Ok(Relation { columns, keys: Vec::new() })
            }
            Body::Set(left, op, all, right) => {
                let mut l = self.body(left, scope, None)?;
                let r = self.body(right, scope, None)?;
                if l.columns.len() != r.columns.len() {
                    return Err(plan(format!(
                        "each {op} query must have the same number of columns: {} vs {}",
                        l.columns.len(),
                        r.columns.len()
                    )));
                }
                for (a, b) in l.columns.iter_mut().zip(&r.columns) {
                    a.nullable |= b.nullable;
                }
                l.keys = if *all { Vec::new() } else { vec![(0..l.columns.len()).collect()] };
                Ok(l)
            }
        }
    }

    /// A relation by name: bound by WITH, or in the catalog.
    fn table(&self, name: &mut Name, scope: &Scope) -> Result<Relation, SqlError> {
        if let [cte] = name.parts.as_slice()
            && let Some((_, relation)) = scope.ctes.iter().rev().find(|(n, _)| n == cte)
        {
            return Ok(relation.clone());
        }
        let id = match name.item {
            Some(id) if self.catalog.items.get(&id).is_none() => return Err(plan(format!("invalid id {id}"))),
            Some(id) => id,
            None => self.catalog.resolve_item(self.names, &name.parts)?,
        };
        name.item = Some(id);
        self.relation(id)
    }

    /// The columns and keys of an item that is a relation.
    pub fn relation(&self, id: Id) -> Result<Relation, SqlError> {
        let Some(columns) = self.catalog.columns(id) else {
            return Err(self.catalog.no_relation(id));
        };
        Ok(Relation { columns: columns.into_owned(), keys: self.catalog.keys(id) })
    }

    fn factor(&self, factor: &mut Factor, scope: &Scope) -> Result<Vec<ScopeColumn>, SqlError> {
        let function = matches!(factor, Factor::Function(..));
        // What is named by its id may be called anything.
        if let Factor::Table(name, alias @ None) = factor
            && let Some(item) = name.item.and_then(|id| self.catalog.items.get(&id))
            && let Some(called) = name.parts.last().filter(|called| **called != item.name)
        {
            *alias = Some(Alias { name: called.clone(), columns: Vec::new() });
            name.parts = self.catalog.full_name(item.id);
        }
        let (mut relation, mut table, alias) = match factor {
            Factor::Table(name, alias) => {
                let relation = self.table(name, scope)?;
                // A table may be called by more of its name than the query does.
                let named = name.item.filter(|id| self.catalog.full_name(*id).ends_with(&name.parts));
                let table = named.map_or_else(|| name.parts.clone(), |id| self.catalog.full_name(id));
                (relation, table, alias)
            }
            Factor::Derived(_, q, alias) => (self.query(q, scope)?, Vec::new(), alias),
            Factor::Function(_, f, ordinality, alias) => {
                let (ty, _) = self.expr(f, scope)?;
                let name = match f {
                    Expr::Call(call) => call.name.parts.last().cloned().unwrap_or_default(),
                    _ => return Err(plan("a table function must be a function call")),
                };
                let mut columns = functions::table_columns(self.catalog, &name)
                    .unwrap_or_else(|| vec![Column::new(name.clone(), ty, true)]);
                if *ordinality {
                    columns.push(Column::new("ordinality", self.system("int8"), false));
                }
                // The alias of a function with one column names the column, too, if that has no name of its own.
                if let (Some(alias), [only]) = (&alias, columns.as_mut_slice())
                    && alias.columns.is_empty()
                    && only.name == name
                {
                    only.name = alias.name.clone();
                }
                (Relation { columns, keys: Vec::new() }, vec![name], alias)
            }
            Factor::Joined(t, alias) => {
                let columns = self.joined(t, scope)?;
                let Some(alias) = alias else { return Ok(columns) };
                let columns = columns.into_iter().map(|c| c.column).collect();
                let mut relation = Relation { columns, keys: Vec::new() };
                rename(&mut relation, &alias.columns, &alias.name)?;
                let table = vec![alias.name.clone()];
                return Ok(relation
                    .columns
                    .into_iter()
                    .map(|column| ScopeColumn { table: table.clone(), column, whole: false })
                    .collect());
            }
        };
        if let Some(Alias { name, columns }) = alias {
            rename(&mut relation, columns, name)?;
            table = vec![name.clone()];
        }
        let whole = function && relation.columns.len() == 1;
        Ok(relation.columns.into_iter().map(|column| ScopeColumn { table: table.clone(), column, whole }).collect())
    }

    fn joined(&self, t: &mut TableWithJoins, scope: &Scope) -> Result<Vec<ScopeColumn>, SqlError> {
        let mut columns = self.factor(&mut t.table, scope)?;
        for join in &mut t.joins {
            // LATERAL sees what stands to its left.
            let mut lateral = scope.clone();
            lateral.levels.insert(0, columns.clone());
            let mut right = self.factor(&mut join.table, &lateral)?;
            let nullable = |columns: &mut Vec<ScopeColumn>| columns.iter_mut().for_each(|c| c.column.nullable = true);
            if matches!(join.kind, "LEFT JOIN" | "FULL JOIN") {
                nullable(&mut right);
            }
            if matches!(join.kind, "RIGHT JOIN" | "FULL JOIN") {
                nullable(&mut columns);
            }
            let mut using = join.using.clone();
            if join.natural {
                using = columns
                    .iter()
                    .map(|c| c.column.name.clone())
                    .filter(|n| right.iter().any(|r| r.column.name == *n))
                    .collect();
            }
            for name in &using {
                for (side, columns) in [("left", &columns), ("right", &right)] {
                    if !columns.iter().any(|c| c.column.name == *name) {
                        let message = "specified in USING clause does not exist in";
                        return Err(plan(format!("column \"{name}\" {message} {side} table")));
                    }
                }
            }
            right.retain(|c| !using.contains(&c.column.name));
            columns.extend(right);
            if let Some(on) = &mut join.on {
                let mut inner = scope.clone();
                inner.levels.insert(0, columns.clone());
                self.expr(on, &inner)?;
            }
        }
        Ok(columns)
    }

    fn select(
        &self,
        s: &mut Select,
        outer: &Scope,
        order_by: Option<&mut Vec<super::expr::OrderBy>>,
    ) -> Result<Relation, SqlError> {
        let mut scope = outer.clone();
        let mut level: Vec<ScopeColumn> = Vec::new();
        let single = match s.from.as_slice() {
            [TableWithJoins { table: Factor::Table(..), joins }] => joins.is_empty(),
            _ => false,
        };
        for table in &mut s.from {
            let mut lateral = outer.clone();
            lateral.levels.insert(0, level.clone());
            level.extend(self.joined(table, &lateral)?);
        }
        scope.levels.insert(0, level.clone());
        for e in s.filter.iter_mut() {
            self.expr(e, &scope)?;
        }
        let (mut columns, mut sources) = (Vec::new(), Vec::new());
        for (e, alias) in &mut s.items {
            if let Expr::Wildcard(table) = e {
                let matching = level.iter().filter(|c| table.is_empty() || matches(&c.table, table));
                let before = columns.len();
                for c in matching {
                    columns.push(c.column.clone());
                    sources.push(Some(Expr::Column(vec![c.column.name.clone()])));
                }
                if columns.len() == before && !table.is_empty() {
                    return Err(plan(format!("no table named '{}' in scope", table.join("."))));
                }
                if columns.len() == before && s.from.is_empty() {
                    return Err(plan("SELECT * with no tables specified is not valid"));
                }
                continue;
            }
            let (ty, nullable) = self.expr(e, &scope)?;
            columns.push(Column::new(alias.clone().unwrap_or_else(|| output_name(e)), ty, nullable));
            sources.push(Some(e.clone()));
        }
        // GROUP BY and ORDER BY may name what the query gives.
        let mut wider = scope.clone();
        let given = columns.iter().map(|c| ScopeColumn { table: Vec::new(), column: c.clone(), whole: false });
        let given: Vec<ScopeColumn> = given.filter(|g| !level.iter().any(|l| l.column.name == g.column.name)).collect();
        if let Some(first) = wider.levels.first_mut() {
            first.extend(given);
        }
        for e in s.group_by.iter_mut().chain(s.distinct.iter_mut().flatten()) {
            self.expr(e, &wider)?;
        }
        for e in s.having.iter_mut().chain(&mut s.qualify) {
            self.expr(e, &scope)?;
        }
        for order in order_by.into_iter().flatten() {
            self.expr(&mut order.expr, &wider)?;
        }
        let keys = self.select_keys(s, &sources, single);
        Ok(Relation { columns, keys })
    }

    /// Sets of the given columns that are unique, as far as they are plain to see.
    fn select_keys(&self, s: &Select, sources: &[Option<Expr>], single: bool) -> Vec<Vec<usize>> {
        let last = |e: &Expr| if let Expr::Column(parts) = e { parts.last().cloned() } else { None };
        let find = |e: &Expr| {
            sources.iter().position(|s| s.as_ref().is_some_and(|s| s == e || (last(s).is_some() && last(s) == last(e))))
        };
        if !s.group_by.is_empty() {
            let by = s.group_by.iter().map(|e| match e {
                Expr::Number(n) => n.parse::<usize>().ok().and_then(|n| n.checked_sub(1)),
                e => find(e),
            });
            return by.collect::<Option<Vec<usize>>>().into_iter().collect();
        }
        if s.distinct.as_ref().is_some_and(Vec::is_empty) {
            return vec![(0..sources.len()).collect()];
        }
        let Some(TableWithJoins { table: Factor::Table(name, _), .. }) = s.from.first().filter(|_| single) else {
            return Vec::new();
        };
        let Some(id) = name.item else { return Vec::new() };
        let Some(columns) = self.catalog.columns(id) else { return Vec::new() };
        let kept = |key: &Vec<usize>| -> Option<Vec<usize>> {
            key.iter().map(|i| columns.get(*i).and_then(|c| find(&Expr::Column(vec![c.name.clone()])))).collect()
        };
        self.catalog.keys(id).iter().filter_map(kept).collect()
    }

    /// Resolves an expression; its type and whether it may be null.
    pub fn expr(&self, e: &mut Expr, scope: &Scope) -> Result<(DataType, bool), SqlError> {
        let boolean = |nullable| (self.system("bool"), nullable);
        Ok(match e {
            // To the server these are calls, quoted or not and whatever columns there are.
            Expr::Column(parts) if functions::is_keyword_call(parts) => {
                let function = functions::find(&parts[0]).ok_or_else(|| plan("no such function"))?;
                functions::returns(self.catalog, function, &[], false)
            }
            Expr::Column(parts) => self.column(parts, scope)?,
            Expr::Wildcard(_) => return Err(plan("wildcard in invalid position")),
            Expr::Number(n) if n.contains(['.', 'E']) => (self.system("numeric"), false),
            Expr::Number(n) if n.parse::<i32>().is_ok() => (self.system("int4"), false),
            Expr::Number(n) if n.parse::<i64>().is_ok() => (self.system("int8"), false),
            Expr::Number(_) => (self.system("numeric"), false),
            Expr::Str(_) => (self.system("text"), false),
            Expr::Hex(_) => (self.system("bytea"), false),
            Expr::Bool(_) => boolean(false),
            Expr::Null | Expr::Parameter(_) => (self.system("text"), true),
            Expr::Interval(..) => (self.system("interval"), false),
            Expr::Unary(op, inner) => {
                let (ty, nullable) = self.expr(inner, scope)?;
                if op == "NOT" { boolean(nullable) } else { (ty, nullable) }
            }
            Expr::Binary(l, op, r) => {
                let (lt, ln) = self.expr(l, scope)?;
                let (rt, rn) = self.expr(r, scope)?;
                (functions::operator(self.catalog, op, &lt, &rt), ln || rn)
            }
            Expr::Is(inner, ..) => {
                self.expr(inner, scope)?;
                boolean(false)
            }
            Expr::IsDistinct(l, _, r) => {
                self.expr(l, scope)?;
                self.expr(r, scope)?;
                boolean(false)
            }
            Expr::In(l, _, list) => {
                let mut nullable = self.expr(l, scope)?.1;
                for item in list {
                    nullable |= self.expr(item, scope)?.1;
                }
                boolean(nullable)
            }
            Expr::InQuery(l, _, q) | Expr::QuantifiedQuery(l, _, _, q) => {
                self.expr(l, scope)?;
                self.query(q, scope)?;
                boolean(true)
            }
            Expr::Between(x, _, low, high) => {
                let mut nullable = false;
                for part in [x, low, high] {
                    nullable |= self.expr(part, scope)?.1;
                }
                boolean(nullable)
            }
            Expr::Like(x, _, _, pattern, escape) => {
                let mut nullable = self.expr(x, scope)?.1 | self.expr(pattern, scope)?.1;
                if let Some(escape) = escape {
                    nullable |= self.expr(escape, scope)?.1;
                }
                boolean(nullable)
            }
            Expr::Cast(inner, ty) => {
                let nullable = self.expr(inner, scope)?.1;
                self.catalog.resolve_data_type(self.names, ty)?;
                (ty.clone(), nullable)
            }
            Expr::Call(call) => self.call(call, scope)?,
            Expr::Builtin(name, args) => {
                let mut types = Vec::new();
                for arg in args {
                    types.push(self.expr(arg, scope)?);
                }
                let first = types.first().map_or_else(|| self.system("text"), |t| t.0.clone());
                let nullable = match *name {
                    "NULLIF" => true,
                    _ => types.iter().all(|t| t.1),
                };
                (first, nullable)
            }
            Expr::Case(operand, arms, other) => {
                if let Some(operand) = operand {
                    self.expr(operand, scope)?;
                }
                let mut nullable = other.is_none();
                let mut ty = None;
                for (when, then) in arms {
                    self.expr(when, scope)?;
                    let then = self.expr(then, scope)?;
                    nullable |= then.1;
                    ty.get_or_insert(then.0);
                }
                if let Some(other) = other {
                    nullable |= self.expr(other, scope)?.1;
                }
                (ty.unwrap_or_else(|| self.system("text")), nullable)
            }
            Expr::Nested(inner) => self.expr(inner, scope)?,
            Expr::Row(items) => {
                for item in items {
                    self.expr(item, scope)?;
                }
                (self.system("record"), false)
            }
            Expr::Sequence(kind, items) => {
                let mut element = None;
                for item in items {
                    element.get_or_insert(self.expr(item, scope)?.0);
                }
                let element = Box::new(element.unwrap_or_else(|| self.system("text")));
                (if *kind == "ARRAY" { DataType::Array(element) } else { DataType::List(element) }, false)
            }
            Expr::SequenceQuery(kind, q) => {
                let relation = self.query(q, scope)?;
                let element = Box::new(relation.columns.first().map_or_else(|| self.system("text"), |c| c.ty.clone()));
                (if *kind == "ARRAY" { DataType::Array(element) } else { DataType::List(element) }, false)
            }
            Expr::Map(entries) => {
                let mut value = None;
                for (k, v) in entries {
                    self.expr(k, scope)?;
                    value.get_or_insert(self.expr(v, scope)?.0);
                }
                let value = value.unwrap_or_else(|| self.system("text"));
                (DataType::Map(Box::new(self.system("text")), Box::new(value)), false)
            }
            Expr::Exists(q) => {
                self.query(q, scope)?;
                boolean(false)
            }
            Expr::Subquery(q) => {
                let relation = self.query(q, scope)?;
                match relation.columns.as_slice() {
                    [only] => (only.ty.clone(), true),
                    many => {
                        return Err(plan(format!("Expected subselect to return 1 column, got {} columns", many.len())));
                    }
                }
            }
            Expr::Quantified(l, _, _, r) => {
                let nullable = self.expr(l, scope)?.1 | self.expr(r, scope)?.1;
                boolean(nullable)
            }
            Expr::Subscript(inner, start, end, slice) => {
                let (ty, _) = self.expr(inner, scope)?;
                for bound in start.iter_mut().chain(end) {
                    self.expr(bound, scope)?;
                }
                match ty {
                    DataType::List(e) | DataType::Array(e) | DataType::Map(_, e) if !*slice => (*e, true),
                    ty => (ty, true),
                }
            }
            Expr::Field(inner, _) => {
                self.expr(inner, scope)?;
                (self.system("text"), true)
            }
        })
    }

    fn column(&self, parts: &[String], scope: &Scope) -> Result<(DataType, bool), SqlError> {
        let Some((name, table)) = parts.split_last() else { return Err(plan("empty column name")) };
        for level in &scope.levels {
            let mut found =
                level.iter().filter(|c| c.column.name == *name && (table.is_empty() || matches(&c.table, table)));
            if let Some(first) = found.next() {
                if found.next().is_some() {
                    return Err(plan(format!("column reference \"{name}\" is ambiguous")));
                }
                return Ok((first.column.ty.clone(), first.column.nullable));
            }
        }
        let mut whole = scope.levels.iter().flatten().filter(|c| c.whole && table.is_empty());
        if let Some(only) = whole.find(|c| matches(&c.table, std::slice::from_ref(name))) {
            return Ok((only.column.ty.clone(), only.column.nullable));
        }
        if !table.is_empty() && !scope.levels.iter().flatten().any(|c| matches(&c.table, table)) {
            let shown = table.last().map_or(String::new(), |table| format!("{table}."));
            return Err(plan(format!("column \"{shown}{name}\" does not exist")));
        }
        let there = scope.levels.iter().flatten().filter(|c| table.is_empty() || matches(&c.table, table));
        Err(unknown_column(table.last().map(String::as_str), name, there.map(|c| c.column.name.as_str())))
    }

    fn call(&self, call: &mut Call, scope: &Scope) -> Result<(DataType, bool), SqlError> {
        let (mut types, mut nullable) = (Vec::new(), false);
        for arg in call.args.iter_mut().flatten() {
            let (ty, n) = self.expr(arg, scope)?;
            types.push(ty);
            nullable |= n;
        }
        for order in &mut call.order_by {
            self.expr(&mut order.expr, scope)?;
        }
        if let Some(Over { partition, order, .. }) = &mut call.over {
            for e in partition {
                self.expr(e, scope)?;
            }
            for o in order {
                self.expr(&mut o.expr, scope)?;
            }
        }
        if let Some(filter) = &mut call.filter {
            self.expr(filter, scope)?;
        }
        let name = call.name.parts.last().cloned().unwrap_or_default();
        let Some(function) = functions::find(&name) else {
            return Err(plan(format!("function \"{}\" does not exist", call.name.parts.join("."))));
        };
        if call.name.parts.len() == 1 {
            call.name.parts.insert(0, function.schema.to_owned());
        }
        Ok(functions::returns(self.catalog, function, &types, nullable))
    }
}

/// `a.b.c` may be called `c`, `b.c` or `a.b.c`.
fn matches(table: &[String], called: &[String]) -> bool {
    table.ends_with(called)
}

fn rename(relation: &mut Relation, names: &[String], table: &str) -> Result<(), SqlError> {
    if names.len() > relation.columns.len() {
        return Err(plan(format!(
            "{table} has {} columns available but {} columns specified",
            relation.columns.len(),
            names.len()
        )));
    }
    for (column, name) in relation.columns.iter_mut().zip(names) {
        column.name = name.clone();
    }
    Ok(())
}

/// The name of a column that has no alias.
fn output_name(e: &Expr) -> String {
    match e {
        Expr::Column(parts) => parts.last().cloned(),
        Expr::Call(call) => call.name.parts.last().cloned(),
        Expr::Builtin(name, _) => Some(name.to_lowercase()),
        Expr::Cast(inner, ty) => match output_name(inner) {
            name if name != "?column?" => Some(name),
            _ => match ty {
                DataType::Named(name, _) => name.parts.last().cloned(),
                _ => None,
            },
        },
        Expr::Case(_, _, Some(other)) => match output_name(other) {
            name if name != "?column?" => Some(name),
            _ => Some("case".into()),
        },
        Expr::Case(..) => Some("case".into()),
        Expr::Nested(inner) | Expr::Subscript(inner, ..) => Some(output_name(inner)),
        Expr::Field(_, name) => Some(name.clone()),
        Expr::Exists(_) => Some("exists".into()),
        Expr::Sequence(kind, _) => Some(kind.to_lowercase()),
        Expr::Row(_) => Some("row".into()),
        Expr::Interval(..) => Some("interval".into()),
        _ => None,
    }
    .unwrap_or_else(|| "?column?".into())
}
