//! A resource: a table of attributes and the pure functions that turn values into statements and rows into values.

use super::remote::Remote;
use super::{Attr, Found, Rule, Scope, Values};
use crate::catalog::Row;
use crate::sql::{Kind, Name, Statement};
use crate::value::Value;

/// A group of attributes that travel in the same statements.
#[derive(Clone, Copy)]
pub struct Alter {
    /// Attributes of the resource, with a point for those in blocks (`column.comment`). A block stands for all
    /// inside it; `column[]` stands for a change of the number of blocks alone.
    pub on: &'static [&'static str],
    /// All attributes of the resource that an option carries, besides.
    pub options: bool,
    /// Whether this change, from prior to planned, can be made in place at all.
    pub possible: Option<fn(&Value, &Value) -> bool>,
    /// The statements, given the change. Called when any attribute of `on` changes.
    pub statements: fn(&Change) -> Vec<Statement>,
    /// Whether the statements depend on what is there, which is then read before: [`Change::found`].
    pub looks: bool,
    /// What must come true between the first statement and the second.
    pub wait: Option<fn(&Change) -> Wait>,
    /// Once the first statement is done all the others are tried, because nothing would show later that they are missing.
    pub whole: bool,
}

/// Something that takes its time.
pub struct Wait {
    /// It has come true when this query gives a row.
    pub until: Statement,
    /// The attribute that says how long it may take: an interval.
    pub within: &'static str,
    /// What should have come true, in words, for the message that it did not.
    pub what: &'static str,
    /// Takes back the first statement, if it does not come true or a later statement fails.
    pub undo: Statement,
}

/// These attributes are altered by these statements.
pub const fn on(on: &'static [&'static str], statements: fn(&Change) -> Vec<Statement>) -> Alter {
    Alter { on, options: false, possible: None, statements, looks: false, wait: None, whole: false }
}

/// A change of these attributes is only noted, and sends nothing, where the function says so; else it replaces the object.
pub const fn noted(on: &'static [&'static str], only_if: fn(&Value, &Value) -> bool) -> Alter {
    self::on(on, |_| Vec::new()).only_if(only_if)
}

/// All attributes that an option carries are altered by these statements.
pub const fn on_options(statements: fn(&Change) -> Vec<Statement>) -> Alter {
    Alter { options: true, ..on(&[], statements) }
}

impl Alter {
    /// Whether it is about what a path names, as [`Alter::on`] writes it.
    pub fn is_about(&self, resource: &Resource, path: &str) -> bool {
        let mut names = resource.own_attrs().filter(|attr| self.options && attr.option.is_some()).map(|attr| attr.name);
        self.on.iter().any(|on| covers(on, path)) || names.any(|name| covers(name, path))
    }

    /// Only for changes that the function accepts; others replace the object.
    pub const fn only_if(mut self, possible: fn(&Value, &Value) -> bool) -> Self {
        self.possible = Some(possible);
        self
    }

    /// The statements depend on what is there; see [`Alter::looks`].
    pub const fn looking(mut self) -> Self {
        self.looks = true;
        self
    }

    /// Nothing is left out once it has begun; see [`Alter::whole`].
    pub const fn whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Between the first statement and the second, this must come true.
    pub const fn waiting(mut self, wait: fn(&Change) -> Wait) -> Self {
        self.wait = Some(wait);
        self
    }
}

/// A change of an object that exists.
pub struct Change<'a> {
    pub resource: &'a Resource,
    pub old: Values<'a>,
    /// The name in here is the new one: a rename has been done by now.
    pub new: Values<'a>,
    /// The attributes that change, as [`Alter::on`] writes them.
    pub changed: &'a [String],
    /// What is there, if one of the [`Alter`]s looks; else nothing.
    pub found: &'a Found<'a>,
}

impl Change<'_> {
    /// `ALTER <kind> <name>`: the begin of a statement that changes the object.
    pub fn alter(&self) -> Statement {
        Statement::alter(self.resource.kind, &self.resource.scope.name_of(&self.new))
    }

    /// Whether this attribute, or any below it, changes.
    pub fn has(&self, name: &str) -> bool {
        self.changed.iter().any(|c| covers(name, c))
    }
}

