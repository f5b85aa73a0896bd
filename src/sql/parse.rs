//! Parsing of `create_sql`, the text in which Materialize keeps its objects.
//!
//! The grammar is the shape of the text, not the meaning of the words: names, literals, lists in brackets, and words.
//! What users wrote stays as it is, as [`Node::Sql`]: the query of a view, and the condition of a webhook's `CHECK`.

use super::lex::{Shape, Token, tokens};
use super::{Name, Node, Statement};

/// Why a text could not be parsed, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at byte {at}")]
pub struct ParseError {
    pub message: &'static str,
    pub at: usize,
}

/// Brackets in brackets, at most; printing and dropping a tree recurse as deep.
const MAX_DEPTH: usize = 100;

/// Parses one statement, as the server prints it. A `;` may end it.
pub fn parse(text: &str) -> Result<Statement, ParseError> {
    parse_with(text, true)
}

/// The same; `joined`: a minus right before a number, where no operand stands, is one with it (`DEFAULT -1`).
pub(super) fn parse_with(text: &str, joined: bool) -> Result<Statement, ParseError> {
    let tokens = tokens(text);
    if let Some(token) = tokens.iter().find(|token| token.shape == Shape::Broken) {
        return Err(ParseError { message: "a quote or comment is not closed", at: token.at });
    }
    let mut parser = Parser { text, tokens: without_end(&tokens), joined, next: 0, depth: 0 };
    let nodes = parser.run(true)?;
    Ok(Statement { nodes })
}

/// A piece of a text: a name, with the id if the server printed one, or any other token.
pub(super) struct Piece<'a> {
    pub name: Option<Name>,
    pub text: &'a str,
    /// Where it starts, in bytes.
    pub at: usize,
}

/// The pieces of a query as the server prints it, without a `;` or an `AS OF` at its end.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let tokens = tokens(text);
    let (query, _) = split_as_of(without_end(&tokens));
    let mut parser = Parser { text, tokens: query, joined: true, next: 0, depth: 0 };
    let mut pieces = Vec::new();
    while let Some(token) = parser.peek(0) {
        let name = match token.shape {
            Shape::Open if token.text == "[" => parser.reference(),
            Shape::Quoted => Some(Name::new(parser.parts())),
            _ => None,
        };
        if name.is_none() {
            parser.next += 1;
        }
        let end = query[parser.next - 1].end();
        pieces.push(Piece { name, text: &text[token.at..end], at: token.at });
    }
    pieces
}

/// What the server adds to the query of a materialized view: `AS OF 1795396625425`.
fn split_as_of<'t, 'a>(tokens: &'t [Token<'a>]) -> (&'t [Token<'a>], &'t [Token<'a>]) {
    match tokens {
        [query @ .., a, of, time] if a.is_word("AS") && of.is_word("OF") && time.shape == Shape::Number => {
            (query, &tokens[query.len()..])
        }
        _ => (tokens, &[]),
    }
}

/// The tokens without a `;` at their end.
fn without_end<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    match tokens {
        [rest @ .., end] if end.is_symbol(";") => rest,
        _ => tokens,
    }
}

struct Parser<'t, 'a> {
    text: &'a str,
    tokens: &'t [Token<'a>],
    joined: bool,
    next: usize,
    depth: usize,
}

