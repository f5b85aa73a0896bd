//! The tie between an attribute and an option of a statement, good in both directions.

use super::{Attr, Change, Ty, Values};
use crate::sql::{
    Name, Node, Statement, as_bool, as_name, as_number, as_secret, as_text, as_text_map, as_texts, item, option,
    starts_with, without_ids,
};
use crate::value::{Number, Value};

/// An option as `CREATE … (NAME = value)` and `ALTER … SET (NAME = value)` have it.
#[derive(Clone, Copy, Debug)]
pub struct SqlOption {
    /// The option's words in upper case, as Materialize's documentation has them: `SSL CERTIFICATE AUTHORITY`.
    pub words: &'static str,
    pub form: Form,
    /// The words before its group in `create_sql` (`WITH`); empty: [`super::Resource::options_after`].
    pub within: &'static str,
}

/// How an attribute's value is written as an option's value, and read back from it.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A literal: text, number or boolean as the attribute's type says; a list is `('a', 'b')`, a map is
    /// `MAP['k' => 'v']`.
    Literal,
    /// A text, sent in the spelling that every server takes.
    Spelt(fn(&str) -> String),
    /// An SQL expression, as the user wrote it.
    Sql,
    /// A list of identifiers: `("a", "b")`.
    Names,
    /// A literal behind a keyword: `RETAIN HISTORY = FOR '1h'`.
    Behind(&'static str),
    /// A block `database_name, schema_name, name`, written as a name.
    Reference,
    /// The same, written `SECRET name`.
    Secret,
    /// A block with `text` or `secret { … }`.
    TextOrSecret,
}

impl SqlOption {
    /// `NAME = value`, if the attribute is set. A number 0 counts as not set only where [`Attr::zero_is_none`].
    pub fn item(&self, attr: &Attr, values: &Values) -> Option<Statement> {
        let value = values.get(attr.name);
        if attr.is_unset_by(value) {
            return None;
        }
        let start = item().word(self.words).symbol("=");
        let start = if let Form::Behind(word) = self.form { start.word(word) } else { start };
        match self.form {
            Form::Literal | Form::Behind(_) => match value {
                Value::Text(text) if text.is_empty() => None,
                Value::Text(text) if attr.sensitive => Some(start.secret(text)),
                Value::Text(text) => Some(start.text(text)),
                Value::Number(number) => Some(start.number(number)),
                Value::Bool(value) => Some(start.word(if *value { "TRUE" } else { "FALSE" })),
                Value::List(items) if !items.is_empty() => {
                    Some(start.group(items.iter().filter_map(|value| match value {
                        Value::Text(text) => Some(item().text(text)),
                        Value::Number(number) => Some(item().number(number)),
                        _ => None,
                    })))
                }
                Value::Map(items) if !items.is_empty() => {
                    let entry = |(key, value): (&String, &Value)| {
                        Some(item().text(key).symbol("=>").text(value.as_text()?).nodes)
                    };
                    Some(start.word("MAP").push(Node::Square(items.iter().filter_map(entry).collect())))
                }
                _ => None,
            },
            Form::Names => {
                let names = values.texts(attr.name);
                (!names.is_empty()).then(|| start.group(names.into_iter().map(|name| item().ident(name))))
            }
            Form::Spelt(spelt) => values.text(attr.name).map(|text| start.text(&spelt(text))),
            Form::Sql => values.text(attr.name).map(|sql| start.sql(sql)),
            Form::Reference => values.reference_in(attr.name).map(|name| start.name(&name)),
            Form::Secret => values.reference_in(attr.name).map(|name| start.word("SECRET").name(&name)),
            Form::TextOrSecret => {
                let block = values.block(attr.name)?;
                match (block.reference_in("secret"), block.text("text")) {
                    (Some(name), _) => Some(start.word("SECRET").name(&name)),
                    (None, Some(text)) => Some(start.secret(text)),
                    (None, None) => None,
                }
            }
        }
    }

    /// The attribute's value, from the option's value as the server printed it.
    pub fn value(&self, attr: &Attr, nodes: &[Node]) -> Option<Value> {
        match self.form {
            Form::Literal | Form::Names | Form::Spelt(_) => literal(&attr.ty, nodes),
            Form::Sql => Some(Value::text(without_ids(&Statement { nodes: nodes.to_vec() }.to_string()))),
            Form::Behind(word) => literal(&attr.ty, nodes.get(usize::from(starts_with(nodes, word))..)?),
            Form::Reference => as_name(nodes).map(reference_block),
            Form::Secret => as_secret(nodes).map(reference_block),
            Form::TextOrSecret => Some(match as_secret(nodes) {
                Some(name) => Value::list([Value::from([("text", Value::Null), ("secret", reference_block(name))])]),
                None => {
                    Value::list([Value::from([("text", Value::text(as_text(nodes)?)), ("secret", Value::list([]))])])
                }
            }),
        }
    }
}

