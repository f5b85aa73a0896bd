//! Reading a parsed statement.

use super::{Name, Node, Statement};

/// Whether nodes start with these keywords.
pub fn starts_with(nodes: &[Node], words: &str) -> bool {
    let mut nodes = nodes.iter();
    words.split_whitespace().all(|word| matches!(nodes.next(), Some(Node::Word(found)) if found.eq_ignore_ascii_case(word)))
}

impl Statement {
    /// The nodes behind a run of keywords; empty if the run is not there.
    pub fn after(&self, words: &str) -> &[Node] {
        let count = words.split_whitespace().count();
        (0..self.nodes.len()).find(|at| starts_with(&self.nodes[*at..], words)).map_or(&[], |at| &self.nodes[at + count..])
    }

    /// The group right behind a run of keywords.
    pub fn group_after(&self, words: &str) -> Option<&[Vec<Node>]> {
        match self.after(words).first() {
            Some(Node::Group(items)) => Some(items),
            _ => None,
        }
    }

    /// The bare word right behind a run of keywords.
    pub fn word_after(&self, words: &str) -> Option<&str> {
        match self.after(words).first() {
            Some(Node::Word(word)) => Some(word),
            _ => None,
        }
    }
}

/// The options of a group: their words and the nodes of their values.
pub fn options(group: &[Vec<Node>]) -> Vec<(String, &[Node])> {
    let split = |item: &'_ Vec<Node>| item.iter().position(|node| !matches!(node, Node::Word(_))).unwrap_or(item.len());
    group
        .iter()
        .map(|item| {
            let mut at = split(item);
            // `SASL PASSWORD = SECRET x`: the words before the sign are the name.
            let sign = item.iter().position(|node| *node == Node::Symbol("=".into()));
            let end = sign.unwrap_or(at);
            at = sign.map_or(at, |sign| sign + 1);
            let words: Vec<&str> = item[..end]
                .iter()
                .map(|node| match node {
                    Node::Word(word) => word.as_str(),
                    _ => "",
                })
                .collect();
            (words.join(" "), &item[at..])
        })
        .collect()
}

/// The value of one option.
pub fn option<'a>(group: &'a [Vec<Node>], words: &str) -> Option<&'a [Node]> {
    options(group).into_iter().find(|(found, _)| found == words).map(|(_, nodes)| nodes)
}

/// A text literal, or a word or name of one part standing for it.
pub fn as_text(nodes: &[Node]) -> Option<&str> {
    match nodes {
        [Node::Text(text) | Node::Secret(text) | Node::Word(text)] => Some(text),
        [Node::Name(name)] if name.parts.len() == 1 => Some(name.last()),
        _ => None,
    }
}

pub fn as_number(nodes: &[Node]) -> Option<&str> {
    match nodes {
        [Node::Number(number)] => Some(number),
        _ => None,
    }
}

pub fn as_bool(nodes: &[Node]) -> Option<bool> {
    match nodes {
        [Node::Word(word)] if word.eq_ignore_ascii_case("true") => Some(true),
        [Node::Word(word)] if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

pub fn as_name(nodes: &[Node]) -> Option<&Name> {
    match nodes {
        [Node::Name(name)] => Some(name),
        _ => None,
    }
}

pub fn as_secret(nodes: &[Node]) -> Option<&Name> {
    match nodes {
        [Node::Word(word), Node::Name(name)] if word == "SECRET" => Some(name),
        _ => None,
    }
}

pub fn as_texts(nodes: &[Node]) -> Option<Vec<&str>> {
    match nodes {
        [Node::Group(items) | Node::Square(items)] => items.iter().map(|item| as_text(item)).collect(),
        _ => None,
    }
}
