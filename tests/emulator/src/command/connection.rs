//! Connections: CREATE, ALTER, VALIDATE.

use super::alter::{owner_to, rename_to};
use super::connection_check::{check, check_known, reach};
use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::item::{Connection, Definition};
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Outcome, SqlError};
use crate::sql::doc::{Doc, bracket, comma, lines, text, titled};
use crate::sql::error::{plan, with_code};
use crate::sql::expr::Name;
use crate::sql::options::{Options, Tunnel, Value, flag_value, print_each};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::{Mode, Printer};
use crate::transaction::Company;
use std::sync::Arc;

/// Every option of any connection, in the order in which `create_sql` has them and errors list them.
pub const OPTIONS: &[&str] = &[
    "ACCESS DELEGATION", "ACCESS KEY ID", "ASSUME ROLE ARN", "ASSUME ROLE SESSION NAME", "AVAILABILITY ZONES",
    "AWS CONNECTION", "AWS PRIVATELINK", "BROKER", "BROKERS", "CATALOG TYPE", "CREDENTIAL", "DATABASE", "ENDPOINT",
    "GCP CONNECTION", "HOST", "OAUTH2 SERVER URL", "PASSWORD", "PORT", "PUBLIC KEY 1", "PUBLIC KEY 2",
    "PROGRESS TOPIC", "PROGRESS TOPIC REPLICATION FACTOR", "REGION", "REGISTRY", "ROLE ARN", "SASL MECHANISMS",
    "SASL PASSWORD", "SASL USERNAME", "SCOPE", "SECRET ACCESS KEY", "SECURITY PROTOCOL", "SERVICE ACCOUNT KEY",
    "SERVICE NAME", "SESSION TOKEN", "SSH TUNNEL", "SSL CERTIFICATE", "SSL CERTIFICATE AUTHORITY", "SSL KEY",
    "SSL MODE", "URL", "USER", "USERNAME", "WAREHOUSE",
];
/// Those that only newer servers know.
const NEWER: [&str; 5] =
    ["ACCESS DELEGATION", "GCP CONNECTION", "OAUTH2 SERVER URL", "REGISTRY", "SERVICE ACCOUNT KEY"];

fn option_name(p: &mut Parser) -> Parsed<&'static str> {
    let known: Vec<&str> = OPTIONS.iter().filter(|name| p.newer || !NEWER.contains(name)).copied().collect();
    p.option_name(&known)
}

fn one_option(p: &mut Parser) -> Parsed<(&'static str, Value)> {
    // The keys of an SSH tunnel are numbered with numbers, which are no words.
    if p.are_kws("PUBLIC KEY") {
        p.kws("PUBLIC KEY");
        return match p.number()?.as_str() {
            "1" => Ok(("PUBLIC KEY 1", flag_value(p)?)),
            "2" => Ok(("PUBLIC KEY 2", flag_value(p)?)),
            _ => p.expected("1 or 2"),
        };
    }
    let name = option_name(p)?;
    let value = match name {
        "BROKER" => {
            p.op("=");
            broker(p)?
        }
        "BROKERS" => {
            p.op("=");
            let square = p.op("[");
            if !square {
                p.expect_op("(")?;
            }
            let close = if square { "]" } else { ")" };
            let list = if p.peek().is_some_and(|t| t.is_op(close)) { Vec::new() } else { p.list(broker)? };
            p.expect_op(close)?;
            Value::List(list)
        }
        "AWS PRIVATELINK" => {
            p.op("=");
            let tunnel = privatelink(p, None)?;
            if tunnel.options.0.is_empty() { Value::Item(tunnel.connection) } else { Value::Tunnel(Box::new(tunnel)) }
        }
        "AWS CONNECTION" | "GCP CONNECTION" | "SSH TUNNEL" => {
            p.op("=");
            Value::Item(Name::new(p.name()?))
        }
        _ => flag_value(p)?,
    };
    // USERNAME is another word for USER.
    Ok((if name == "USERNAME" { "USER" } else { name }, value))
}