/// A literal of this type.
fn literal(ty: &Ty, nodes: &[Node]) -> Option<Value> {
    match ty {
        Ty::Int | Ty::Float => as_number(nodes).or_else(|| as_text(nodes)).and_then(Number::parse).map(Value::Number),
        Ty::Bool => as_bool(nodes).map(Value::Bool),
        Ty::List(of @ Ty::Int) => match nodes {
            [Node::Group(items)] => items.iter().map(|item| literal(of, item)).collect::<Option<_>>().map(Value::List),
            _ => None,
        },
        Ty::List(_) => as_texts(nodes).map(|texts| Value::list(texts.into_iter().map(Value::text))),
        Ty::Map(_) => as_text_map(nodes)
            .map(|entries| Value::Map(entries.into_iter().map(|(k, v)| (k.to_owned(), Value::text(v))).collect())),
        _ => as_text(nodes).map(Value::text),
    }
}

/// The value of an attribute that stands right behind its clause: a name, a literal, a list in brackets; a boolean is
/// whether the clause is there (`nodes` is not `None`).
pub fn clause_value(attr: &Attr, nodes: Option<&[Node]>) -> Value {
    let first = nodes.map(crate::sql::first);
    match attr.ty {
        Ty::Block { .. } => first.and_then(as_name).map_or_else(|| Value::list([]), reference_block),
        Ty::Bool => Value::Bool(nodes.is_some()),
        ty => first.and_then(|first| literal(&ty, first)).unwrap_or_default(),
    }
}

/// A block that names an object, with its three parts.
pub fn reference_block(name: &Name) -> Value {
    let part = |from_end: usize| -> Value {
        name.parts.len().checked_sub(from_end).and_then(|at| name.parts.get(at)).map(|part| part.as_str()).into()
    };
    Value::list([Value::from([("name", part(1)), ("schema_name", part(2)), ("database_name", part(3))])])
}

/// The option items of all attributes that are set, in the order of declaration.
pub fn option_items(attrs: &[Attr], values: &Values) -> Vec<Statement> {
    attrs.iter().filter_map(|attr| attr.option?.item(attr, values)).collect()
}

/// The attributes of a block which options carry, from the group of those options; what is not there is null.
pub fn read_items(attrs: &[Attr], group: &[Vec<Node>]) -> Value {
    let value = |attr: &Attr| {
        let carried = attr.option?;
        let nodes = option(group, carried.words);
        Some((attr.name.to_owned(), nodes.and_then(|nodes| carried.value(attr, nodes)).unwrap_or_default()))
    };
    Value::Map(attrs.iter().filter_map(value).collect())
}

/// `WITH (…)` of the attributes that stand there, if any is set.
pub fn with_options(attrs: &[Attr], values: &Values) -> Statement {
    let within = attrs.iter().filter(|attr| attr.option.is_some_and(|option| option.within == "WITH"));
    item().group_if_any("WITH", within.filter_map(|attr| attr.option?.item(attr, values)))
}

/// Splits the options that change into those to `SET`, as items, and those to `RESET` or `DROP`, as words.
pub fn option_changes<'a>(
    attrs: impl IntoIterator<Item = &'a Attr>,
    change: &Change,
) -> (Vec<Statement>, Vec<Statement>) {
    let (mut set, mut reset) = (Vec::new(), Vec::new());
    for attr in attrs.into_iter().filter(|attr| change.has(attr.name)) {
        let Some(option) = attr.option else { continue };
        match option.item(attr, &change.new) {
            Some(item) => set.push(item),
            None => reset.push(item().word(option.words)),
        }
    }
    (set, reset)
}

/// One `ALTER … SET (…)` or `RESET (…)` for each option that changes.
pub fn alter_options(change: &Change) -> Vec<Statement> {
    let (set, reset) = option_changes(change.resource.own_attrs(), change);
    let set = set.into_iter().map(|option| change.alter().word("SET").group([option]));
    set.chain(reset.into_iter().map(|option| change.alter().word("RESET").group([option]))).collect()
}
