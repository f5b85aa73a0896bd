//! Documents with optional line breaks: one tree prints both as the one line that `create_sql` is and as the broken
//! lines of `SHOW CREATE`.

/// A piece of text that may be laid out in several ways.
#[derive(Clone, Debug)]
pub enum Doc {
    Text(String),
    /// A space, or a line break.
    Line,
    /// Nothing, or a line break.
    Break,
    Nest(Box<Doc>),
    /// On one line if it fits there.
    Group(Box<Doc>),
    Cat(Vec<Doc>),
}

pub fn text(s: impl Into<String>) -> Doc {
    Doc::Text(s.into())
}

impl Doc {
    pub fn group(self) -> Doc {
        Doc::Group(Box::new(self))
    }
    pub fn nest(self) -> Doc {
        Doc::Nest(Box::new(self))
    }
    pub fn then(self, next: impl Into<Doc>) -> Doc {
        Doc::Cat(vec![self, next.into()])
    }

    /// Everything on one line.
    pub fn one_line(&self) -> String {
        let mut out = String::new();
        self.flat(&mut out);
        out
    }
    fn flat(&self, out: &mut String) {
        match self {
            Doc::Text(s) => out.push_str(s),
            Doc::Line => out.push(' '),
            Doc::Break => {}
            Doc::Nest(d) | Doc::Group(d) => d.flat(out),
            Doc::Cat(ds) => ds.iter().for_each(|d| d.flat(out)),
        }
    }

    /// Laid out in lines of at most `width` characters where possible, nested by four.
    pub fn pretty(&self, width: usize) -> String {
        let (mut out, mut column) = (String::new(), 0usize);
        let mut stack = vec![(0usize, false, self)];
        while let Some((indent, flat, doc)) = stack.pop() {
            match doc {
                Doc::Text(s) => {
                    out.push_str(s);
                    column += s.chars().count();
                }
                Doc::Line if flat => {
                    out.push(' ');
                    column += 1;
                }
                Doc::Break if flat => {}
                Doc::Line | Doc::Break => {
                    out.push('\n');
                    out.extend(std::iter::repeat_n(' ', indent));
                    column = indent;
                }
                Doc::Nest(d) => stack.push((indent + 4, flat, d)),
                Doc::Group(d) => {
                    let flat = flat || fits(width.saturating_sub(column), d, &stack);
                    stack.push((indent, flat, d));
                }
                Doc::Cat(ds) => stack.extend(ds.iter().rev().map(|d| (indent, flat, d))),
            }
        }
        out
    }
}

/// Does `doc` on one line, with what follows it up to the next line break, fit into `room` characters?
fn fits(room: usize, doc: &Doc, rest: &[(usize, bool, &Doc)]) -> bool {
    let mut room = room as isize;
    let mut stack: Vec<(bool, &Doc)> = rest.iter().map(|(_, flat, d)| (*flat, *d)).collect();
    stack.push((true, doc));
    while let Some((flat, doc)) = stack.pop() {
        match doc {
            Doc::Text(s) => room -= s.chars().count() as isize,
            Doc::Line if flat => room -= 1,
            Doc::Break if flat => {}
            Doc::Line | Doc::Break => return true,
            Doc::Nest(d) | Doc::Group(d) => stack.push((flat, d)),
            Doc::Cat(ds) => stack.extend(ds.iter().rev().map(|d| (flat, d))),
        }
        if room < 0 {
            return false;
        }
    }
    true
}

impl From<&str> for Doc {
    fn from(s: &str) -> Doc {
        text(s)
    }
}
impl From<String> for Doc {
    fn from(s: String) -> Doc {
        text(s)
    }
}

/// Pieces with `separator` between them.
pub fn join(docs: impl IntoIterator<Item = Doc>, separator: Doc) -> Doc {
    let mut out = Vec::new();
    for doc in docs {
        if !out.is_empty() {
            out.push(separator.clone());
        }
        out.push(doc);
    }
    Doc::Cat(out)
}
/// `a, b, c`, each possibly on its own line.
pub fn comma(docs: impl IntoIterator<Item = Doc>) -> Doc {
    join(docs, text(",").then(Doc::Line))
}
/// Clauses, each possibly on its own line.
pub fn lines(docs: impl IntoIterator<Item = Doc>) -> Doc {
    join(docs, Doc::Line)
}
/// `(a, b)`, broken after the bracket and nested when too long.
pub fn bracket(left: &str, inner: Doc, right: &str) -> Doc {
    Doc::Cat(vec![text(left), Doc::Break.then(inner).nest(), Doc::Break, text(right)]).group()
}
/// `TITLE inner`, the inner on a nested line of its own when too long.
pub fn titled(title: &str, inner: Doc) -> Doc {
    text(title).then(Doc::Line.then(inner).nest()).group()
}
