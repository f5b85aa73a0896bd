//! Attributes: what a schema is made of. Everything is `const`, so a declaration is a table that costs nothing to load.

use std::borrow::Cow;

use super::check::Check;
use super::rule::Rule;
use super::same;
use super::scope::{IDENTIFIER, INTERVAL, REFERENCE};
use super::sql_option::{Form, SqlOption};
use crate::sql::{Kind, Name};
use crate::value::{Number, Type, Value};

/// The type of an attribute, in a form that can stand in a `const`.
#[derive(Clone, Copy, Debug)]
pub enum Ty {
    Text,
    Int,
    Float,
    Bool,
    List(&'static Ty),
    Set(&'static Ty),
    Map(&'static Ty),
    /// An attribute that is an object, used inside lists by data sources.
    Object(&'static [(&'static str, Ty)]),
    /// A nested block: `name { … }`, any number between `min` and `max` (0 = no limit).
    Block {
        nesting: Nesting,
        min: u32,
        max: u32,
        attrs: &'static [Attr],
    },
}

/// Whether the order of blocks means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    List,
    Set,
}

impl Ty {
    /// The type of the attribute's value. A block's value is a list or set of objects.
    pub fn value_type(&self) -> Type {
        match self {
            Ty::Text => Type::Text,
            Ty::Int | Ty::Float => Type::Number,
            Ty::Bool => Type::Bool,
            Ty::List(inner) => Type::List(Box::new(inner.value_type())),
            Ty::Set(inner) => Type::Set(Box::new(inner.value_type())),
            Ty::Map(inner) => Type::Map(Box::new(inner.value_type())),
            Ty::Object(attrs) => {
                Type::Object(attrs.iter().map(|(name, ty)| ((*name).to_owned(), ty.value_type())).collect())
            }
            Ty::Block { nesting: Nesting::List, attrs, .. } => Type::List(Box::new(object_type(attrs))),
            Ty::Block { nesting: Nesting::Set, attrs, .. } => Type::Set(Box::new(object_type(attrs))),
        }
    }

    /// The attributes inside, if this is a block.
    pub fn block(&self) -> Option<&'static [Attr]> {
        match self {
            Ty::Block { attrs, .. } => Some(attrs),
            _ => None,
        }
    }

    pub fn is_set(&self) -> bool {
        matches!(self, Ty::Set(_) | Ty::Block { nesting: Nesting::Set, .. })
    }
}

/// The object type made of these attributes.
pub fn object_type(attrs: &[Attr]) -> Type {
    Type::Object(attrs.iter().map(|attr| (attr.name.to_owned(), attr.ty.value_type())).collect())
}

/// Who gives the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Required,
    Optional,
    /// Optional, and where the configuration is silent the server chooses: unknown until created, then kept.
    OptionalComputed,
    Computed,
}

