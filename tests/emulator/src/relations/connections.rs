//! Connections by kind.

use super::objects::{of_kind, sql};
use super::{Rows, Scope, acl, oid, optional, text, texts};
use crate::catalog::Catalog;
use crate::catalog::item::{Connection, Definition, Item};
use crate::catalog::privileges::ObjectKind;
use crate::datum::Datum;
use crate::sql::options::Value;

/// As `mz_connections.type`.
pub fn kind(i: &Item) -> String {
    match &i.definition {
        Definition::Connection(c) => c.kind.to_lowercase().replace(' ', "-"),
        _ => String::new(),
    }
}

fn all<'a>(c: &'a Scope<'_>, kind: &'static str) -> impl Iterator<Item = (&'a Item, &'a Connection)> {
    of_kind(c, ObjectKind::Connection).filter_map(move |i| match &i.definition {
        Definition::Connection(connection) if connection.kind == kind => Some((i, connection)),
        _ => None,
    })
}

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    Some(match relation {
        "mz_connections" => of_kind(c, ObjectKind::Connection)
            .map(|i| {
                let [create, redacted] = sql(c, i);
                let privileges = acl(&i.privileges);
                vec![
                    text(i.id),
                    oid(i.oid),
                    text(i.schema),
                    text(&i.name),
                    text(kind(i)),
                    text(i.owner),
                    privileges,
                    create,
                    redacted,
                ]
            })
            .collect(),
        "mz_kafka_connections" => all(c, "KAFKA")
            .map(|(i, k)| {
                let topic = k.options.text("PROGRESS TOPIC").ok().flatten();
                let own = || format!("_materialize-progress-{}-{}", c.environment_id, i.id);
                vec![text(i.id), texts(brokers(k)), text(topic.unwrap_or_else(own))]
            })
            .collect(),
        "mz_ssh_tunnel_connections" => all(c, "SSH TUNNEL")
            .map(|(i, k)| {
                let key = |name: &str| text(k.options.text(name).ok().flatten().unwrap_or_default());
                vec![text(i.id), key("PUBLIC KEY 1"), key("PUBLIC KEY 2")]
            })
            .collect(),
        "mz_aws_privatelink_connections" => all(c, "AWS PRIVATELINK")
            .map(|(i, _)| {
                vec![text(i.id), text(format!("arn:aws:iam::000000000000:role/mz_{}_{}", c.environment_id, i.id))]
            })
            .collect(),
        // No endpoint is ever asked for.
        "mz_aws_privatelink_connection_statuses" => {
            all(c, "AWS PRIVATELINK").map(|(i, _)| vec![text(i.id), text(&i.name), Datum::Null, Datum::Null]).collect()
        }
        "mz_aws_connections" => all(c, "AWS").map(|(i, k)| aws(c, i, k)).collect(),
        _ => return None,
    })
}

/// Addresses of the brokers; none for a cluster behind one endpoint.
fn brokers(k: &Connection) -> Vec<String> {
    let one = |v: &Value| match v {
        Value::Str(s) => Some(s.clone()),
        Value::Tunnel(t) => t.broker.clone(),
        _ => None,
    };
    match (k.option("BROKERS"), k.option("BROKER")) {
        (Some(Value::List(list)), _) => list.iter().filter_map(one).collect(),
        (_, Some(v)) => one(v).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn aws(c: &Catalog, i: &Item, k: &Connection) -> Vec<Datum> {
    let plain = |name: &str| match k.option(name) {
        Some(Value::Str(s)) => text(s),
        _ => Datum::Null,
    };
    let secret = |name: &str| match k.option(name) {
        Some(Value::Secret(n)) => optional(n.item),
        _ => Datum::Null,
    };
    let assumes = k.option("ASSUME ROLE ARN").is_some();
    let external = format!("mz_{}_{}", c.environment_id, i.id);
    let principal = "arn:aws:iam::000000000000:role/MaterializeConnection";
    let policy = serde_json::json!({
        "Statement": [{
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": external}},
            "Effect": "Allow",
            "Principal": {"AWS": principal},
        }],
        "Version": "2012-10-17",
    });
    let when = |d: Datum| if assumes { d } else { Datum::Null };
    vec![
        text(i.id),
        plain("ENDPOINT"),
        plain("REGION"),
        plain("ACCESS KEY ID"),
        secret("ACCESS KEY ID"),
        secret("SECRET ACCESS KEY"),
        plain("SESSION TOKEN"),
        secret("SESSION TOKEN"),
        plain("ASSUME ROLE ARN"),
        plain("ASSUME ROLE SESSION NAME"),
        when(text(principal)),
        when(text(&external)),
        when(text(policy)),
    ]
}
