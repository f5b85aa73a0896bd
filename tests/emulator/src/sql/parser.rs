//! The parser's hand tools: look at a token, take one, complain about one.

use super::error::syntax;
use super::lexer::{Spanned, Token, position, tokens};
use crate::command::Command;
use crate::datum::SqlError;
use std::ops::Range;
use std::sync::Arc;

pub type Parsed<T> = Result<T, SqlError>;

/// Bounds the depth of a statement's tree, and with it the stack that walking it takes.
const MAX_OPERATORS: usize = 16_384;
/// The same for a statement that is kept, and walked again on whatever stack a reader has.
const MAX_KEPT_OPERATORS: usize = 400;

/// A cursor over the tokens of a text.
pub struct Parser<'a> {
    pub text: &'a str,
    tokens: Vec<Spanned>,
    at: usize,
    /// The highest `$n` taken so far.
    pub parameters: usize,
    /// Depth of nested expressions and queries; the server's limit is 128.
    pub depth: usize,
    /// Whether it reads what only newer servers know.
    pub newer: bool,
    /// Infix operators in the statement so far: a row of them is a tree as deep as it is long.
    operators: usize,
    /// Commands that stand for queries inside the statement (SHOW, TABLE), with the bytes that they take, in order.
    pub shows: Vec<(Range<usize>, Arc<dyn Command>)>,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str) -> Parsed<Self> {
        let tokens = tokens(text)?;
        Ok(Self { text, tokens, at: 0, parameters: 0, depth: 0, newer: false, operators: 0, shows: Vec::new() })
    }

    pub fn peek(&self) -> Option<&Token> {
        self.peek_at(0)
    }
    pub fn peek_at(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|s| &s.token)
    }
    /// Takes the next token.
    pub fn bump(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        if let Some(token) = &token {
            self.at += 1;
            if let Token::Parameter(n) = token {
                self.parameters = self.parameters.max(*n);
            }
        }
        token
    }
    /// How many tokens there are in all.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
    pub fn at_end(&self) -> bool {
        self.peek().is_none_or(|t| t.is_op(";"))
    }
    /// Where the cursor stands, to come back to.
    pub fn mark(&self) -> usize {
        self.at
    }
    pub fn back_to(&mut self, mark: usize) {
        self.at = mark;
    }
    /// The byte at which the next token starts.
    pub fn offset(&self) -> usize {
        self.tokens.get(self.at).map_or(self.text.len(), |s| s.start)
    }
    /// The byte after the last token taken.
    pub fn end_offset(&self) -> usize {
        self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(0, |s| s.end)
    }

    /// `Expected …, found …` at the next token.
    pub fn expected<T>(&self, what: &str) -> Parsed<T> {
        let found = self.peek().map_or("EOF".to_owned(), |t| t.to_string());
        Err(self.error(&format!("Expected {what}, found {found}")))
    }
    /// A syntax error at the next token.
    pub fn error(&self, message: &str) -> SqlError {
        syntax(message, position(self.text, self.offset()))
    }

    pub fn op(&mut self, op: &str) -> bool {
        let found = self.peek().is_some_and(|t| t.is_op(op));
        self.at += usize::from(found);
        found
    }
    pub fn expect_op(&mut self, op: &str) -> Parsed<()> {
        if self.op(op) { Ok(()) } else { self.expected(&Token::Op(op.into()).to_string()) }
    }

    pub fn is_kw(&self, word: &str) -> bool {
        self.peek().is_some_and(|t| t.is_word(word))
    }
    /// Takes a keyword if it comes next.
    pub fn kw(&mut self, word: &str) -> bool {
        let found = self.is_kw(word);
        self.at += usize::from(found);
        found
    }
    /// Do these keywords come next?
    pub fn are_kws(&self, words: &str) -> bool {
        words.split(' ').enumerate().all(|(i, w)| self.peek_at(i).is_some_and(|t| t.is_word(w)))
    }
    /// Takes keywords, all or none.
    pub fn kws(&mut self, words: &str) -> bool {
        let found = self.are_kws(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }
    pub fn expect_kw(&mut self, words: &str) -> Parsed<()> {
        words.split(' ').try_for_each(|w| if self.kw(w) { Ok(()) } else { self.expected(w) })
    }
    /// Takes one of several keywords, else complains with the whole list.
    pub fn expect_one_of(&mut self, words: &[&'static str]) -> Parsed<&'static str> {
        match words.iter().find(|w| self.kw(w)) {
            Some(word) => Ok(word),
            None if words.len() == 1 => self.expected(words[0]),
            None => self.expected(&format!("one of {}", words.join(" or "))),
        }
    }

    /// Takes the longest of several multi-word names, word by word, as the grammar of options has it.
    pub fn option_name(&mut self, names: &[&'static str]) -> Parsed<&'static str> {
        let split: Vec<(Vec<&'static str>, &'static str)> =
            names.iter().map(|n| (n.split(' ').collect(), *n)).collect();
        let mut left: Vec<&(Vec<&'static str>, &'static str)> = split.iter().collect();
        for depth in 0.. {
            let done = left.iter().find(|(words, _)| words.len() == depth).map(|(_, name)| *name);
            let mut next: Vec<&'static str> = Vec::new();
            for (words, _) in &left {
                if let Some(word) = words.get(depth)
                    && !next.contains(word)
                {
                    next.push(word);
                }
            }
            let Some(word) = next.iter().find(|w| self.is_kw(w)) else {
                return match done {
                    Some(name) => Ok(name),
                    None => self.expect_one_of(&next),
                };
            };
            self.at += 1;
            left.retain(|(words, _)| words.get(depth) == Some(word));
        }
        self.expected("option name")
    }

    /// Any identifier, quoted or not.
    pub fn ident(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(Token::Word(w) | Token::Quoted(w)) => {
                let name = w.clone();
                self.at += 1;
                Ok(name)
            }
            _ => self.expected("identifier"),
        }
    }
    /// `a`, `a.b` or `a.b.c`.
    pub fn name(&mut self) -> Parsed<Vec<String>> {
        let mut parts = vec![self.ident()?];
        while self.op(".") {
            parts.push(self.ident()?);
        }
        Ok(parts)
    }
    pub fn string(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(Token::Str(s)) => {
                let s = s.clone();
                self.at += 1;
                Ok(s)
            }
            _ => self.expected("literal string"),
        }
    }
    pub fn number(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(Token::Number(n)) => {
                let n = n.clone();
                self.at += 1;
                Ok(n)
            }
            _ => self.expected("literal unsigned integer"),
        }
    }

    /// One or more, separated by commas.
    pub fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut out = vec![one(self)?];
        while self.op(",") {
            out.push(one(self)?);
        }
        Ok(out)
    }
    /// `( … )`, possibly empty, separated by commas.
    pub fn paren_list<T>(&mut self, one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.expect_op("(")?;
        if self.op(")") {
            return Ok(Vec::new());
        }
        let out = self.list(one)?;
        self.expect_op(")")?;
        Ok(out)
    }
    pub fn if_exists(&mut self) -> Parsed<bool> {
        if !self.kw("IF") {
            return Ok(false);
        }
        self.expect_kw("EXISTS").map(|()| true)
    }
    pub fn if_not_exists(&mut self) -> Parsed<bool> {
        if !self.kw("IF") {
            return Ok(false);
        }
        self.expect_kw("NOT EXISTS").map(|()| true)
    }
    /// CASCADE (true) or RESTRICT, or neither.
    pub fn drop_behaviour(&mut self) -> Parsed<Option<bool>> {
        const WORDS: [&str; 2] = ["CASCADE", "RESTRICT"];
        let Some(first) = WORDS.into_iter().find(|w| self.kw(w)) else { return Ok(None) };
        match WORDS.into_iter().find(|w| *w != first && self.is_kw(w)) {
            Some(second) => Err(self.error(&format!("Cannot specify both {first} and {second} in DROP"))),
            None => Ok(Some(first == "CASCADE")),
        }
    }

    /// A new statement begins.
    pub fn start(&mut self) {
        (self.parameters, self.operators) = (0, 0);
    }
    /// Counts what makes a tree deeper without nesting.
    pub fn deeper(&mut self) -> Parsed<()> {
        self.operators += 1;
        self.at_most(MAX_OPERATORS)
    }
    fn at_most(&self, limit: usize) -> Parsed<()> {
        if self.operators > limit {
            return Err(self.error(&format!("the emulator takes at most {limit} operators in one such statement")));
        }
        Ok(())
    }
    /// Checks a statement that will be kept.
    pub fn check_kept(&self) -> Parsed<()> {
        self.at_most(MAX_KEPT_OPERATORS)
    }

    /// Runs `parse` one level deeper; too deep a nesting is an error, not an exhausted stack.
    pub fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= 128 {
            return Err(self.error("statement exceeds nested expression limit of 128"));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }
}