/// Whether `pattern` names `path` or a block around it.
pub fn covers(pattern: &str, path: &str) -> bool {
    path.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// A read that finds an object or a part of it.
#[derive(Clone, Copy)]
pub struct Lookup {
    /// Output names and SQL expressions, besides those that the attributes themselves give (main lookup only).
    pub columns: &'static [(&'static str, &'static str)],
    /// Relations and joins. The main lookup's relation has the alias `o`; the scope adds its own joins.
    pub from: &'static str,
    pub filter: Option<&'static str>,
    pub order: Option<&'static str>,
    /// Expressions that together equal the parts of the id's key at `parts`.
    pub by_key: &'static [&'static str],
    pub parts: &'static [usize],
    /// The same for natural names: expressions and the attributes (of the object, not in blocks) that they equal.
    /// Empty in the main lookup: those of the scope. Empty in a further one: it waits for the main row and goes by
    /// key.
    pub by_name: &'static [(&'static str, &'static str)],
    /// A column of a system relation that older servers lack (schema, relation, column); without it the lookup finds
    /// nothing.
    pub optional: Option<[&'static str; 3]>,
}

impl Lookup {
    pub const NONE: Lookup = Lookup {
        columns: &[],
        from: "",
        filter: None,
        order: None,
        by_key: &["o.id"],
        parts: &[0],
        by_name: &[],
        optional: None,
    };
}

impl Key {
    /// What is behind these words in an id such as `GRANT|TABLE|u7|u1|SELECT`: so many parts.
    pub fn behind(words: &str, count: usize, suffix: &str) -> Option<Key> {
        let parts: Vec<_> = suffix.strip_prefix(words)?.strip_prefix('|')?.split('|').map(str::to_owned).collect();
        (parts.len() == count).then_some(Key::Parts(parts))
    }
}

/// How an object's id is written and read. An id is `<region>:<suffix>`.
#[derive(Clone, Copy)]
pub struct IdForm {
    /// The parts of the key that the suffix holds. `None`: not an id of this resource.
    pub parse: fn(&str) -> Option<Key>,
    /// The suffix of an object that was found.
    pub suffix: fn(&Found, &Value) -> Option<String>,
    /// What an import id looks like, for the error message and the documentation.
    pub forms: &'static str,
    /// The attributes by which an import finds the object, in groups; empty where its scope has a name.
    pub named: &'static [&'static [&'static str]],
}

/// Catalog ids and other parts of a key.
pub type Parts = Vec<String>;

/// How an id names its object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// For [`Lookup::by_key`].
    Parts(Parts),
    /// Natural names: attributes and their values, for [`Lookup::by_name`].
    Names(Vec<(&'static str, String)>),
}

/// The kind of an object, and the attributes that together are its name.
pub type Spread = (Kind, &'static [&'static str]);

/// A resource. See the crate's resources for how one reads.
#[derive(Clone, Copy)]
pub struct Resource {
    /// The type name: `materialize_secret`.
    pub name: &'static str,
    pub kind: Kind,
    pub scope: Scope,
    /// Markdown, shown at the top of the resource's page.
    pub doc: &'static str,
    /// The resource's own attributes; the scope adds the common ones.
    pub attrs: &'static [Attr],
    /// Tables of further attributes: options of its statements, in their order, and what it shares with others.
    pub tables: &'static [&'static [Attr]],
    pub rules: &'static [Rule],
    /// Attributes of the resource itself that together name another object, given the values; it is compared by its
    /// id, which is that of the last one's `id_column`. The scope adds the schema. This stands on that object.
    pub names: fn(&Value) -> Vec<Spread>,
    /// What else this stands on: objects that take it along when they are dropped, without the server's objecting. Where
    /// one is made anew, so is this.
    pub stands_on: fn(&Values) -> Vec<(Kind, Name)>,
    /// How it is managed, if that is over HTTP; then what is about SQL below is left out.
    pub remote: Option<&'static Remote>,
    /// Where the object is found, and what else must be read. The first one decides whether it exists.
    pub lookups: &'static [Lookup],
    pub id: IdForm,
    /// The keys ([`Key::Parts`]) of the objects that a row of the main lookup is about, when all objects are listed. `None`:
    /// they cannot be.
    pub listed: Option<fn(&Row) -> Vec<Parts>>,
    /// Whether somebody may have replaced the object by another of the same name (`CREATE OR REPLACE`): if the id is
    /// gone, the name is looked up.
    pub replaceable: bool,
    /// An update that changes the id makes a new object under the name. It sees to the privileges; what else stood on the
    /// old object is gone.
    pub renews: bool,
    /// Whether the server can have chosen the name of this row, where the configuration does not say one.
    pub chosen: fn(&Row) -> bool,
    /// Its columns have comments: `column_comments`, which is then one of its attributes. Not where columns are blocks.
    pub columns: bool,
    /// It is there before it is created (the privileges of an object, the members of a role): to create it is to find
    /// it by its names, and to alter it into what is planned.
    pub standing: bool,
    /// The statements that make the object of this resource; the first is the one that creates it.
    pub create: fn(&Resource, &Values) -> Vec<Statement>,
    /// The statements that take over an object which already has the name, where the configuration asks for that.
    pub adopt: fn(&Values) -> Option<Vec<Statement>>,
    /// The statements that make changes; those of the scope (rename, owner, comment) are added.
    pub alters: &'static [Alter],
    /// The words before the option list of `create_sql` in which attributes with an option are found.
    pub options_after: &'static str,
    /// Whether the object is there and of this type, where its main row alone does not say so: a relation may hold objects of
    /// several types, and an import may name any of them. Where options are read it is only if their words are there.
    pub there: fn(&Found) -> bool,
    /// What the generic read cannot fill.
    pub read: fn(&Found, &mut Value),
    /// The statements that remove the object. The default: `DROP <kind> <name>`.
    pub delete: Option<fn(&Values, &Found) -> Vec<Statement>>,
    /// What must hold beyond checks and rules; the value may hold unknowns.
    pub validate: fn(&Value) -> crate::diag::Diagnostics,
    /// Adjusts a plan: (configuration, prior or null, planned).
    pub adjust: fn(&Value, &Value, &mut Value),
    /// Brings a stored state of an older or the official provider into today's form, before it is decoded.
    pub upgrade: fn(&mut serde_json::Value),
    /// That it is an ephemeral resource as well.
    pub ephemeral: Option<Ephemeral>,
}

/// An object for one run of Terraform, of which nothing is kept: made when it is opened, deleted when it is closed.
#[derive(Clone, Copy)]
pub struct Ephemeral {
    /// Markdown, shown at the top of its page.
    pub doc: &'static str,
    /// Adjusts what is to be made.
    pub adjust: fn(&mut Value),
}

impl Resource {
    /// `CREATE <kind> <name>`: the begin of the statement that makes the object with these values.
    pub fn begin(&self, v: &Values) -> Statement {
        Statement::create(self.kind, &self.scope.name_of(v))
    }

    /// The attributes that are declared for it, without those of its scope.
    pub fn own_attrs(&self) -> impl Iterator<Item = &'static Attr> + use<> {
        self.attrs.iter().chain(self.tables.iter().copied().flatten())
    }

    /// What a declaration starts from: `..Resource::NONE`.
    pub const NONE: Resource = Resource {
        name: "",
        kind: Kind::System,
        scope: Scope::Bare,
        doc: "",
        attrs: &[],
        tables: &[],
        rules: &[],
        names: |_| Vec::new(),
        stands_on: |_| Vec::new(),
        remote: None,
        lookups: &[],
        id: super::scope::OBJECT_ID,
        listed: Some(own_id),
        replaceable: false,
        renews: false,
        chosen: |_| true,
        columns: false,
        standing: false,
        create: |_, _| Vec::new(),
        adopt: |_| None,
        alters: &[],
        options_after: "",
        there: |_| true,
        read: |_, _| {},
        delete: None,
        validate: |_| Vec::new(),
        adjust: |_, _, _| {},
        upgrade: |_| {},
        ephemeral: None,
    };
}

/// The row's own id, unless it is one of the system's objects.
fn own_id(row: &Row) -> Vec<Parts> {
    row.parts(&["id"]).filter(|id| id[0].starts_with('u')).into_iter().collect()
}
