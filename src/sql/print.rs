//! Printing, redacted and real.

use std::fmt::{self, Write};

use super::{Node, Statement};

/// An identifier in double quotes.
pub fn quote_ident(ident: &str) -> String {
    format!("\"{}\"", ident.replace('"', "\"\""))
}

/// A text literal. Materialize has standard-conforming strings: only the quote is special.
pub fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Statement {
    /// The statement with its secrets in it. Only the client that sends it calls this.
    pub fn expose(&self) -> String {
        let mut out = String::new();
        print(&self.nodes, true, &mut out);
        out
    }
}

fn print(nodes: &[Node], secrets: bool, out: &mut String) {
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 && !tight(&nodes[i - 1], node) {
            out.push(' ');
        }
        match node {
            Node::Word(text) | Node::Number(text) | Node::Symbol(text) | Node::Sql(text) => out.push_str(text),
            Node::Name(name) => write!(out, "{name}").unwrap_or_default(),
            Node::Text(text) => out.push_str(&quote_text(text)),
            Node::Secret(text) if secrets => out.push_str(&quote_text(text)),
            Node::Secret(_) => out.push_str("'<REDACTED>'"),
            Node::Group(items) => list('(', items, ')', secrets, out),
            Node::Square(items) => list('[', items, ']', secrets, out),
        }
    }
}

fn list(open: char, items: &[Vec<Node>], close: char, secrets: bool, out: &mut String) {
    out.push(open);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        print(item, secrets, out);
    }
    out.push(close);
}

/// Whether no blank stands between two nodes, as Materialize prints them.
fn tight(left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Symbol(symbol), _) | (_, Node::Symbol(symbol)) if symbol == "::" || symbol == "." => true,
        // `MAP['k' => 'v']`, `numeric(10, 2)`, `count(*)`.
        (Node::Word(word), Node::Square(_)) => word.eq_ignore_ascii_case("map"),
        (Node::Name(name), Node::Group(_)) => name.parts.first().is_some_and(|part| part == "pg_catalog" || part == "mz_catalog"),
        _ => false,
    }
}

/// Redacted: a secret is shown as `'<REDACTED>'`.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        print(&self.nodes, false, &mut out);
        f.write_str(&out)
    }
}

/// Redacted, like `Display`.
impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Redacted, like `Display`.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Statement { nodes: vec![self.clone()] }, f)
    }
}
