//! From text to tokens.

use super::error::syntax;
use super::keywords::is_keyword;
use crate::datum::SqlError;
use std::fmt;

#[derive(Clone, PartialEq)]
pub enum Token {
    /// An unquoted word in lower case.
    Word(String),
    /// A quoted identifier, unquoted.
    Quoted(String),
    Str(String),
    Hex(String),
    Number(String),
    Parameter(usize),
    /// An operator, or a punctuation mark.
    Op(String),
}

impl Token {
    pub fn is_op(&self, op: &str) -> bool {
        matches!(self, Token::Op(o) if o == op)
    }
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(w) if w.eq_ignore_ascii_case(word))
    }
}

/// As a syntax error names the token. A literal is named too, as the server does; it never is a secret that was meant
/// to be hidden, because only the client itself sees its own syntax errors.
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |s: &str| format!("\"{}\"", s.replace('"', "\"\""));
        match self {
            Token::Word(w) if is_keyword(w) => f.write_str(&w.to_ascii_uppercase()),
            Token::Word(w) | Token::Quoted(w) => write!(f, "identifier {}", quoted(w)),
            Token::Str(s) => write!(f, "string literal {}", quoted(s)),
            Token::Hex(s) => write!(f, "hex string literal {}", quoted(s)),
            Token::Number(n) => write!(f, "number \"{n}\""),
            Token::Parameter(n) => write!(f, "parameter \"${n}\""),
            Token::Op(op) => match op.as_str() {
                "*" => f.write_str("star"),
                "=" => f.write_str("equals sign"),
                "(" => f.write_str("left parenthesis"),
                ")" => f.write_str("right parenthesis"),
                "[" => f.write_str("left square bracket"),
                "]" => f.write_str("right square bracket"),
                "." => f.write_str("dot"),
                "," => f.write_str("comma"),
                ":" => f.write_str("colon"),
                "::" => f.write_str("double colon"),
                ";" => f.write_str("semicolon"),
                "=>" => f.write_str("arrow"),
                op => write!(f, "operator {}", quoted(op)),
            },
        }
    }
}

/// A token and where it stands: byte offset of its first character and of what follows it.
#[derive(Clone)]
pub struct Spanned {
    pub token: Token,
    pub start: usize,
    pub end: usize,
}

/// The one-based character position of a byte offset.
pub fn position(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(text.chars().count(), |head| head.chars().count()) + 1
}

/// Splits `text` into tokens; comments and white space are dropped.
pub fn tokens(text: &str) -> Result<Vec<Spanned>, SqlError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut out = Vec::new();
    while let Some(spanned) = lexer.next()? {
        out.push(spanned);
    }
    Ok(out)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

