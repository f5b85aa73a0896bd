//! `materialize_role_members`: all members of one role. Who is not configured is taken out.

use std::collections::BTreeSet;

use crate::declare::*;
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

pub const ROLE_MEMBERS: Resource = Resource {
    name: "materialize_role_members",
    kind: Kind::Role,
    doc: "All members of one role: who is not configured here is taken out, when this is created and whenever somebody shows \
          up later. Creating it does not ask whether the role has members already: the first apply takes them out. \
          Destroying it takes out the members that its state shows. For one role use either this or `materialize_role_grant`, \
          not both: they would undo each other's work.",
    attrs: &[
        identifier("role_name").required().column("r.name").doc("The role whose privileges the members have."),
        of("member_names", Ty::Set(&Ty::Text))
            .required()
            .check(scope::IDENTIFIER)
            .doc("The roles that are its members. None, if the set is empty."),
    ],
    stands_on: |v| {
        members(v).into_iter().chain([v.str("role_name")]).map(|role| (Kind::Role, Name::new([role]))).collect()
    },
    lookups: &[
        Lookup {
            columns: &[("id", "r.id")],
            from: "mz_catalog.mz_roles r",
            by_key: &["r.id"],
            by_name: &[("r.name", "role_name")],
            ..Lookup::NONE
        },
        Lookup {
            columns: &[("member", "x.name")],
            from: "mz_catalog.mz_role_members m JOIN mz_catalog.mz_roles x ON x.id = m.member",
            by_key: &["m.role_id"],
            ..Lookup::NONE
        },
    ],
    id: IdForm {
        parse: |suffix| Key::behind("ROLE MEMBERS", 1, suffix),
        suffix: |found, _| Some(format!("ROLE MEMBERS|{}", found.id())),
        forms: "`<region>:ROLE MEMBERS|<role id>`",
        named: &[&["role_name"]],
    },
    standing: true,
    alters: &[on(&["member_names"], |c| changes(c.new.str("role_name"), members(&c.old), members(&c.new)))],
    delete: Some(|v, _| changes(v.str("role_name"), members(v), BTreeSet::new())),
    read: |found, read| {
        let members = found.more(1).iter().filter_map(|row| row.get("member"));
        read.set("member_names", Value::list(members.map(Value::text)));
    },
    ..Resource::NONE
};

fn members<'a>(v: &Values<'a>) -> BTreeSet<&'a str> {
    v.texts("member_names").into_iter().collect()
}

/// One statement for all that come, one for all that go.
fn changes(role: &str, old: BTreeSet<&str>, new: BTreeSet<&str>) -> Vec<Statement> {
    let statement = |verb, to, members: Vec<&str>| {
        let start = item().word(verb).ident(role).word(to);
        (!members.is_empty()).then(|| start.list(members.into_iter().map(|member| item().ident(member))))
    };
    let come = statement("GRANT", "TO", new.difference(&old).copied().collect());
    let go = statement("REVOKE", "FROM", old.difference(&new).copied().collect());
    come.into_iter().chain(go).collect()
}