/// What stands in for an attribute that the configuration leaves out.
#[derive(Clone, Copy, Debug)]
pub enum Default {
    Bool(bool),
    Int(i64),
    Float(&'static str),
    Text(&'static str),
    /// An environment variable of the provider's process if it is set and not empty, else the text.
    Env(&'static str, &'static str),
}

impl Default {
    /// The default as a value.
    pub fn value(&self) -> Value {
        match self {
            Default::Bool(value) => Value::Bool(*value),
            Default::Int(number) => Value::int(*number),
            Default::Float(text) => crate::value::Number::parse(text).into(),
            Default::Text(text) => Value::text(*text),
            Default::Env(variable, fallback) => {
                Value::text(std::env::var(variable).ok().filter(|v| !v.is_empty()).unwrap_or((*fallback).to_owned()))
            }
        }
    }
}

/// See [`Attr::renamed`].
pub type Renamed = fn(&str, &str) -> Option<Vec<(Name, Name)>>;

/// One attribute or block. Built by the functions of this module, which read like a sentence:
/// `text("size").optional().option("SIZE").doc("…")`.
#[derive(Clone, Copy, Debug)]
pub struct Attr {
    pub name: &'static str,
    pub ty: Ty,
    pub presence: Presence,
    pub default: Option<Default>,
    pub sensitive: bool,
    pub write_only: bool,
    /// Why not to use it any more.
    pub deprecated: Option<&'static str>,
    /// Deprecated, and yet the object is another one without it. Terraform leaves what a schema calls deprecated out of the
    /// configurations that it generates for imports; so the provider itself warns.
    pub warned: bool,
    /// One or more sentences in Markdown.
    pub doc: &'static str,
    /// Never sent to the server by itself; why it is only kept in state.
    pub stored: Option<&'static str>,
    /// The server does not show it. Null in the state after an import, or of another provider, is "not recorded", and a
    /// configured value is then noted without a statement.
    pub unread: bool,
    /// See [`Attr::checks`].
    pub checks: [Option<Check>; 2],
    /// Whether two spellings mean the same, beyond equality: (prior or read, configured).
    pub same: Option<fn(&Value, &Value) -> bool>,
    /// What a spelling of a text means, as the server has it: by that an object is looked up.
    pub meant: fn(&str) -> Cow<'_, str>,
    /// See [`Attr::quotable`].
    pub quotable: bool,
    /// The number 0 is as good as none; see [`Attr::zero_is_none`].
    pub zero_is_none: bool,
    /// The value (a text, or a block of database, schema and name) names an object of this kind, and is compared by
    /// the object's id.
    pub refers: Option<Kind>,
    /// The value is SQL that names objects: the names by which two values differ, if they differ by nothing else.
    pub renamed: Option<Renamed>,
    /// What the server uses for "not set": read as if it were null where the state holds null.
    pub implied: Option<Default>,
    /// The SQL expression of the resource's query which gives the value on read.
    pub column: Option<&'static str>,
    /// The SQL expression of that query which gives the id of the object that the value names.
    pub id_column: Option<&'static str>,
    /// The option of the object's CREATE and ALTER statements which carries the value.
    pub option: Option<SqlOption>,
    /// The words of `create_sql` right behind which the value stands: `FROM KAFKA CONNECTION`.
    pub clause: Option<&'static str>,
    /// Only newer servers know it: the words in a statement which older ones refuse.
    pub newer: Option<&'static str>,
    /// Errors with this SQLSTATE are about the value, where nothing in the message says so; and what helps.
    pub fault: Option<(&'static str, &'static str)>,
    /// Conditions across the attributes of the block.
    pub rules: &'static [Rule],
    /// Computed: unknown in a plan whenever one of these attributes changes. `&[]`: known once created.
    pub follows: &'static [&'static str],
}

const fn attr(name: &'static str, ty: Ty) -> Attr {
    Attr {
        name,
        ty,
        presence: Presence::Optional,
        default: None,
        sensitive: false,
        write_only: false,
        deprecated: None,
        warned: false,
        doc: "",
        stored: None,
        unread: false,
        checks: [None; 2],
        same: None,
        meant: same::as_is,
        quotable: false,
        zero_is_none: false,
        refers: None,
        renamed: None,
        implied: None,
        column: None,
        id_column: None,
        option: None,
        clause: None,
        newer: None,
        fault: None,
        rules: &[],
        follows: &[],
    }
}

/// A string.
pub const fn text(name: &'static str) -> Attr {
    attr(name, Ty::Text)
}

/// The name of something in Materialize.
pub const fn identifier(name: &'static str) -> Attr {
    text(name).check(IDENTIFIER)
}

/// A length of time, in any spelling.
pub const fn interval(name: &'static str) -> Attr {
    text(name).check(INTERVAL).same(same::intervals)
}

/// A whole number.
pub const fn int(name: &'static str) -> Attr {
    attr(name, Ty::Int)
}

/// A number with a fraction.
pub const fn float(name: &'static str) -> Attr {
    attr(name, Ty::Float)
}

/// A boolean.
pub const fn boolean(name: &'static str) -> Attr {
    attr(name, Ty::Bool)
}

/// A list of strings.
pub const fn texts(name: &'static str) -> Attr {
    attr(name, Ty::List(&Ty::Text))
}

/// A map of strings.
pub const fn text_map(name: &'static str) -> Attr {
    attr(name, Ty::Map(&Ty::Text))
}

/// An attribute of any other type.
pub const fn of(name: &'static str, ty: Ty) -> Attr {
    attr(name, ty)
}

/// A block that may be given several times, in an order that means something.
pub const fn blocks(name: &'static str, attrs: &'static [Attr]) -> Attr {
    attr(name, Ty::Block { nesting: Nesting::List, min: 0, max: 0, attrs })
}

/// A block that may be given several times, in any order.
pub const fn block_set(name: &'static str, attrs: &'static [Attr]) -> Attr {
    attr(name, Ty::Block { nesting: Nesting::Set, min: 0, max: 0, attrs })
}

/// A block that may be given once.
pub const fn block(name: &'static str, attrs: &'static [Attr]) -> Attr {
    attr(name, Ty::Block { nesting: Nesting::List, min: 0, max: 1, attrs })
}

/// A block that names an object of this kind, by its database, its schema and its name; compared by the object's id.
pub const fn reference(name: &'static str, kind: Kind) -> Attr {
    block(name, REFERENCE).refers(kind)
}

/// The attributes of a block that holds a text or names the secret that holds it.
const TEXT_OR_SECRET: &[Attr] = &[
    text("text").sensitive().doc("The value itself. It is kept in the state: prefer `secret`."),
    reference("secret", Kind::Secret).doc("The secret that holds the value."),
];

/// A block that holds a text or names the secret that holds it. With an empty text it is as good as none: that is how
/// modules pass on "none".
pub const fn text_or_secret(name: &'static str) -> Attr {
    block(name, TEXT_OR_SECRET).rules(&[Rule::ExactlyOneOf(&["text", "secret"])]).same(both_hollow)
}

/// Blocks in which nothing is said, or none at all.
fn both_hollow(a: &Value, b: &Value) -> bool {
    a.is_hollow() && b.is_hollow()
}

impl Attr {
    /// What a value must be.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().flatten()
    }