impl<'a> Parser<'_, 'a> {
    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.next + ahead).copied()
    }

    fn error<T>(&self, message: &'static str) -> Result<T, ParseError> {
        Err(ParseError { message, at: self.peek(0).map_or(self.text.len(), |token| token.at) })
    }

    /// Nodes up to the end of the text (at the top), or up to a comma or a closing bracket.
    fn run(&mut self, top: bool) -> Result<Vec<Node>, ParseError> {
        let mut nodes = Vec::new();
        while let Some(token) = self.peek(0) {
            match token.shape {
                Shape::Close if top => return self.error("a bracket closes that was not opened"),
                Shape::Symbol if token.text == ";" => return self.error("more than one statement"),
                Shape::Close => break,
                Shape::Symbol if token.text == "," && !top => break,
                _ => {}
            }
            if top && token.is_word("AS") && is_view(&nodes) {
                self.next += 1;
                nodes.push(Node::Word(token.text.to_owned()));
                self.query(&mut nodes);
                break;
            }
            let opens_check = self.peek(1).is_some_and(|token| token.is_symbol("("));
            if token.is_word("CHECK") && opens_check {
                self.next += 2;
                nodes.push(Node::Word(token.text.to_owned()));
                let check = self.check()?;
                nodes.push(check);
                continue;
            }
            let node = self.node(token, &nodes)?;
            nodes.push(node);
        }
        Ok(nodes)
    }

    fn node(&mut self, token: Token<'a>, before: &[Node]) -> Result<Node, ParseError> {
        if token.is_symbol("[")
            && let Some(name) = self.reference()
        {
            return Ok(Node::Name(name));
        }
        if matches!(token.shape, Shape::Word | Shape::Quoted) {
            let parts = self.parts();
            // One bare word may be anything; its case is the server's.
            let bare = token.shape == Shape::Word && parts.len() == 1;
            return Ok(if bare { Node::Word(token.text.to_owned()) } else { Node::Name(Name::new(parts)) });
        }
        self.next += 1;
        Ok(match token.shape {
            Shape::Open => return self.list(token),
            Shape::Text => Node::Text(token.content()),
            Shape::Prefixed if token.is_escaped() => Node::Text(token.content()),
            Shape::Number => Node::Number(token.text.to_owned()),
            Shape::Symbol => match self.peek(0) {
                Some(number)
                    if self.joined
                        && token.text == "-"
                        && number.shape == Shape::Number
                        && number.at == token.end()
                        && matches!(before.last(), None | Some(Node::Word(_) | Node::Symbol(_))) =>
                {
                    self.next += 1;
                    Node::Number(format!("-{}", number.text))
                }
                _ => Node::Symbol(token.text.to_owned()),
            },
            _ => Node::Sql(token.text.to_owned()),
        })
    }

    /// Identifiers joined by points. The first is there.
    fn parts(&mut self) -> Vec<String> {
        let is_ident = |token: &Token| matches!(token.shape, Shape::Word | Shape::Quoted);
        let mut parts = Vec::new();
        while let Some(token) = self.peek(0).filter(is_ident) {
            parts.push(token.content());
            self.next += 1;
            let point = self.peek(0).is_some_and(|token| token.is_symbol("."));
            if !(point && self.peek(1).is_some_and(|token| is_ident(&token))) {
                break;
            }
            self.next += 1;
        }
        parts
    }

    /// `[u7]` or `[u7 AS "d"."s"."n" VERSION 0]`, if that is what stands here.
    fn reference(&mut self) -> Option<Name> {
        let start = self.next;
        let name = self.try_reference();
        if name.is_none() {
            self.next = start;
        }
        name
    }

    fn try_reference(&mut self) -> Option<Name> {
        let id = self.peek(1).filter(|token| token.shape == Shape::Word && is_catalog_id(token.text))?;
        let mut name = Name { id: Some(id.text.to_owned()), ..Name::default() };
        self.next += 2;
        if self.peek(0)?.is_word("AS") {
            self.next += 1;
            name.parts = self.parts();
            if name.parts.is_empty() {
                return None;
            }
            if self.peek(0)?.is_word("VERSION") {
                name.version = Some(self.peek(1)?.text.parse().ok()?);
                self.next += 2;
            }
        }
        let closed = self.peek(0)?.is_symbol("]");
        self.next += 1;
        closed.then_some(name)
    }

    /// The list whose opening bracket was just read.
    fn list(&mut self, open: Token) -> Result<Node, ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.error("too many brackets in each other");
        }
        let close = if open.text == "(" { ")" } else { "]" };
        let mut items = Vec::new();
        loop {
            let item = self.run(false)?;
            let Some(token) = self.peek(0) else { return self.error("a bracket is not closed") };
            self.next += 1;
            let comma = token.is_symbol(",");
            if !item.is_empty() || !items.is_empty() || comma {
                items.push(item);
            }
            if token.is_symbol(close) {
                break;
            }
            if !comma {
                self.next -= 1;
                return self.error("brackets do not match");
            }
        }
        self.depth -= 1;
        Ok(if open.text == "(" { Node::Group(items) } else { Node::Square(items) })
    }

    /// The query of a view, up to the end. `AS OF 1795396625425`, which the server adds, is no part of it.
    fn query(&mut self, nodes: &mut Vec<Node>) {
        let (query, as_of) = split_as_of(&self.tokens[self.next..]);
        nodes.extend(self.verbatim(query));
        nodes.extend(as_of.iter().map(|token| match token.shape {
            Shape::Number => Node::Number(token.text.to_owned()),
            _ => Node::Word(token.text.to_owned()),
        }));
        self.next = self.tokens.len();
    }

    /// The text of these tokens, as it is; `None` if there are none.
    fn verbatim(&self, tokens: &[Token]) -> Option<Node> {
        let (first, last) = (tokens.first()?, tokens.last()?);
        Some(Node::Sql(self.text[first.at..last.end()].to_owned()))
    }

    /// `(WITH (HEADERS, BODY AS "b") condition)`, behind the first bracket: the condition is kept as it is.
    fn check(&mut self) -> Result<Node, ParseError> {
        let mut nodes = Vec::new();
        if let (Some(with), Some(open)) = (self.peek(0), self.peek(1))
            && with.is_word("WITH")
            && open.is_symbol("(")
        {
            self.next += 2;
            nodes.extend([Node::Word(with.text.to_owned()), self.list(open)?]);
        }
        let start = self.next;
        let mut depth = 0usize;
        while let Some(token) = self.peek(0) {
            match token.shape {
                Shape::Open => depth += 1,
                Shape::Close if depth == 0 => {
                    nodes.extend(self.verbatim(&self.tokens[start..self.next]));
                    self.next += 1;
                    return Ok(Node::Group(if nodes.is_empty() { Vec::new() } else { vec![nodes] }));
                }
                Shape::Close => depth -= 1,
                _ => {}
            }
            self.next += 1;
        }
        self.error("a bracket is not closed")
    }
}

/// Whether these nodes start a view, whose query follows `AS`.
fn is_view(nodes: &[Node]) -> bool {
    let mut words = nodes.iter().map_while(|node| match node {
        Node::Word(word) => Some(word.to_ascii_uppercase()),
        _ => None,
    });
    words.next().as_deref() == Some("CREATE") && words.any(|word| word == "VIEW")
}

/// `u7`, `s20`, `si3`, `t1`: one or two letters and a number.
fn is_catalog_id(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_lowercase());
    matches!(text.len() - digits.len(), 1 | 2) && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}