fn broker(p: &mut Parser) -> Parsed<Value> {
    let matching = p.newer && p.kw("MATCHING");
    let address = p.string()?;
    if matching {
        p.expect_kw("USING AWS PRIVATELINK")?;
        return privatelink(p, Some(address)).map(|t| Value::Tunnel(Box::new(Tunnel { matching, ..t })));
    }
    if !p.kw("USING") {
        return Ok(Value::Str(address));
    }
    if p.expect_one_of(&["AWS", "SSH"])? == "AWS" {
        p.expect_kw("PRIVATELINK")?;
        return privatelink(p, Some(address)).map(|t| Value::Tunnel(Box::new(t)));
    }
    p.expect_kw("TUNNEL")?;
    let connection = Name::new(p.name()?);
    Ok(Value::Tunnel(Box::new(Tunnel {
        matching,
        broker: Some(address),
        ssh: true,
        connection,
        options: Options::default(),
    })))
}

fn privatelink(p: &mut Parser, broker: Option<String>) -> Parsed<Tunnel> {
    let connection = Name::new(p.name()?);
    let mut options = Options::default();
    if p.peek().is_some_and(|t| t.is_op("(")) {
        options = crate::sql::options::options(p, &["AVAILABILITY ZONE", "PORT"])?;
    }
    Ok(Tunnel { matching: false, broker, ssh: false, connection, options })
}

/// Switches VALIDATE on.
const VALIDATION: &str = "enable_connection_validation_syntax";

/// `WITH (VALIDATE = false)`: None when not given.
fn validation(p: &mut Parser) -> Parsed<Option<bool>> {
    let options = crate::sql::options::with_options(p, &["VALIDATE"])?;
    options.bool("VALIDATE").map_err(|e| p.error(&e.message))
}

struct CreateConnection {
    name: Vec<String>,
    if_not_exists: bool,
    kind: &'static str,
    options: Options,
    validate: Option<bool>,
}

pub fn create_connection(p: &mut Parser) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    let name = p.name()?;
    p.expect_kw("TO")?;
    let kinds = ["AWS", "KAFKA", "CONFLUENT", "POSTGRES", "SSH", "SQL", "MYSQL", "ICEBERG", "GCP"];
    let kinds = if p.newer { &kinds[..] } else { &kinds[..8] };
    let kind = match p.expect_one_of(kinds)? {
        "AWS" if p.kw("PRIVATELINK") => "AWS PRIVATELINK",
        "AWS" if p.newer && p.kw("GLUE") => {
            p.expect_kw("SCHEMA REGISTRY")?;
            "AWS GLUE SCHEMA REGISTRY"
        }
        "GCP" => "GCP",
        "AWS" => "AWS",
        "KAFKA" => "KAFKA",
        "CONFLUENT" => {
            p.expect_kw("SCHEMA REGISTRY")?;
            "CONFLUENT SCHEMA REGISTRY"
        }
        "POSTGRES" => "POSTGRES",
        "SSH" => {
            p.expect_kw("TUNNEL")?;
            "SSH TUNNEL"
        }
        "SQL" => {
            p.expect_kw("SERVER")?;
            "SQL SERVER"
        }
        "MYSQL" => "MYSQL",
        _ => {
            p.expect_kw("CATALOG")?;
            "ICEBERG CATALOG"
        }
    };
    let bracket = p.op("(");
    let options = if bracket && p.op(")") {
        Vec::new()
    } else {
        let list = p.list(one_option)?;
        if bracket {
            p.expect_op(")")?;
        }
        list
    };
    let validate = validation(p)?;
    Ok(Arc::new(CreateConnection { name, if_not_exists, kind, options: Options(options), validate }))
}

/// Looks up what the options name: secrets and other connections.
fn resolve(cx: &Context<'_>, options: &mut Options) -> Result<(), SqlError> {
    options.0.iter_mut().try_for_each(|(option, value)| resolve_value(cx, option, value))
}

