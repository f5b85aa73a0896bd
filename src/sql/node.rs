//! The statement tree, and the chain of calls that builds one: it reads like the SQL.

use super::{Kind, Name};

/// A piece of a statement.
#[derive(Clone, PartialEq, Eq)]
pub enum Node {
    /// A keyword, or any other bare word: in upper case where we write it, as the server has it in parsed text.
    Word(String),
    /// A name, always quoted.
    Name(Name),
    /// A text literal.
    Text(String),
    /// A text literal that only the server may see.
    Secret(String),
    /// A number, as it is written.
    Number(String),
    /// `(a, b c, d)`: items separated by commas, each a run of nodes.
    Group(Vec<Vec<Node>>),
    /// `[a, b]`, as in `MAP['k' => 'v']`.
    Square(Vec<Vec<Node>>),
    /// An operator or other punctuation: `=`, `=>`, `::`, `->`, `.`, `*`.
    Symbol(String),
    /// SQL that the user wrote (a view's body, a default, a type): sent as it is.
    Sql(String),
}

/// A statement: a run of nodes. `Display` and `Debug` are redacted; see [`Statement::expose`].
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Statement {
    pub nodes: Vec<Node>,
}

/// One item of a group: `item().word("SIZE").symbol("=").text("25cc")`.
pub fn item() -> Statement {
    Statement::default()
}

impl Statement {
    /// `CREATE <kind> <name>`.
    pub fn create(kind: Kind, name: &Name) -> Self {
        item().word("CREATE").word(kind.words()).name(name)
    }

    /// `ALTER <kind> <name>`.
    pub fn alter(kind: Kind, name: &Name) -> Self {
        item().word("ALTER").word(kind.words()).name(name)
    }

    /// `DROP <kind> <name>`: never CASCADE, never IF EXISTS.
    pub fn drop(kind: Kind, name: &Name) -> Self {
        item().word("DROP").word(kind.words()).name(name)
    }

    /// `COMMENT ON <kind> <name> IS '…'`, or `IS NULL`.
    pub fn comment(kind: Kind, name: &Name, comment: Option<&str>) -> Self {
        Self::comment_on(kind.words(), name, comment)
    }

    /// `COMMENT ON COLUMN <relation>.<column> IS '…'`, or `IS NULL`.
    pub fn column_comment(relation: &Name, column: &str, comment: Option<&str>) -> Self {
        Self::comment_on("COLUMN", &Name::new(relation.parts.iter().map(String::as_str).chain([column])), comment)
    }

    fn comment_on(words: &str, name: &Name, comment: Option<&str>) -> Self {
        let on = item().word("COMMENT ON").word(words).name(name).word("IS");
        match comment {
            Some(comment) => on.text(comment),
            None => on.word("NULL"),
        }
    }

    pub fn push(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self
    }

    /// One or more keywords, in upper case.
    pub fn word(mut self, words: &str) -> Self {
        self.nodes.extend(words.split_whitespace().map(|word| Node::Word(word.to_owned())));
        self
    }

    pub fn name(self, name: &Name) -> Self {
        self.push(Node::Name(name.clone()))
    }

    /// A name of one part.
    pub fn ident(self, ident: &str) -> Self {
        self.push(Node::Name(Name::new([ident])))
    }

    pub fn text(self, text: &str) -> Self {
        self.push(Node::Text(text.to_owned()))
    }

    pub fn secret(self, text: &str) -> Self {
        self.push(Node::Secret(text.to_owned()))
    }

    pub fn number(self, number: impl ToString) -> Self {
        self.push(Node::Number(number.to_string()))
    }

    pub fn symbol(self, symbol: &str) -> Self {
        self.push(Node::Symbol(symbol.to_owned()))
    }

    pub fn sql(self, sql: &str) -> Self {
        self.push(Node::Sql(sql.to_owned()))
    }

    /// `(item, item)`.
    pub fn group(self, items: impl IntoIterator<Item = Statement>) -> Self {
        self.push(Node::Group(items.into_iter().map(|item| item.nodes).collect()))
    }

    /// `words (item, item)`, or nothing if there are no items.
    pub fn group_if_any(self, words: &str, items: impl IntoIterator<Item = Statement>) -> Self {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() { self.word(words).group(items) } else { self }
    }

    /// `item, item`, without parentheses.
    pub fn list(mut self, items: impl IntoIterator<Item = Statement>) -> Self {
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                self = self.symbol(",");
            }
            self.nodes.extend(item.nodes);
        }
        self
    }

    /// The nodes of another run, appended.
    pub fn then(mut self, more: Statement) -> Self {
        self.nodes.extend(more.nodes);
        self
    }

    /// Appends if there is something: `.with(name, |s, name| s.word("IN CLUSTER").ident(name))`.
    pub fn with<T>(self, value: Option<T>, append: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => append(self, value),
            None => self,
        }
    }

    /// Appends if the condition holds.
    pub fn when(self, condition: bool, append: impl FnOnce(Self) -> Self) -> Self {
        if condition { append(self) } else { self }
    }
}