const OPERATOR: &str = "+-*/<>=~!@#%^&|`?";

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }
    fn error(&self, message: &str, at: usize) -> SqlError {
        syntax(message, position(self.text, at))
    }

    fn skip_blank(&mut self) -> Result<(), SqlError> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("--") {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                let (start, mut depth) = (self.at, 0usize);
                loop {
                    let rest = self.rest();
                    if rest.starts_with("/*") {
                        depth += 1;
                        self.at += 2;
                    } else if rest.starts_with("*/") {
                        depth -= 1;
                        self.at += 2;
                        if depth == 0 {
                            break;
                        }
                    } else if let Some(c) = rest.chars().next() {
                        self.at += c.len_utf8();
                    } else {
                        return Err(self.error("unterminated multiline comment", start));
                    }
                }
            } else {
                return Ok(());
            }
        }
    }

    fn next(&mut self) -> Result<Option<Spanned>, SqlError> {
        self.skip_blank()?;
        let start = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let token = match first {
            '\'' => Token::Str(self.string(start)?),
            '"' => {
                let name = self.quoted('"', start, "unterminated quoted identifier")?;
                if name.is_empty() {
                    return Err(self.error("zero-length delimited identifier", start));
                }
                if name.len() > 255 {
                    return Err(self.error("identifier length exceeds 255 bytes", start));
                }
                Token::Quoted(name)
            }
            'x' | 'X' if self.rest()[1..].starts_with('\'') => {
                self.at += 1;
                Token::Hex(self.quoted('\'', start, "unterminated quoted string")?)
            }
            'e' | 'E' if self.rest()[1..].starts_with('\'') => {
                self.at += 1;
                Token::Str(self.escaped(start)?)
            }
            c if c.is_ascii_alphabetic() || c == '_' || !c.is_ascii() => {
                let word = self.take(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii());
                let word = word.to_lowercase();
                if word.len() > 255 {
                    return Err(self.error("identifier length exceeds 255 bytes", start));
                }
                Token::Word(word)
            }
            c if c.is_ascii_digit() || (c == '.' && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit())) => {
                Token::Number(self.number())
            }
            '$' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.at += 1;
                let digits = self.take(|c| c.is_ascii_digit());
                Token::Parameter(digits.parse().map_err(|_| self.error("invalid parameter number", start))?)
            }
            ':' if self.rest().starts_with("::") => self.op(2),
            '(' | ')' | '[' | ']' | ',' | ';' | '.' | ':' => self.op(1),
            c if OPERATOR.contains(c) => {
                // An operator ends before a comment; a multi-character one may end in + or - only when it has a
                // character that no standard operator has, as in PostgreSQL.
                let run = self.rest().find(|c| !OPERATOR.contains(c)).unwrap_or(self.rest().len());
                let run = &self.rest()[..run];
                let cut = [run.find("--"), run.find("/*")].into_iter().flatten().min().unwrap_or(run.len());
                let mut len = cut;
                while len > 1
                    && run[..len].ends_with(['+', '-'])
                    && !run[..len].contains(['~', '!', '@', '#', '%', '^', '&', '|', '`', '?'])
                {
                    len -= 1;
                }
                self.op(len)
            }
            c => return Err(self.error(&format!("unexpected character in input: {c}"), start)),
        };
        Ok(Some(Spanned { token, start, end: self.at }))
    }

    fn op(&mut self, len: usize) -> Token {
        let op = self.rest()[..len].to_owned();
        self.at += len;
        Token::Op(op)
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let len = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        let taken = rest[..len].to_owned();
        self.at += len;
        taken
    }

    fn quoted(&mut self, quote: char, start: usize, unterminated: &str) -> Result<String, SqlError> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let Some(c) = self.peek() else { return Err(self.error(unterminated, start)) };
            self.at += c.len_utf8();
            if c != quote {
                out.push(c);
            } else if self.peek() == Some(quote) {
                self.at += 1;
                out.push(quote);
            } else {
                return Ok(out);
            }
        }
    }

    fn string(&mut self, start: usize) -> Result<String, SqlError> {
        let mut out = self.quoted('\'', start, "unterminated quoted string")?;
        // Adjacent literals with a line break between them are one, as the standard wants.
        loop {
            let (rest, trimmed) = (self.rest(), self.rest().trim_start());
            let blank = &rest[..rest.len() - trimmed.len()];
            if !(blank.contains('\n') && trimmed.starts_with('\'')) {
                return Ok(out);
            }
            self.at += blank.len();
            out += &self.quoted('\'', start, "unterminated quoted string")?;
        }
    }

    fn escaped(&mut self, start: usize) -> Result<String, SqlError> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let Some(c) = self.peek() else { return Err(self.error("unterminated quoted string", start)) };
            self.at += c.len_utf8();
            match c {
                '\'' if self.peek() == Some('\'') => {
                    self.at += 1;
                    out.push('\'');
                }
                '\'' => return Ok(out),
                '\\' => {
                    let Some(c) = self.peek() else { return Err(self.error("unterminated quoted string", start)) };
                    self.at += c.len_utf8();
                    let hex = |lexer: &mut Self, len: usize| -> Result<char, SqlError> {
                        let digits: String =
                            lexer.rest().chars().take(len).take_while(char::is_ascii_hexdigit).collect();
                        lexer.at += digits.len();
                        u32::from_str_radix(&digits, 16)
                            .ok()
                            .and_then(char::from_u32)
                            .ok_or_else(|| lexer.error("invalid unicode escape", start))
                    };
                    out.push(match c {
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'u' => hex(self, 4)?,
                        'U' => hex(self, 8)?,
                        'x' => hex(self, 2)?,
                        c => c,
                    });
                }
                c => out.push(c),
            }
        }
    }

    fn number(&mut self) -> String {
        let mut out = self.take(|c| c.is_ascii_digit());
        if self.peek() == Some('.') && !self.rest().starts_with("..") {
            self.at += 1;
            out.push('.');
            out += &self.take(|c| c.is_ascii_digit());
        }
        if self.peek().is_some_and(|c| c == 'e' || c == 'E') {
            let sign = usize::from(self.rest()[1..].starts_with(['+', '-']));
            if self.rest()[1 + sign..].starts_with(|c: char| c.is_ascii_digit()) {
                out.push('E');
                out += &self.rest()[1..1 + sign];
                self.at += 1 + sign;
                out += &self.take(|c| c.is_ascii_digit());
            }
        }
        out
    }
}