fn resolve_value(cx: &Context<'_>, option: &str, value: &mut Value) -> Result<(), SqlError> {
    let connection = |name: &mut Name, kind: &str, what: &str| -> Result<(), SqlError> {
        let id = cx.catalog.resolve_item(&cx.session.names, &name.parts)?;
        match cx.catalog.items.get(&id).map(|i| &i.definition) {
            Some(Definition::Connection(c)) if c.kind == kind => name.item = Some(id),
            _ => {
                let name = cx.catalog.items.get(&id).map_or("", |i| i.name.as_str());
                return Err(plan(format!("{name} is not {what} connection")));
            }
        }
        Ok(())
    };
    match value {
        Value::Secret(name) => {
            let id = cx.catalog.resolve_item(&cx.session.names, &name.parts)?;
            if !matches!(cx.catalog.items.get(&id).map(|i| &i.definition), Some(Definition::Secret)) {
                return Err(plan(format!("{} is not a secret", cx.catalog.dotted(id))));
            }
            name.item = Some(id);
            Ok(())
        }
        Value::Item(name) => match option {
            "SSH TUNNEL" => connection(name, "SSH TUNNEL", "an SSH"),
            "AWS CONNECTION" => connection(name, "AWS", "an AWS"),
            "GCP CONNECTION" => connection(name, "GCP", "a GCP"),
            _ => connection(name, "AWS PRIVATELINK", "an AWS PRIVATELINK"),
        },
        Value::Tunnel(t) if t.ssh => connection(&mut t.connection, "SSH TUNNEL", "an SSH"),
        Value::Tunnel(t) => {
            connection(&mut t.connection, "AWS PRIVATELINK", "an AWS PRIVATELINK")?;
            check_zone(cx, t)
        }
        Value::List(list) => list.iter_mut().try_for_each(|v| resolve_value(cx, option, v)),
        _ => Ok(()),
    }
}

/// A broker's availability zone has to be one of its endpoint's.
fn check_zone(cx: &Context<'_>, tunnel: &Tunnel) -> Result<(), SqlError> {
    let (Some(zone), Some(id)) = (tunnel.options.text("AVAILABILITY ZONE")?, tunnel.connection.item) else {
        return Ok(());
    };
    let Some(Definition::Connection(endpoint)) = cx.catalog.items.get(&id).map(|i| &i.definition) else {
        return Ok(());
    };
    let is_it = |v: &Value| matches!(v, Value::Str(s) if *s == zone);
    match endpoint.option("AVAILABILITY ZONES") {
        Some(Value::List(zones)) if !zones.iter().any(is_it) => Err(plan(format!(
            "AWS PrivateLink availability zone \"{zone}\" does not match any of the availability zones on the AWS \
             PrivateLink connection \"{}\"",
            cx.catalog.dotted(id)
        ))),
        _ => Ok(()),
    }
}

/// Tries to reach the other side, where that is asked for.
fn validate_connection(cx: &Context<'_>, connection: &Connection, asked: Option<bool>) -> Result<(), SqlError> {
    let by_default = cx.catalog.parameters.get("enable_default_connection_validation").is_none_or(|p| p.value == "on")
        && !matches!(connection.kind, "SSH TUNNEL" | "AWS PRIVATELINK" | "GCP");
    if asked.unwrap_or(by_default) { reach(cx.catalog, connection) } else { Ok(()) }
}

impl Command for CreateConnection {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let mut options = self.options.clone();
        if self.validate.is_some() {
            cx.catalog.require(VALIDATION)?;
        }
        resolve(cx, &mut options)?;
        options.once()?;
        if self.kind == "KAFKA" && options.get("AWS CONNECTION").is_some() {
            cx.catalog.require("enable_aws_msk_iam_auth")?;
        }
        options.sort_as(OPTIONS);
        let mut connection = Connection { kind: self.kind, options };
        check(&connection)?;
        let definition = Definition::Connection(connection.clone());
        let (schema, name, taken) = super::types::place(cx, &self.name, self.if_not_exists, &definition)?;
        if taken {
            return done_with("CREATE CONNECTION", format!("connection \"{name}\" already exists, skipping"));
        }
        validate_connection(cx, &connection, self.validate)?;
        if self.kind == "SSH TUNNEL" {
            for key in ["PUBLIC KEY 1", "PUBLIC KEY 2"] {
                if connection.option(key).is_none() {
                    connection.options.set(key, Value::Str(public_key()));
                }
            }
            connection.options.sort_as(OPTIONS);
        }
        let definition = Definition::Connection(connection);
        cx.catalog.check_room_for(schema, &definition)?;
        let id = cx.catalog.new_item_id();
        cx.catalog.insert_item(id, schema, name, cx.session.role, definition);
        done("CREATE CONNECTION")
    }
}

