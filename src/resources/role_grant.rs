//! `materialize_role_grant`: a role that is a member of another.

use crate::declare::*;
use crate::sql::{Kind, Name, item};

pub const ROLE_GRANT: Resource = Resource {
    name: "materialize_role_grant",
    kind: Kind::Role,
    scope: Scope::Bare,
    doc: "Makes a role a member of another role, whose privileges it then has.",
    attrs: &[
        identifier("member_name").required().column("x.name").doc("The role that becomes a member."),
        identifier("role_name").required().column("r.name").doc("The role that it becomes a member of."),
    ],
    stands_on: |v| ["role_name", "member_name"].map(|role| (Kind::Role, Name::new([v.str(role)]))).to_vec(),
    lookups: &[Lookup {
        columns: &[("role_id", "m.role_id"), ("member_id", "m.member")],
        from: "mz_catalog.mz_role_members m JOIN mz_catalog.mz_roles r ON r.id = m.role_id JOIN mz_catalog.mz_roles x \
               ON x.id = m.member",
        by_key: &["m.role_id", "m.member"],
        parts: &[0, 1],
        by_name: &[("r.name", "role_name"), ("x.name", "member_name")],
        ..Lookup::NONE
    }],
    id: IdForm {
        parse: |suffix| Key::behind("ROLE MEMBER", 2, suffix),
        suffix: |found, _| Some(format!("ROLE MEMBER|{}|{}", found.get("role_id")?, found.get("member_id")?)),
        forms: "`<region>:ROLE MEMBER|<role id>|<member id>`",
        named: &[&["role_name"], &["member_name"]],
    },
    listed: Some(|row| {
        row.parts(&["role_id", "member_id"]).filter(|key| key[1].starts_with('u')).into_iter().collect()
    }),
    create: |_, v| vec![item().word("GRANT").ident(v.str("role_name")).word("TO").ident(v.str("member_name"))],
    delete: Some(|v, _| vec![item().word("REVOKE").ident(v.str("role_name")).word("FROM").ident(v.str("member_name"))]),
    ..Resource::NONE
};
