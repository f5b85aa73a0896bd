//! `materialize_connection_kafka`: how Kafka brokers are reached.

use super::connection::{self, *};
use crate::declare::*;
use crate::sql::{
    Kind, Name, Node, Statement, as_group, as_name, as_number, as_text, find, first, item, option, starts_with,
};
use crate::value::{Number, Value};

const PORT: Check = Check::Between(0, 65535);

const BROKER: &[Attr] = &[
    text("broker").required().length(1, 1000).doc("The broker, as `host:port`."),
    int("target_group_port").check(PORT).doc("With `privatelink_connection`: the port of the target group."),
    text("availability_zone").doc("With `privatelink_connection`: the availability zone of the broker."),
    reference("privatelink_connection", Kind::Connection).doc("The AWS PrivateLink connection to use."),
    reference("ssh_tunnel", Kind::Connection).doc("The SSH tunnel connection to use for this broker."),
];

const MATCHING: &[Attr] = &[
    text("pattern")
        .required()
        .check(Check::Text(is_pattern, "a text with at most one * at its start and one at its end"))
        .doc("Which brokers the rule is for: their `host:port`, with `*` for any text at either end."),
    int("target_group_port").between(1, 65535).doc("The port of the target group."),
    text("availability_zone").doc("The availability zone of the brokers."),
    reference("privatelink_connection", Kind::Connection).required().doc("The AWS PrivateLink connection to use."),
];

const PRIVATELINK: &[Attr] = &[
    reference("privatelink_connection", Kind::Connection)
        .required()
        .doc("The AWS PrivateLink connection to use for all brokers."),
    int("privatelink_connection_port").required().between(1, 65535).doc("The port of the bootstrap broker."),
];

fn is_pattern(text: &str) -> bool {
    let inner = text.strip_prefix('*').unwrap_or(text);
    !text.is_empty() && !inner.strip_suffix('*').unwrap_or(inner).contains('*')
}

const COPIES: &str = "progress_topic_replication_factor";