/// A public key as SSH writes an Ed25519 one. Nobody holds the private half: the emulator connects nowhere.
fn public_key() -> String {
    use std::hash::{BuildHasher, RandomState};
    let mut bytes = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
    for n in 0..4u64 {
        bytes.extend(RandomState::new().hash_one(n).to_be_bytes());
    }
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0usize, |n, b| n << 8 | usize::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let symbol = ALPHABET[group >> (18 - 6 * i) & 63] as char;
            out.push(if i > chunk.len() { '=' } else { symbol });
        }
    }
    format!("ssh-ed25519 {out} materialize")
}

pub fn print(p: &Printer, id: Id, c: &Connection) -> Doc {
    let name = p.idents(&p.catalog.full_name(id));
    let options = bracket("(", comma(print_each(&c.options, p).into_iter().map(text)), ")");
    lines([text(format!("CREATE CONNECTION {name}")), titled(&format!("TO {}", c.kind), options)]).group()
}

struct AlterConnection {
    name: Vec<String>,
    if_exists: bool,
    set: Vec<(&'static str, Value)>,
    removed: Vec<&'static str>,
    /// How often `ROTATE KEYS` is there.
    rotations: usize,
    /// What is in `WITH (…)`.
    with: Options,
}

pub fn alter_connection(p: &mut Parser) -> Parsed<Boxed> {
    let kind = ObjectKind::Connection;
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    if p.kw("RENAME") {
        return rename_to(p, kind, name, if_exists);
    }
    if p.kw("OWNER") {
        return owner_to(p, kind, name, if_exists);
    }
    let (mut set, mut removed, mut rotations) = (Vec::new(), Vec::new(), 0);
    loop {
        let bracketed =
            |p: &mut Parser| p.paren_list(|p| option_name(p).map(|n| if n == "USERNAME" { "USER" } else { n }));
        match p.expect_one_of(&["SET", "DROP", "RESET", "ROTATE", "RENAME", "OWNER"])? {
            "SET" if p.op("(") => {
                set.extend(p.list(one_option)?);
                p.expect_op(")")?;
            }
            "SET" => set.push(one_option(p)?),
            "ROTATE" => {
                p.expect_kw("KEYS")?;
                rotations += 1;
            }
            _ if p.peek().is_some_and(|t| t.is_op("(")) => removed.extend(bracketed(p)?),
            _ => removed.push(option_name(p)?),
        }
        if !p.op(",") {
            break;
        }
    }
    let with = crate::sql::options::with_options(p, &["VALIDATE"])?;
    Ok(Arc::new(AlterConnection { name, if_exists, set, removed, rotations, with }))
}

/// Options of which only one may be there: setting one takes the other away.
const EXCLUSIVE: [&str; 2] = ["BROKER", "BROKERS"];

impl AlterConnection {
    fn changed(&self, cx: &Context<'_>, old: &Connection) -> Result<Connection, SqlError> {
        let (set, removed) = (&self.set, &self.removed);
        if old.kind == "ICEBERG CATALOG" {
            return Err(with_code("0A000", "ALTER CONNECTION is not supported for ICEBERG CATALOG connections"));
        }
        let mut given = Options(set.to_vec());
        resolve(cx, &mut given)?;
        let fixed = ["PROGRESS TOPIC", "PROGRESS TOPIC REPLICATION FACTOR"];
        let touched = || set.iter().map(|(n, _)| *n).chain(removed.iter().copied());
        if let Some(name) = touched().find(|n| fixed.contains(n)) {
            return Err(plan(format!("cannot ALTER {} option {name}", old.kind)));
        }
        check_known(old.kind, touched())?;
        given.once()?;
        let is_set = |name: &&&str| set.iter().any(|(n, _)| n == *name);
        let both: Vec<&str> = removed.iter().filter(is_set).copied().collect();
        if !both.is_empty() {
            return Err(plan(format!("cannot both SET and DROP/RESET options {}", both.join(", "))));
        }
        let mut new = old.clone();
        removed.iter().for_each(|n| new.options.remove(n));
        let (sets, drops) = (EXCLUSIVE.iter().any(|n| is_set(&n)), EXCLUSIVE.iter().any(|n| removed.contains(n)));
        if sets && drops {
            return Err(plan(format!(
                "cannot both SET and DROP/RESET mutually exclusive {} options {}",
                old.kind,
                EXCLUSIVE.join(", ")
            )));
        }
        if sets || drops {
            EXCLUSIVE.iter().for_each(|n| new.options.remove(n));
        }
        given.0.into_iter().for_each(|(name, value)| new.options.set(name, value));
        // Both are kept if both were set: that is for the check to see.
        new.options.sort_as(OPTIONS);
        check(&new).map_err(|e| with_code("0A000", format!("invalid ALTER CONNECTION: {}", e.message)))?;
        Ok(new)
    }

