//! `materialize_role`: who signs in, and what privileges are granted to.

use crate::declare::scope::QUALIFIED;
use crate::declare::*;
use crate::sql::{Kind, Name, Statement, item};

pub const ROLE: Resource = Resource {
    name: "materialize_role",
    kind: Kind::Role,
    scope: Scope::Environment,
    doc: "A role: a user or service that signs in, or a group that privileges are granted to.",
    attrs: &[
        QUALIFIED,
        boolean("create_if_not_exists")
            .default(Default::Bool(false))
            .stored("it only matters when the role is created")
            .doc(
                "Whether a role that already has this name is taken over instead of failing: it gets the password, \
                 `login` and `superuser` given here, and is dropped on destroy like any other.",
            ),
        boolean("inherit").computed().column("o.inherit").doc("Whether the role inherits the privileges of its roles."),
        boolean("login").or_server().column("o.rolcanlogin").doc("Whether the role may sign in with a password."),
        text("password")
            .sensitive()
            .doc("The password. It is kept in the state, readable to all who may read that: prefer `password_wo`."),
        text("password_wo")
            .write_only()
            .doc("The password, stored nowhere. Set `password_wo_version` with it. It goes before `password`."),
        int("password_wo_version").doc("Any number. Change it to have `password_wo` sent again."),
        identifier("reassign_owned_to").stored(DESTROYED).doc(
            "A role that is given all that this one owns before this one is dropped; the privileges of this one are revoked. \
             Without it or `drop_owned`, Materialize refuses to drop a role that owns something or has privileges. Apply \
             it before the role is destroyed.",
        ),
        boolean("drop_owned").stored(DESTROYED).doc(
            "Whether **all that the role owns is dropped, with its data,** before the role is, and its privileges are revoked. \
             Materialize refuses if other objects depend on any of it. Apply it before the role is destroyed.",
        ),
        boolean("superuser").or_server().column("o.rolsuper").doc("Whether the role may do everything."),
    ],
    rules: &[
        Rule::together(&["password_wo", "password_wo_version"]),
        Rule::Conflicts("reassign_owned_to", &["drop_owned"]),
    ],
    lookups: &[Lookup { from: "mz_catalog.mz_roles o", ..Lookup::NONE }],
    create: |_, v| {
        let options = options(v, v.is_true("login"), v.is_true("superuser"));
        let create = Statement::create(Kind::Role, &name(v));
        vec![if options.nodes.is_empty() { create } else { create.word("WITH").then(options) }]
    },
    adopt: |v| {
        v.is_true("create_if_not_exists").then(|| {
            let set = |name| v.bool(name).is_some();
            let mut all = options(v, set("login") && v.is_true("login"), set("superuser") && v.is_true("superuser"));
            if v.bool("login") == Some(false) {
                all = all.word("NOLOGIN");
            }
            if v.bool("superuser") == Some(false) {
                all = all.word("NOSUPERUSER");
            }
            if all.nodes.is_empty() {
                Vec::new()
            } else {
                vec![Statement::alter(Kind::Role, &name(v)).word("WITH").then(all)]
            }
        })
    },
    alters: &[
        on(&["login"], |c| alter(c, if c.new.is_true("login") { "LOGIN" } else { "NOLOGIN" })),
        on(&["superuser"], |c| alter(c, if c.new.is_true("superuser") { "SUPERUSER" } else { "NOSUPERUSER" })),
        on(&["password", "password_wo_version"], |c| {
            let alter = Statement::alter(Kind::Role, &name(&c.new)).word("WITH PASSWORD");
            // What changes is what is sent.
            let changed = c.new.text("password").filter(|_| !c.has("password_wo_version"));
            vec![match changed.or_else(|| password(&c.new)) {
                Some(password) => alter.secret(password),
                None => alter.word("NULL"),
            }]
        }),
    ],
    delete: Some(|v, _| {
        let own = |verb: &str| item().word(verb).ident(v.str("name"));
        let reassign = v.text("reassign_owned_to").map(|to| own("REASSIGN OWNED BY").word("TO").ident(to));
        let owns = reassign.is_some() || v.is_true("drop_owned");
        let drop_owned = owns.then(|| own("DROP OWNED BY"));
        reassign.into_iter().chain(drop_owned).chain([Statement::drop(Kind::Role, &name(v))]).collect()
    }),
    ..Resource::NONE
};

/// Why some attributes are only kept.
const DESTROYED: &str = "it only says how the role is destroyed";

fn name(v: &Values) -> Name {
    Name::new([v.str("name")])
}

fn alter(c: &Change, word: &str) -> Vec<Statement> {
    vec![Statement::alter(Kind::Role, &name(&c.new)).word("WITH").word(word)]
}

fn password<'a>(v: &Values<'a>) -> Option<&'a str> {
    v.write_only("password_wo").or(v.text("password"))
}

/// The role options of `CREATE ROLE` and `ALTER ROLE`, in the order of the documentation.
fn options(v: &Values, login: bool, superuser: bool) -> Statement {
    item()
        .when(login, |s| s.word("LOGIN"))
        .with(password(v), |s, password| s.word("PASSWORD").secret(password))
        .when(superuser, |s| s.word("SUPERUSER"))
}