    /// Whether a configured value says as much as none: an empty text where nothing must be said, or the number 0 where
    /// that is none. Modules pass it on, and the official provider takes it so.
    pub fn is_unset_by(&self, value: &Value) -> bool {
        let silent = self.presence != Presence::Required && self.default.is_none() && !self.write_only;
        (silent && value.as_text() == Some("")) || (self.zero_is_none && value.as_number() == Some(&Number::from(0)))
    }

    /// Whether a configured value leaves the choice to the server, as none does: an empty text.
    pub fn is_left_open_by(&self, value: &Value) -> bool {
        self.presence == Presence::OptionalComputed && self.default.is_none() && value.as_text() == Some("")
    }

    /// Must be configured; a block: at least one.
    pub const fn required(mut self) -> Self {
        self.presence = Presence::Required;
        if let Ty::Block { nesting, max, attrs, .. } = self.ty {
            self.ty = Ty::Block { nesting, min: 1, max, attrs };
        }
        self
    }

    /// At most so many blocks.
    pub const fn at_most(mut self, most: u32) -> Self {
        if let Ty::Block { nesting, min, attrs, .. } = self.ty {
            self.ty = Ty::Block { nesting, min, max: most, attrs };
        }
        self
    }

    /// Where the configuration is silent, the server or the provider chooses.
    pub const fn or_server(mut self) -> Self {
        self.presence = Presence::OptionalComputed;
        self
    }

    /// Only the server or the provider gives the value.
    pub const fn computed(mut self) -> Self {
        self.presence = Presence::Computed;
        self
    }