    /// The second key becomes the first.
    fn rotated(&self, cx: &Context<'_>, id: Id, old: &Connection) -> Result<Connection, SqlError> {
        if self.rotations > 1 || !self.set.is_empty() || !self.removed.is_empty() {
            return Err(plan("cannot specify any other actions alongside ALTER CONNECTION...ROTATE KEYS"));
        }
        if !self.with.0.is_empty() {
            let with = print_each(&self.with, &Printer::new(cx.catalog, Mode::Simple)).join(", ");
            return Err(plan(format!("ALTER CONNECTION...ROTATE KEYS does not support WITH ({with})")));
        }
        if old.kind != "SSH TUNNEL" {
            return Err(plan(format!("{} is not an SSH connection", cx.catalog.dotted(id))));
        }
        let mut new = old.clone();
        if let Some(second) = old.option("PUBLIC KEY 2") {
            new.options.set("PUBLIC KEY 1", second.clone());
        }
        new.options.set("PUBLIC KEY 2", Value::Str(public_key()));
        Ok(new)
    }
}

impl Command for AlterConnection {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        const TAG: &str = "ALTER CONNECTION";
        let id = match cx.catalog.resolve_kind(&cx.session.names, &self.name, ObjectKind::Connection) {
            Ok(id) => id,
            Err(_) if self.if_exists => {
                return done_with(TAG, format!("connection \"{}\" does not exist, skipping", self.name.join(".")));
            }
            Err(e) => return Err(e),
        };
        super::alter::check_not_system(cx, Object::Item(id))?;
        let Some(Definition::Connection(old)) = cx.catalog.items.get(&id).map(|i| i.definition.clone()) else {
            return done(TAG);
        };
        let new = if self.rotations > 0 {
            let new = self.rotated(cx, id, &old)?;
            cx.catalog.check_owner(cx.session, Object::Item(id))?;
            new
        } else {
            let new = self.changed(cx, &old)?;
            self.with.once()?;
            if self.with.get("VALIDATE").is_some() {
                cx.catalog.require(VALIDATION)?;
            }
            cx.catalog.check_named(cx.session, &Definition::Connection(new.clone()))?;
            cx.catalog.check_owner(cx.session, Object::Item(id))?;
            validate_connection(cx, &new, self.with.bool("VALIDATE")?)?;
            new
        };
        if let Some(item) = cx.catalog.items.get_mut(&id) {
            item.definition = Definition::Connection(new);
        }
        cx.catalog.relink(id);
        cx.catalog.note_altered(id);
        done(TAG)
    }
}

struct Validate(Vec<String>);

pub fn validate(p: &mut Parser) -> Parsed<Boxed> {
    p.expect_kw("CONNECTION")?;
    Ok(Arc::new(Validate(p.name()?)))
}

impl Command for Validate {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        cx.catalog.require(VALIDATION)?;
        let id = cx.catalog.resolve_kind(&cx.session.names, &self.0, ObjectKind::Connection)?;
        cx.catalog.check_items(cx.session, [id])?;
        if let Some(Definition::Connection(connection)) = cx.catalog.items.get(&id).map(|i| &i.definition) {
            reach(cx.catalog, connection)?;
        }
        done("VALIDATE CONNECTION")
    }
}
