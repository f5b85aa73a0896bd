//! Entries of access control lists: `mz_aclitem`, which names roles by id, and PostgreSQL's `aclitem`, which does by
//! number.

use super::access::{privileges, unrecognized};
use super::{Argument, Facts, Inquiry, boolean, strict, text, texts};
use crate::catalog::Id;
use crate::catalog::privileges::{AclMode, PRIVILEGES};
use crate::datum::{Datum, SqlError};
use crate::relations::scope;
use crate::sql::error::plan;

pub const ALL: &[Inquiry] = &[
    strict("make_mz_aclitem", (3, 3), "mz_aclitem", |_, args| {
        let (grantee, grantor) = (role(&args[0].text())?, role(&args[1].text())?);
        if grantor == Id::Public {
            return Err(plan("mz_aclitem grantor cannot be PUBLIC role"));
        }
        let grantee = if grantee == Id::Public { String::new() } else { grantee.to_string() };
        Ok(text(format!("{grantee}={}/{grantor}", union(&args[2].text())?)))
    }),
    strict("makeaclitem", (4, 4), "aclitem", |_, args| {
        if *args[3].value == Datum::Bool(true) {
            return Err(plan("GRANT OPTION not yet supported"));
        }
        let grantee = Some(args[0].text()).filter(|oid| oid != "0").unwrap_or_default();
        Ok(text(format!("{grantee}={}/{}", union(&args[2].text())?, args[1].text())))
    }),
    strict("mz_aclitem_grantee", (1, 1), "text", |_, args| {
        let item = args[0].text();
        Ok(text(match Entry::of(&item).grantee {
            "" => "p",
            grantee => grantee,
        }))
    }),
    strict("mz_aclitem_grantor", (1, 1), "text", |_, args| Ok(text(Entry::of(&args[0].text()).grantor))),
    strict("mz_aclitem_privileges", (1, 1), "text", |_, args| Ok(text(Entry::of(&args[0].text()).mode))),
    strict("aclitem_grantee", (1, 1), "oid", |_, args| Ok(number(Entry::of(&args[0].text()).grantee))),
    strict("aclitem_grantor", (1, 1), "oid", |_, args| Ok(number(Entry::of(&args[0].text()).grantor))),
    strict("mz_format_privileges", (1, 1), "text[]", |_, args| {
        let letters = args[0].text();
        Ok(texts(mode(&letters)?.names()))
    }),
    strict("mz_validate_privileges", (1, 1), "boolean", |_, args| privileges(&args[0].text()).map(|_| boolean(true))),
    strict("mz_validate_role_privilege", (1, 1), "boolean", |_, args| match args[0].text() {
        privilege if privilege.trim().eq_ignore_ascii_case("MEMBER") => Ok(boolean(true)),
        privilege if privilege.trim().eq_ignore_ascii_case("USAGE") => Ok(boolean(true)),
        privilege => Err(plan(format!("unrecognized privilege type: \"{privilege}\""))),
    }),
    strict("mz_acl_item_contains_privilege", (2, 2), "boolean", |_, args| {
        let held = mode(Entry::of(&args[0].text()).mode)?;
        Ok(boolean(privileges(&args[1].text())?.into_iter().any(|mode| held.contains(mode))))
    }),
    strict("to_aclitem", (1, 1), "aclitem", |facts, args| {
        let item = args[0].text();
        if args[0].ty == "aclitem" {
            return Ok(text(item));
        }
        let entry = Entry::of(&item);
        let oid = |id: &str| scope::id(id).and_then(|id| facts.catalog.roles.get(&id)).map(|r| r.oid.to_string());
        let grantee = if entry.grantee.is_empty() { Some(String::new()) } else { oid(entry.grantee) };
        let (Some(grantee), Some(grantor)) = (grantee, oid(entry.grantor)) else { return Ok(Datum::Null) };
        Ok(text(format!("{grantee}={}/{grantor}", entry.mode)))
    }),
    strict("to_mz_aclitem", (1, 1), "mz_aclitem", |facts, args| {
        let item = args[0].text();
        if args[0].ty != "aclitem" {
            return Ok(text(item));
        }
        let entry = Entry::of(&item);
        let id = |oid: &str| by_number(facts, oid).map(|role| role.id.to_string());
        let grantee = if entry.grantee.is_empty() { Some(String::new()) } else { id(entry.grantee) };
        let (Some(grantee), Some(grantor)) = (grantee, id(entry.grantor)) else { return Ok(Datum::Null) };
        Ok(text(format!("{grantee}={}/{grantor}", entry.mode)))
    }),
    // The columns of the table function `mz_aclexplode`, each a list as long as the others.
    strict("mz_aclexplode_grantor", (1, 1), "text[]", |_, args| exploded(args, |e, _| text(e.grantor))),
    strict("mz_aclexplode_grantee", (1, 1), "text[]", |_, args| {
        exploded(args, |e, _| text(if e.grantee.is_empty() { "p" } else { e.grantee }))
    }),
    strict("mz_aclexplode_privilege_type", (1, 1), "text[]", |_, args| exploded(args, |_, privilege| text(privilege))),
    strict("mz_aclexplode_is_grantable", (1, 1), "boolean[]", |_, args| exploded(args, |_, _| boolean(false))),
    strict("mz_aclexplode_record", (1, 1), "text[]", |_, args| {
        exploded(args, |e, privilege| {
            let grantee = if e.grantee.is_empty() { "p" } else { e.grantee };
            text(format!("({},{grantee},{privilege},f)", e.grantor))
        })
    }),
    // The same of `aclexplode`.
    strict("aclexplode_grantor", (1, 1), "oid[]", |_, args| exploded(args, |e, _| number(e.grantor))),
    strict("aclexplode_grantee", (1, 1), "oid[]", |_, args| exploded(args, |e, _| number(e.grantee))),
    strict("aclexplode_privilege_type", (1, 1), "text[]", |_, args| exploded(args, |_, privilege| text(privilege))),
    strict("aclexplode_is_grantable", (1, 1), "boolean[]", |_, args| exploded(args, |_, _| boolean(false))),
    strict("aclexplode_record", (1, 1), "text[]", |_, args| {
        exploded(args, |e, privilege| {
            let grantee = if e.grantee.is_empty() { "0" } else { e.grantee };
            text(format!("({},{grantee},{privilege},f)", e.grantor))
        })
    }),
];

