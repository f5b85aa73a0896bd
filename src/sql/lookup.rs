//! Reading a parsed statement: what stands behind which keywords. Total: what is not there is `None` or empty.
//! Keywords are found in any case.

use super::{Name, Node, Statement};

/// Whether nodes start with these keywords.
pub fn starts_with(nodes: &[Node], words: &str) -> bool {
    let mut nodes = nodes.iter();
    words.split_whitespace().all(|word| nodes.next().is_some_and(|node| is_word(node, word)))
}

/// The nodes behind a run of keywords, at the same depth; `None` if the run is not there.
pub fn find<'a>(nodes: &'a [Node], words: &str) -> Option<&'a [Node]> {
    let at = (0..nodes.len()).find(|at| starts_with(&nodes[*at..], words))?;
    Some(&nodes[at + words.split_whitespace().count()..])
}

fn is_word(node: &Node, word: &str) -> bool {
    matches!(node, Node::Word(found) if found.eq_ignore_ascii_case(word))
}

impl Statement {
    /// The nodes behind a run of keywords outside of brackets: `after("IN CLUSTER")`; empty if the run is not there.
    pub fn after(&self, words: &str) -> &[Node] {
        find(&self.nodes, words).unwrap_or_default()
    }

    /// Whether a run of keywords is there, outside of brackets.
    pub fn has(&self, words: &str) -> bool {
        find(&self.nodes, words).is_some()
    }

    /// The items of the group right behind a run of keywords. A name may stand between them:
    /// `POSTGRES CONNECTION "d"."s"."c" (…)`.
    pub fn group_after(&self, words: &str) -> Option<&[Vec<Node>]> {
        (0..self.nodes.len()).find_map(|at| match find(&self.nodes[at..], words)? {
            [Node::Group(items), ..] | [Node::Name(_), Node::Group(items), ..] => Some(items.as_slice()),
            _ => None,
        })
    }

    /// The bare word right behind a run of keywords.
    pub fn word_after(&self, words: &str) -> Option<&str> {
        match self.after(words).first() {
            Some(Node::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// The name right behind a run of keywords: `name_after("EXPOSE PROGRESS AS")`.
    pub fn name_after(&self, words: &str) -> Option<&Name> {
        as_name(first(self.after(words)))
    }

    /// The name of the object that the statement is about: the first there is.
    pub fn object_name(&self) -> Option<&Name> {
        self.nodes.iter().find_map(|node| as_name(std::slice::from_ref(node)))
    }

    /// The items of the first group outside of brackets; none if there is no group.
    pub fn first_group(&self) -> &[Vec<Node>] {
        let at = self.nodes.iter().position(|node| matches!(node, Node::Group(_)));
        as_group(&self.nodes[at.unwrap_or(self.nodes.len())..])
    }

    /// The query of a view, as it is in the text and without the `AS OF` that the server adds.
    pub fn query(&self) -> Option<&str> {
        self.nodes.iter().find_map(|node| match node {
            Node::Sql(query) => Some(query.as_str()),
            _ => None,
        })
    }
}

/// The options of a group: the words of each in upper case, and the nodes of its value. The sign is optional, as in
/// `PORT 9001`, and a number may be in the name, as in `PUBLIC KEY 1 = '…'`. An option that names an object before
/// its sign has all of that as its value: `DOC ON TYPE "t" = 'doc'` is `("DOC ON TYPE", "t" = 'doc')`.
pub fn options(group: &[Vec<Node>]) -> Vec<(String, &[Node])> {
    group.iter().map(|item| split(item)).collect()
}

fn split(item: &[Node]) -> (String, &[Node]) {
    let sign = item.iter().position(|node| matches!(node, Node::Symbol(symbol) if symbol == "="));
    let in_name = |node: &&Node| matches!(node, Node::Word(_)) || (sign.is_some() && matches!(node, Node::Number(_)));
    let count = item[..sign.unwrap_or(item.len())].iter().take_while(in_name).count();
    let words: Vec<String> = item[..count]
        .iter()
        .map(|node| match node {
            Node::Word(word) | Node::Number(word) => word.to_ascii_uppercase(),
            _ => String::new(),
        })
        .collect();
    (words.join(" "), &item[count + usize::from(sign == Some(count))..])
}

/// The value of one option of a group: `option(group, "TICK INTERVAL")`. Empty: the option stands without a value.
pub fn option<'a>(group: &'a [Vec<Node>], words: &str) -> Option<&'a [Node]> {
    group.iter().map(|item| split(item)).find(|(found, _)| found.eq_ignore_ascii_case(words)).map(|(_, nodes)| nodes)
}

/// The first node, alone.
pub fn first(nodes: &[Node]) -> &[Node] {
    nodes.get(..1).unwrap_or_default()
}

/// The items of the group that the nodes begin with; none if they begin with something else.
pub fn as_group(nodes: &[Node]) -> &[Vec<Node>] {
    match nodes {
        [Node::Group(items), ..] => items,
        _ => &[],
    }
}

/// A text literal, or a word or name of one part, which the server prints for some: `SECURITY PROTOCOL = "plaintext"`.
pub fn as_text(nodes: &[Node]) -> Option<&str> {
    match nodes {
        [Node::Text(text) | Node::Secret(text) | Node::Word(text)] => Some(text),
        [Node::Name(name)] if name.parts.len() == 1 => Some(name.last()),
        _ => None,
    }
}

/// A number, as it is written.
pub fn as_number(nodes: &[Node]) -> Option<&str> {
    match nodes {
        [Node::Number(number)] => Some(number),
        _ => None,
    }
}

/// `true` or `false`. An option that stands without a value is true.
pub fn as_bool(nodes: &[Node]) -> Option<bool> {
    match nodes {
        [] => Some(true),
        [node] if is_word(node, "true") => Some(true),
        [node] if is_word(node, "false") => Some(false),
        _ => None,
    }
}

/// A name, and nothing else.
pub fn as_name(nodes: &[Node]) -> Option<&Name> {
    match nodes {
        [Node::Name(name)] => Some(name),
        _ => None,
    }
}

/// The name in `SECRET name`.
pub fn as_secret(nodes: &[Node]) -> Option<&Name> {
    match nodes {
        [word, Node::Name(name)] if is_word(word, "SECRET") => Some(name),
        _ => None,
    }
}

/// The texts of `('a', 'b')`, `['a', 'b']` or `ARRAY['a', 'b']`; names of one part count as texts.
pub fn as_texts(nodes: &[Node]) -> Option<Vec<&str>> {
    match nodes {
        [Node::Group(items) | Node::Square(items)] => items.iter().map(|item| as_text(item)).collect(),
        [word, square @ Node::Square(_)] if is_word(word, "ARRAY") => as_texts(std::slice::from_ref(square)),
        _ => None,
    }
}

/// The texts of `MAP['k' => 'v']`.
pub fn as_text_map(nodes: &[Node]) -> Option<Vec<(&str, &str)>> {
    match nodes {
        [word, Node::Square(items)] if is_word(word, "MAP") => items.iter().map(|item| entry(item)).collect(),
        _ => None,
    }
}

fn entry(item: &[Node]) -> Option<(&str, &str)> {
    match item {
        [Node::Text(key), Node::Symbol(arrow), Node::Text(value)] if arrow == "=>" => Some((key, value)),
        _ => None,
    }
}
