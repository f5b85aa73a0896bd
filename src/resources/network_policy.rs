//! `materialize_network_policy`: from where roles may connect.

use std::net::IpAddr;

use crate::declare::*;
use crate::sql::{Kind, Statement, item};
use crate::value::Value;

const CIDR: Check = Check::Text(is_cidr, "a CIDR block such as \"203.0.113.0/24\"");

fn is_cidr(text: &str) -> bool {
    cidr(text).is_some()
}

/// The address, with the bits of the host as they are, and the number of bits of the network.
fn cidr(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/')?;
    let (address, bits) = (address.parse().ok()?, bits.parse().ok()?);
    let most = if matches!(address, IpAddr::V4(_)) { 32 } else { 128 };
    (bits <= most).then_some((address, bits))
}

const RULE: &[Attr] = &[
    identifier("name").required().doc("The rule's name."),
    text("action").required().one_of(&["allow"]).doc("What the rule does: `allow`."),
    text("direction").required().one_of(&["ingress"]).doc("Which way the traffic goes: `ingress`."),
    text("address")
        .required()
        .check(CIDR)
        .same(|a, b| a.as_text().and_then(cidr).is_some_and(|block| b.as_text().and_then(cidr) == Some(block)))
        .doc("The addresses, as a CIDR block."),
];

pub const NETWORK_POLICY: Resource = Resource {
    name: "materialize_network_policy",
    kind: Kind::NetworkPolicy,
    scope: Scope::Environment,
    doc: "A network policy: the addresses from which connections are accepted.",
    attrs: &[block_set("rule", RULE).required().at_most(25).doc("A rule. The order means nothing.")],
    lookups: &[
        Lookup { from: "mz_internal.mz_network_policies o", ..Lookup::NONE },
        Lookup {
            columns: &[
                ("name", "r.name"),
                ("action", "r.action"),
                ("direction", "r.direction"),
                ("address", "r.address"),
            ],
            from: "mz_internal.mz_network_policy_rules r",
            by_key: &["r.policy_id"],
            ..Lookup::NONE
        },
    ],
    create: |r, v| vec![r.begin(v).group([rules(v)])],
    alters: &[on(&["rule"], |c| {
        let alter = c.alter();
        vec![alter.word("SET").group([rules(&c.new)])]
    })],
    read: |found, read| {
        let rule = |row: &crate::catalog::Row| {
            Value::Map(RULE.iter().map(|attr| (attr.name.to_owned(), row.get(attr.name).into())).collect())
        };
        read.set("rule", Value::list(found.more(1).iter().map(rule)));
    },
    ..Resource::NONE
};

fn rules(v: &Values) -> Statement {
    let option = |rule: &Values, name: &str| item().word(&name.to_uppercase()).symbol("=").text(rule.str(name));
    let rule = |rule: Values| {
        let options = ["action", "direction", "address"].map(|name| option(&rule, name));
        item().ident(rule.str("name")).group(options)
    };
    item().word("RULES").group(v.blocks("rule").map(rule))
}
