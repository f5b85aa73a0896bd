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
        text(&self.nodes, true)
    }

    /// The secrets in the order in which they are printed, for masking what the server says about the statement.
    pub fn secrets(&self) -> Vec<&str> {
        fn collect<'a>(nodes: &'a [Node], secrets: &mut Vec<&'a str>) {
            for node in nodes {
                match node {
                    Node::Secret(text) => secrets.push(text),
                    Node::Group(items) | Node::Square(items) => items.iter().for_each(|item| collect(item, secrets)),
                    _ => {}
                }
            }
        }
        let mut secrets = Vec::new();
        collect(&self.nodes, &mut secrets);
        secrets
    }
}

fn text(nodes: &[Node], secrets: bool) -> String {
    let mut out = String::new();
    print(nodes, secrets, false, &mut out);
    out
}

/// `in_type`: inside `map[text=>int4]`, whose arrow has no blanks around it.
fn print(nodes: &[Node], secrets: bool, in_type: bool, out: &mut String) {
    for (i, node) in nodes.iter().enumerate() {
        let left = i.checked_sub(1).map(|i| &nodes[i]);
        if left.is_some_and(|left| !tight(left, node, in_type)) {
            out.push(' ');
        }
        match node {
            Node::Word(text) | Node::Number(text) | Node::Symbol(text) => out.push_str(text),
            Node::Sql(text) => {
                out.push_str(text);
                // A comment at the user's end must not swallow what follows.
                if text.lines().last().is_some_and(|line| line.contains("--")) {
                    out.push('\n');
                }
            }
            Node::Name(name) => write!(out, "{name}").unwrap_or_default(),
            Node::Text(text) => out.push_str(&quote_text(text)),
            Node::Secret(text) if secrets => out.push_str(&quote_text(text)),
            Node::Secret(_) => out.push_str("'<REDACTED>'"),
            Node::Group(items) => list('(', items, ')', secrets, false, out),
            Node::Square(items) => {
                let in_type = matches!(left, Some(Node::Word(word)) if word == "map");
                list('[', items, ']', secrets, in_type, out);
            }
        }
    }
}

fn list(open: char, items: &[Vec<Node>], close: char, secrets: bool, in_type: bool, out: &mut String) {
    out.push(open);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        print(item, secrets, in_type, out);
    }
    out.push(close);
}

/// Whether no blank stands between two nodes, as Materialize prints them.
fn tight(left: &Node, right: &Node, in_type: bool) -> bool {
    match (left, right) {
        (_, Node::Symbol(symbol)) if symbol == "," => true,
        (Node::Symbol(symbol), _) | (_, Node::Symbol(symbol)) if symbol == "::" || symbol == "." => true,
        (Node::Symbol(arrow), other) | (other, Node::Symbol(arrow)) if in_type && arrow == "=>" => {
            !matches!(other, Node::Symbol(_))
        }
        // `MAP['k' => 'v']`, `map[text=>int4]`.
        (Node::Word(word), Node::Square(_)) => ["map", "list", "array"].iter().any(|w| word.eq_ignore_ascii_case(w)),
        // `"pg_catalog"."int4"[]`, `"a"[1]`.
        (Node::Name(_) | Node::Group(_) | Node::Square(_), Node::Square(_)) => true,
        // `"pg_catalog"."now"()`, `[s32 AS "pg_catalog"."numeric"](10, 2)`.
        (Node::Name(name), Node::Group(_)) => name.is_system(),
        _ => false,
    }
}

/// Redacted: a secret is shown as `'<REDACTED>'`.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(&self.nodes, false))
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
        f.write_str(&text(std::slice::from_ref(self), false))
    }
}
