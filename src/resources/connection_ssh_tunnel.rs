//! `materialize_connection_ssh_tunnel`: the way through a bastion host.

use super::connection::*;
use crate::declare::*;
use crate::value::Value;

pub const CONNECTION_SSH_TUNNEL: Resource = Resource {
    name: "materialize_connection_ssh_tunnel",
    doc: "The way through a bastion host, for other connections. Materialize makes the keys. Every change is made in place, \
          in one statement.",
    attrs: &[
    HOST.doc("The bastion host's name or address."),
    PORT.required().doc("The port of its SSH server."),
    text("user").required().length(1, 255).option("USER").doc("The user there."),
    text("public_key_1")
        .computed()
        .column("t.public_key_1")
        .doc("The first public key; the bastion must accept it, and the second for the time after a rotation."),
    text("public_key_2").computed().column("t.public_key_2").doc("The second public key."),
    text("key_rotation").unread().length(1, 255).doc(
        "Any text, such as a date. A change of it rotates the keys: the first one is given up, the second becomes the \
              first, and there is a new second one. The first text is only noted.",
    ),
    scope::VALIDATE,
],
    lookups: &[Lookup {
        from: "mz_catalog.mz_connections o LEFT JOIN mz_catalog.mz_ssh_tunnel_connections t ON t.id = o.id",
        ..MAIN
    }],
    options_after: "TO SSH TUNNEL",
    // Nothing is tried out when a tunnel is made: there is nothing to say about that.
    create: |r, v| vec![r.begin(v).word(r.options_after).group(option_items(r.attrs, v))],
    alters: &[
        on_options(alter),
        on(&["key_rotation"], |c| {
            let rotate = c.alter().word("ROTATE KEYS");
            if rotates(c.old.get("key_rotation"), c.new.get("key_rotation")) { vec![rotate] } else { Vec::new() }
        }),
    ],
    adjust: |_, prior, planned| {
        if rotates(prior.get("key_rotation"), planned.get("key_rotation")) {
            planned.set("public_key_1", Value::Unknown);
            planned.set("public_key_2", Value::Unknown);
        }
    },
    ..FAMILY
};

/// The first text is only noted, and so is that there is none any more.
fn rotates(old: &Value, new: &Value) -> bool {
    !old.is_zero() && !new.is_zero() && old != new
}