    /// Computed, and unknown whenever one of these attributes changes.
    pub const fn follows(mut self, attrs: &'static [&'static str]) -> Self {
        self.follows = attrs;
        self
    }

    pub const fn default(mut self, default: Default) -> Self {
        self.default = Some(default);
        self
    }

    /// The server shows this value where nothing was set; see [`Attr::implied`].
    pub const fn implied(mut self, default: Default) -> Self {
        self.implied = Some(default);
        self
    }

    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Given to the provider, stored nowhere. Sensitive as well.
    pub const fn write_only(mut self) -> Self {
        self.write_only = true;
        self.sensitive = true;
        self
    }

    pub const fn deprecated(mut self, why: &'static str) -> Self {
        self.deprecated = Some(why);
        self
    }

    /// Why not to use it any more, where Terraform is to say so.
    pub fn announced_deprecation(&self) -> Option<&'static str> {
        self.deprecated.filter(|_| !self.warned)
    }

    /// Deprecated, but not to be left out; see [`Attr::warned`].
    pub const fn outdated(mut self, why: &'static str) -> Self {
        self.warned = true;
        self.deprecated(why)
    }

    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Only kept in state: a change sends nothing. `why` is shown in the documentation.
    pub const fn stored(mut self, why: &'static str) -> Self {
        self.stored = Some(why);
        self
    }

    /// The server does not show it; see [`Attr::unread`].
    pub const fn unread(mut self) -> Self {
        self.unread = true;
        self
    }

    /// One more condition on the value.
    pub const fn check(mut self, check: Check) -> Self {
        let at = if self.checks[0].is_none() { 0 } else { 1 };
        assert!(self.checks[at].is_none(), "an attribute has two checks at most");
        self.checks[at] = Some(check);
        self
    }

    /// A text of at least and at most so many bytes.
    pub const fn length(self, least: usize, most: usize) -> Self {
        self.check(Check::Length(least, most))
    }

    /// A whole number between both, inclusive.
    pub const fn between(self, least: i64, most: i64) -> Self {
        self.check(Check::Between(least, most))
    }

    /// One of these texts, exactly.
    pub const fn one_of(self, texts: &'static [&'static str]) -> Self {
        self.check(Check::OneOf(texts))
    }

    /// One of these words, in any case.
    pub const fn keyword(self, words: &'static [&'static str]) -> Self {
        self.check(Check::OneOfIgnoringCase(words)).same(same::ignoring_case)
    }

    /// Without an empty element.
    pub const fn no_empty(self) -> Self {
        self.check(Check::NoEmpty)
    }

    /// Only newer servers know these words.
    pub const fn newer(mut self, words: &'static str) -> Self {
        self.newer = Some(words);
        self
    }

    /// Errors with this SQLSTATE are about the value; see [`Attr::fault`].
    pub const fn fault(mut self, fault: (&'static str, &'static str)) -> Self {
        self.fault = Some(fault);
        self
    }

    /// Conditions that hold inside each of these blocks.
    pub const fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.rules = rules;
        self
    }

    pub const fn same(mut self, same: fn(&Value, &Value) -> bool) -> Self {
        self.same = Some(same);
        self
    }

    /// An identifier that means the same in quotes of its own: the official provider writes it into SQL as it stands, so
    /// that names which need quotes have them in configurations, and those that need none are the server's in small letters.
    pub const fn quotable(mut self) -> Self {
        self.quotable = true;
        self.meant = same::identifier;
        self.same = Some(same::identifiers);
        self
    }

    /// A number of which 0 is none: the official provider sends nothing for it.
    pub const fn zero_is_none(mut self) -> Self {
        self.zero_is_none = true;
        self
    }

    /// A name in any case, which the server has in small letters.
    pub const fn in_any_case(mut self) -> Self {
        self.meant = same::small;
        self.same = Some(same::ignoring_case);
        self
    }

    /// Names an object of this kind; compared by its id.
    pub const fn refers(mut self, kind: Kind) -> Self {
        self.refers = Some(kind);
        self
    }

    /// SQL that names objects, which are compared by their ids; see [`Attr::renamed`].
    pub const fn naming(mut self, renamed: Renamed) -> Self {
        self.renamed = Some(renamed);
        self
    }

    /// Read from this expression of the resource's query.
    pub const fn column(mut self, expression: &'static str) -> Self {
        self.column = Some(expression);
        self
    }

    /// The object that the value names has the id which this expression gives.
    pub const fn id_column(mut self, expression: &'static str) -> Self {
        self.id_column = Some(expression);
        self
    }

    /// Read from what stands right behind these words of `create_sql`.
    pub const fn clause(mut self, words: &'static str) -> Self {
        self.clause = Some(words);
        self
    }

    /// Carried by the option of these words, in the form that follows from the type: a literal, a name, a secret.
    pub const fn option(mut self, words: &'static str) -> Self {
        let form = match (self.ty, self.refers) {
            (Ty::Block { .. }, Some(Kind::Secret)) => Form::Secret,
            (Ty::Block { .. }, Some(_)) => Form::Reference,
            (Ty::Block { .. }, None) => Form::TextOrSecret,
            _ => Form::Literal,
        };
        self.option = Some(SqlOption { words, form, within: "" });
        self
    }

    /// The option has another form than its type says.
    pub const fn form(mut self, form: Form) -> Self {
        if let Some(option) = self.option {
            self.option = Some(SqlOption { form, ..option });
        }
        self
    }

    /// The option stands in the group behind these words, and not behind the resource's own.
    pub const fn within(mut self, within: &'static str) -> Self {
        if let Some(option) = self.option {
            self.option = Some(SqlOption { within, ..option });
        }
        self
    }
}