/// An entry as it is written: `grantee=letters/grantor`; for PUBLIC, the grantee is empty.
struct Entry<'a> {
    grantee: &'a str,
    mode: &'a str,
    grantor: &'a str,
}

impl<'a> Entry<'a> {
    fn of(item: &'a str) -> Self {
        let (grantee, rest) = item.split_once('=').unwrap_or(("", item));
        let (mode, grantor) = rest.split_once('/').unwrap_or((rest, ""));
        Self { grantee, mode, grantor }
    }
}

fn role(id: &str) -> Result<Id, SqlError> {
    match scope::id(id) {
        Some(Id::Public) if id != "p" => Err(plan(format!("couldn't parse role id '{id}'"))),
        Some(id) => Ok(id),
        None => Err(plan(format!("couldn't parse role id '{id}'"))),
    }
}

fn number(oid: &str) -> Datum {
    Datum::Uint(oid.parse().unwrap_or(0))
}

fn union(list: &str) -> Result<AclMode, SqlError> {
    Ok(privileges(list)?.into_iter().fold(AclMode::default(), AclMode::union))
}

/// Privileges by their letters.
fn mode(letters: &str) -> Result<AclMode, SqlError> {
    letters.chars().try_fold(AclMode::default(), |mode, letter| {
        let at = PRIVILEGES.iter().position(|(_, known)| *known == letter);
        at.map(|i| mode.union(AclMode(1 << i))).ok_or_else(|| unrecognized(letters))
    })
}

fn by_number<'a>(facts: &'a Facts, oid: &str) -> Option<&'a crate::catalog::Role> {
    let oid: u64 = oid.parse().ok()?;
    facts.catalog.roles.values().find(|role| role.oid == oid)
}

/// An entry with the names of roles in place of their ids, as its cast to text has it.
pub fn named(facts: &Facts, item: &str) -> Datum {
    let entry = Entry::of(item);
    let name = |id: &str| match scope::id(id).and_then(|id| facts.catalog.roles.get(&id)) {
        Some(role) => role.name.clone(),
        None => id.to_owned(),
    };
    let grantee = if entry.grantee.is_empty() { String::new() } else { name(entry.grantee) };
    text(format!("{grantee}={}/{}", entry.mode, name(entry.grantor)))
}

/// The same for an entry that has numbers.
pub fn numbered(facts: &Facts, item: &str) -> Datum {
    let entry = Entry::of(item);
    let name = |oid: &str| by_number(facts, oid).map_or_else(|| oid.to_owned(), |role| role.name.clone());
    text(format!("{}={}/{}", name(entry.grantee), entry.mode, name(entry.grantor)))
}

/// Something of each privilege of each entry of a list.
fn exploded(args: &[Argument], of: fn(&Entry, &str) -> Datum) -> Result<Datum, SqlError> {
    let Datum::Array(items) = args[0].value else { return Ok(Datum::Null) };
    let mut out = Vec::new();
    for item in items.iter().filter(|item| **item != Datum::Null) {
        let item = crate::query::text::value(item);
        let entry = Entry::of(&item);
        out.extend(mode(entry.mode)?.names().map(|privilege| of(&entry, privilege)));
    }
    Ok(Datum::Array(out))
}
