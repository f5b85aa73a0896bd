//! SQL text in tokens, as Materialize reads it. Total: every text has tokens, in linear time.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A keyword or a bare identifier; `$1`.
    Word,
    /// `"a ""b"""`.
    Quoted,
    /// `'it''s'`.
    Text,
    /// A text with a prefix: `E'\n'`, `X'00'`.
    Prefixed,
    Number,
    /// A run of operator characters, `::`, `=>`, `.`, `,`, `;`, or a character that SQL has no use for.
    Symbol,
    /// `(` or `[`.
    Open,
    /// `)` or `]`.
    Close,
    /// A text, quoted identifier or comment whose end is missing.
    Broken,
}

/// A token, and where it starts, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub shape: Shape,
    pub text: &'a str,
    pub at: usize,
}

impl Token<'_> {
    /// The byte behind the token.
    pub fn end(&self) -> usize {
        self.at + self.text.len()
    }

    /// Whether this is the keyword, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.shape == Shape::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.shape, Shape::Symbol | Shape::Open | Shape::Close) && self.text == symbol
    }

    /// Whether this is a text with backslashes in it: `E'\n'`.
    pub fn is_escaped(&self) -> bool {
        self.shape == Shape::Prefixed && self.text.starts_with(['e', 'E'])
    }

    /// The content of a text or of an identifier; a bare one is folded to lower case.
    pub fn content(&self) -> String {
        match self.shape {
            Shape::Quoted => self.text[1..self.text.len() - 1].replace("\"\"", "\""),
            Shape::Text => literal(self.text, false),
            Shape::Prefixed if self.is_escaped() => literal(&self.text[1..], true),
            Shape::Word => self.text.to_ascii_lowercase(),
            _ => self.text.to_owned(),
        }
    }
}

const OPERATORS: &str = "+-*/<>=~!@#%^&|`?";

/// The tokens of a text, without blanks and comments.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (shape, length) = token(&text[at..], c);
        if let Some(shape) = shape {
            tokens.push(Token { shape, text: &text[at..at + length], at });
        }
        at += length;
    }
    tokens
}

/// The shape (`None` for blanks and comments) and the length of the token that starts with `c`.
fn token(rest: &str, c: char) -> (Option<Shape>, usize) {
    let bytes = rest.as_bytes();
    let next = bytes.get(1).copied().unwrap_or(0);
    match c {
        c if c.is_whitespace() => (None, c.len_utf8()),
        '-' if next == b'-' => (None, rest.find('\n').unwrap_or(rest.len())),
        '/' if next == b'*' => comment(bytes),
        '\'' => closed(Shape::Text, bytes, 0, false),
        '"' => closed(Shape::Quoted, bytes, 0, false),
        'e' | 'E' | 'x' | 'X' if next == b'\'' => closed(Shape::Prefixed, bytes, 1, c.eq_ignore_ascii_case(&'e')),
        '(' | '[' => (Some(Shape::Open), 1),
        ')' | ']' => (Some(Shape::Close), 1),
        ':' if next == b':' => (Some(Shape::Symbol), 2),
        c if c.is_ascii_digit() || (c == '.' && next.is_ascii_digit()) => (Some(Shape::Number), number(bytes)),
        c if c.is_alphabetic() || c == '_' || c == '$' => {
            let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            (Some(Shape::Word), rest.find(|c| !word(c)).unwrap_or(rest.len()))
        }
        c if OPERATORS.contains(c) => (Some(Shape::Symbol), operator(rest)),
        c => (Some(Shape::Symbol), c.len_utf8()),
    }
}

/// A comment; they nest.
fn comment(bytes: &[u8]) -> (Option<Shape>, usize) {
    let (mut depth, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return (None, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    (Some(Shape::Broken), bytes.len())
}

/// A quoted token whose first quote is at `start`: a doubled quote, or one behind a backslash, does not end it.
fn closed(shape: Shape, bytes: &[u8], start: usize, backslash: bool) -> (Option<Shape>, usize) {
    let quote = bytes[start];
    let mut at = start + 1;
    while at < bytes.len() {
        if backslash && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            // Texts with a line break between them are one.
            let blank = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let next = at + 1 + blank;
            let breaks = bytes[at + 1..next].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
            if quote != b'\'' || !breaks || bytes.get(next) != Some(&quote) {
                return (Some(shape), at + 1);
            }
            at = next + 1;
        }
    }
    (Some(Shape::Broken), bytes.len())
}

/// What a closed literal says. `backslash`: as behind an `E`; an escape that the server refuses stays as it is.
fn literal(text: &str, backslash: bool) -> String {
    let mut out = String::new();
    let mut rest = text[1..text.len() - 1].chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' if rest.as_str().starts_with('\'') => {
                out.push(c);
                rest.next();
            }
            // Another text follows, and is one with this.
            '\'' => {
                rest.find(|c| *c == '\'');
            }
            '\\' if backslash => out.push_str(&escape(&mut rest)),
            c => out.push(c),
        }
    }
    out
}

/// The character that an escape stands for; its backslash was just read.
fn escape(rest: &mut std::str::Chars) -> String {
    let Some(c) = rest.next() else { return "\\".to_owned() };
    let digits = match c {
        'b' => return "\u{8}".to_owned(),
        'f' => return "\u{c}".to_owned(),
        'n' => return "\n".to_owned(),
        'r' => return "\r".to_owned(),
        't' => return "\t".to_owned(),
        'u' => 4,
        'U' => 8,
        '0'..='7' | 'x' => return format!("\\{c}"),
        c => return c.to_string(),
    };
    let code = rest.as_str().get(..digits).and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
    match code {
        Some(code) => {
            *rest = rest.as_str()[digits..].chars();
            code.to_string()
        }
        None => format!("\\{c}"),
    }
}

fn number(bytes: &[u8]) -> usize {
    let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = digits(0);
    if bytes.get(at) == Some(&b'.') {
        at = digits(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let exponent = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(exponent.min(bytes.len()));
        at = if end > exponent { end } else { at };
    }
    at
}

/// An operator ends where a comment starts, and does not end in a sign unless it has one of `~!@#%^&|` and the like,
/// so that `a=-1` has two (PostgreSQL's rule).
fn operator(rest: &str) -> usize {
    let end = rest.find(|c| !OPERATORS.contains(c)).unwrap_or(rest.len());
    let end = ["--", "/*"].iter().filter_map(|start| rest[..end].find(start)).min().unwrap_or(end);
    let mut run = &rest[..end];
    while run.len() > 1
        && run.ends_with(['+', '-'])
        && !run.contains(['~', '!', '@', '#', '%', '^', '&', '|', '`', '?'])
    {
        run = &run[..run.len() - 1];
    }
    run.len()
}
