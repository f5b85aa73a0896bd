//! Walks a query's tree and changes it on the way.

use super::expr::{Expr, OrderBy};
use super::query::{Body, Factor, Query, Select, TableWithJoins};

/// What is done with what a walk meets. Parts come after the whole.
pub trait Visitor {
    fn expr(&mut self, _: &mut Expr) {}
    fn factor(&mut self, _: &mut Factor) {}
}

pub fn query(q: &mut Query, v: &mut dyn Visitor) {
    q.ctes.iter_mut().for_each(|cte| query(&mut cte.query, v));
    body(&mut q.body, v);
    orders(&mut q.order_by, v);
    q.limit.iter_mut().chain(&mut q.offset).for_each(|e| expr(e, v));
}

fn body(b: &mut Body, v: &mut dyn Visitor) {
    match b {
        Body::Select(s) => select(s, v),
        Body::Values(rows) => rows.iter_mut().flatten().for_each(|e| expr(e, v)),
        Body::Nested(q) => query(q, v),
        Body::Set(left, _, _, right) => {
            body(left, v);
            body(right, v);
        }
        Body::Table(_) | Body::Show => {}
    }
}

fn select(s: &mut Select, v: &mut dyn Visitor) {
    s.distinct.iter_mut().flatten().for_each(|e| expr(e, v));
    s.items.iter_mut().for_each(|(e, _)| expr(e, v));
    s.from.iter_mut().for_each(|t| table(t, v));
    s.filter.iter_mut().chain(&mut s.group_by).chain(&mut s.having).chain(&mut s.qualify).for_each(|e| expr(e, v));
}

fn table(t: &mut TableWithJoins, v: &mut dyn Visitor) {
    factor(&mut t.table, v);
    for join in &mut t.joins {
        factor(&mut join.table, v);
        join.on.iter_mut().for_each(|e| expr(e, v));
    }
}

fn factor(f: &mut Factor, v: &mut dyn Visitor) {
    v.factor(f);
    match f {
        Factor::Table(..) => {}
        Factor::Derived(_, q, _) => query(q, v),
        Factor::Function(_, e, ..) => expr(e, v),
        Factor::Joined(t, _) => table(t, v),
    }
}

fn orders(list: &mut [OrderBy], v: &mut dyn Visitor) {
    list.iter_mut().for_each(|order| expr(&mut order.expr, v));
}

pub fn expr(e: &mut Expr, v: &mut dyn Visitor) {
    v.expr(e);
    match e {
        Expr::Unary(_, a) | Expr::Is(a, ..) | Expr::Cast(a, _) | Expr::Nested(a) | Expr::Field(a, _) => expr(a, v),
        Expr::Binary(a, _, b) | Expr::IsDistinct(a, _, b) | Expr::Quantified(a, _, _, b) => {
            expr(a, v);
            expr(b, v);
        }
        Expr::Between(a, _, b, c) => [a, b, c].into_iter().for_each(|e| expr(e, v)),
        Expr::Like(a, _, _, b, c) => [a, b].into_iter().chain(c).for_each(|e| expr(e, v)),
        Expr::In(a, _, list) => std::iter::once(&mut **a).chain(list).for_each(|e| expr(e, v)),
        Expr::InQuery(a, _, q) | Expr::QuantifiedQuery(a, _, _, q) => {
            expr(a, v);
            query(q, v);
        }
        Expr::Builtin(_, list) | Expr::Row(list) | Expr::Sequence(_, list) => list.iter_mut().for_each(|e| expr(e, v)),
        Expr::SequenceQuery(_, q) | Expr::Exists(q) | Expr::Subquery(q) => query(q, v),
        Expr::Map(entries) => entries.iter_mut().flat_map(|(key, value)| [key, value]).for_each(|e| expr(e, v)),
        Expr::Subscript(a, from, to, _) => std::iter::once(a).chain(from).chain(to).for_each(|e| expr(e, v)),
        Expr::Case(subject, arms, otherwise) => {
            subject.iter_mut().chain(otherwise).for_each(|e| expr(e, v));
            arms.iter_mut().flat_map(|(when, then)| [when, then]).for_each(|e| expr(e, v));
        }
        Expr::Call(call) => {
            call.args.iter_mut().flatten().chain(&mut call.filter).for_each(|e| expr(e, v));
            orders(&mut call.order_by, v);
            if let Some(over) = &mut call.over {
                over.partition.iter_mut().for_each(|e| expr(e, v));
                orders(&mut over.order, v);
            }
        }
        _ => {}
    }
}