pub const CONNECTION_KAFKA: Resource = Resource {
    name: "materialize_connection_kafka",
    doc: "How Kafka brokers are reached and who signs in there. Every change is made in place, in one statement, but for \
          the progress topic.",
    attrs: &[
    text("progress_topic").length(0, 249).option("PROGRESS TOPIC").doc("The topic in which sinks keep their progress."),
    int(COPIES)
        .between(1, 32767)
        .zero_is_none()
        .option("PROGRESS TOPIC REPLICATION FACTOR")
        .doc("The number of copies of that topic."),
    SSH_TUNNEL.doc("The SSH tunnel connection to use for all brokers."),
    AWS_CONNECTION.doc("The AWS connection to sign in with, for Amazon MSK."),
    text("security_protocol")
        .keyword(&["PLAINTEXT", "SASL_PLAINTEXT", "SSL", "SASL_SSL"])
        .option("SECURITY PROTOCOL")
        .doc(
            "`PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`; if not set, Materialize chooses by the other options.",
        ),
    text("sasl_mechanisms")
        .keyword(&["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
        .option("SASL MECHANISMS")
        .doc("`PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`."),
    text_or_secret("sasl_username").option("SASL USERNAME").doc("The SASL user."),
    reference("sasl_password", Kind::Secret).option("SASL PASSWORD").doc("The SASL password."),
    SSL_CERTIFICATE_AUTHORITY,
    SSL_CERTIFICATE,
    SSL_KEY,
    blocks("kafka_broker", BROKER).fault(UNREACHABLE).doc("A broker."),
    blocks("broker_matching_rule", MATCHING)
        .newer("MATCHING")
        .doc("How brokers that Kafka tells of later are reached. Only newer servers know it."),
    block("aws_privatelink", PRIVATELINK).fault(UNREACHABLE).doc("One AWS PrivateLink connection for all brokers."),
    scope::VALIDATE,
],
    rules: &[
        Rule::AtLeastOneOf(&["kafka_broker", "aws_privatelink"]),
        Rule::Conflicts("aws_privatelink", &["kafka_broker", "broker_matching_rule"]),
        Rule::Requires(&["broker_matching_rule"], &["kafka_broker"]),
        Rule::Requires(&["sasl_mechanisms"], &["sasl_username", "sasl_password"]),
        TLS_AND_NETWORK[0], TLS_AND_NETWORK[1],
    ],
    create: |r, v| connection::create(r, v, brokers(v)),
    alters: &[on(
        &[
            "kafka_broker", "broker_matching_rule", "aws_privatelink", "ssh_tunnel", "aws_connection",
            "security_protocol", "sasl_mechanisms", "sasl_username", "sasl_password", "ssl_certificate_authority",
            "ssl_certificate", "ssl_key",
        ],
        alter,
    )],
    options_after: "TO KAFKA",
    read: |found, read| {
        // The official provider notes a number of copies without a topic and does not send it; the server would not take
        // it any more. Nothing is gained by a new connection.
        if read.get("progress_topic").is_null() && read.get(COPIES).is_null() {
            read.set(COPIES, found.prior.get(COPIES).clone());
        }
        let group = found.create_sql().group_after("TO KAFKA").unwrap_or_default();
        let link = option(group, "AWS PRIVATELINK").map(|nodes| {
            let path = "aws_privatelink[0].privatelink_connection";
            Value::from([
                ("privatelink_connection", found.reference(path, using(nodes))),
                ("privatelink_connection_port", link_options(nodes).0),
            ])
        });
        read.set("aws_privatelink", Value::list(link));
        let listed: Vec<&[Node]> = match option(group, "BROKERS") {
            Some(nodes) => as_group(nodes).iter().map(Vec::as_slice).collect(),
            None => option(group, "BROKER").into_iter().collect(),
        };
        let (rules, brokers): (Vec<_>, Vec<_>) = listed.into_iter().partition(|n| starts_with(n, "MATCHING"));
        let brokers = brokers.iter().enumerate().map(|(i, nodes)| broker(found, i, nodes));
        read.set("kafka_broker", Value::list(brokers));
        let rules = rules.iter().enumerate().map(|(i, nodes)| matching(found, i, &nodes[1..]));
        read.set("broker_matching_rule", Value::list(rules));
    },
    ..FAMILY
};

/// `BROKERS (…)` or `AWS PRIVATELINK …`.
fn brokers(v: &Values) -> Option<Statement> {
    if let Some(link) = v.block("aws_privatelink") {
        let name = link.reference_in("privatelink_connection")?;
        let port = link.number("privatelink_connection_port")?;
        let link = item().word("AWS PRIVATELINK").symbol("=").name(&name);
        return Some(link.group([item().word("PORT").number(port)]));
    }
    let listed = v.blocks("kafka_broker").map(|broker| {
        item()
            .text(broker.str("broker"))
            .with(broker.reference_in("ssh_tunnel"), |s, name| s.word("USING SSH TUNNEL").name(&name))
            .then(using_privatelink(&broker))
    });
    let rules = v
        .blocks("broker_matching_rule")
        .map(|rule| item().word("MATCHING").text(rule.str("pattern")).then(using_privatelink(&rule)));
    Some(item().word("BROKERS").group(listed.chain(rules)))
}

fn using_privatelink(v: &Values) -> Statement {
    let Some(name) = v.reference_in("privatelink_connection") else { return item() };
    let port = v.positive("target_group_port").map(|port| item().word("PORT").number(port));
    let zone = v.text("availability_zone").map(|zone| item().word("AVAILABILITY ZONE").text(zone));
    item().word("USING AWS PRIVATELINK").name(&name).group_if_any("", port.into_iter().chain(zone))
}

/// One statement for all that changes.
fn alter(c: &Change) -> Vec<Statement> {
    let (mut set, mut drop) = option_changes(c.resource.own_attrs(), c);
    if brokers(&c.old) != brokers(&c.new) {
        set.extend(brokers(&c.new));
        let words = |v: &Values| if v.block("aws_privatelink").is_some() { "AWS PRIVATELINK" } else { "BROKERS" };
        if words(&c.old) != words(&c.new) {
            drop.push(item().word(words(&c.old)));
        }
    }
    if set.is_empty() && drop.is_empty() { Vec::new() } else { connection::alter_with(c, set, drop) }
}

/// The connection behind `USING …`.
fn using(nodes: &[Node]) -> Option<&Name> {
    nodes.iter().find_map(|node| as_name(std::slice::from_ref(node)))
}

/// `PORT` and `AVAILABILITY ZONE` of the group behind the connection.
fn link_options(nodes: &[Node]) -> (Value, Value) {
    let group = nodes.last().map_or(&[][..], |last| as_group(std::slice::from_ref(last)));
    let port = option(group, "PORT").and_then(as_number).and_then(Number::parse);
    (port.into(), option(group, "AVAILABILITY ZONE").and_then(as_text).into())
}

/// A broker. What the state says of a link that there is not is never sent, and as good as anything.
fn broker(found: &Found, i: usize, nodes: &[Node]) -> Value {
    let by_ssh = find(nodes, "USING SSH TUNNEL").is_some();
    let (ssh, link) = if by_ssh { (using(nodes), None) } else { (None, using(nodes)) };
    let prior = |attr| found.before("kafka_broker", i).get(attr).clone();
    let (port, zone) = match link {
        Some(_) => link_options(nodes),
        None => (prior("target_group_port"), prior("availability_zone")),
    };
    let reference = |attr, name| (attr, found.reference(&format!("kafka_broker[{i}].{attr}"), name));
    Value::from([
        ("broker", as_text(first(nodes)).into()),
        ("target_group_port", port),
        ("availability_zone", zone),
        reference("privatelink_connection", link),
        reference("ssh_tunnel", ssh),
    ])
}

fn matching(found: &Found, i: usize, nodes: &[Node]) -> Value {
    let (port, zone) = link_options(nodes);
    let path = format!("broker_matching_rule[{i}].privatelink_connection");
    Value::from([
        ("pattern", as_text(first(nodes)).into()),
        ("target_group_port", port),
        ("availability_zone", zone),
        ("privatelink_connection", found.reference(&path, using(nodes))),
    ])
}
