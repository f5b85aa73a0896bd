//! What the options of a connection must be, and whether its other side is there.

use crate::catalog::Catalog;
use crate::catalog::item::Connection;
use crate::catalog::upstream::Upstreams;
use crate::datum::SqlError;
use crate::sql::error::{plan, with_code};
use crate::sql::options::Value;

/// Options that a kind knows.
fn known(kind: &str) -> &'static [&'static str] {
    match kind {
        "KAFKA" => &[
            "AWS CONNECTION", "AWS PRIVATELINK", "BROKER", "BROKERS", "PROGRESS TOPIC",
            "PROGRESS TOPIC REPLICATION FACTOR", "SASL MECHANISMS", "SASL PASSWORD", "SASL USERNAME",
            "SECURITY PROTOCOL", "SSH TUNNEL", "SSL CERTIFICATE", "SSL CERTIFICATE AUTHORITY", "SSL KEY",
        ],
        "AWS" => &[
            "ACCESS KEY ID", "ASSUME ROLE ARN", "ASSUME ROLE SESSION NAME", "ENDPOINT", "REGION", "SECRET ACCESS KEY",
            "SESSION TOKEN",
        ],
        "AWS PRIVATELINK" => &["AVAILABILITY ZONES", "PORT", "SERVICE NAME"],
        "CONFLUENT SCHEMA REGISTRY" => &[
            "AWS PRIVATELINK", "PASSWORD", "PORT", "SSH TUNNEL", "SSL CERTIFICATE", "SSL CERTIFICATE AUTHORITY",
            "SSL KEY", "URL", "USER",
        ],
        "SSH TUNNEL" => &["HOST", "PORT", "PUBLIC KEY 1", "PUBLIC KEY 2", "USER"],
        "MYSQL" => &[
            "AWS CONNECTION", "AWS PRIVATELINK", "HOST", "PASSWORD", "PORT", "SSH TUNNEL", "SSL CERTIFICATE",
            "SSL CERTIFICATE AUTHORITY", "SSL KEY", "SSL MODE", "USER",
        ],
        "ICEBERG CATALOG" => &["AWS CONNECTION", "CATALOG TYPE", "CREDENTIAL", "SCOPE", "URL", "WAREHOUSE"],
        // POSTGRES and SQL SERVER
        _ => &[
            "AWS PRIVATELINK", "DATABASE", "HOST", "PASSWORD", "PORT", "SSH TUNNEL", "SSL CERTIFICATE",
            "SSL CERTIFICATE AUTHORITY", "SSL KEY", "SSL MODE", "USER",
        ],
    }
}

/// Options that a kind cannot do without, in the order in which they are missed.
fn required(kind: &str) -> &'static [&'static str] {
    match kind {
        "AWS PRIVATELINK" => &["SERVICE NAME", "AVAILABILITY ZONES"],
        "CONFLUENT SCHEMA REGISTRY" => &["URL"],
        "SSH TUNNEL" | "MYSQL" => &["HOST", "USER"],
        "POSTGRES" => &["DATABASE", "HOST", "USER"],
        "SQL SERVER" => &["HOST", "DATABASE", "USER", "PASSWORD"],
        _ => &[],
    }
}

/// Options whose value must be a secret, and those that may be one.
const SECRET: [&str; 4] = ["PASSWORD", "SASL PASSWORD", "SECRET ACCESS KEY", "SSL KEY"];
const STRING_OR_SECRET: [&str; 7] = [
    "ACCESS KEY ID", "CREDENTIAL", "SASL USERNAME", "SESSION TOKEN", "SSL CERTIFICATE", "SSL CERTIFICATE AUTHORITY",
    "USER",
];

pub fn check(c: &Connection) -> Result<(), SqlError> {
    for (name, value) in &c.options.0 {
        if !known(c.kind).contains(name) {
            return Err(plan(format!("{} connections do not support {name} values", c.kind)));
        }
        check_value(name, value)?;
    }
    for name in required(c.kind) {
        if c.option(name).is_none() {
            return Err(plan(format!("{name} option is required")));
        }
    }
    if c.option("SSH TUNNEL").is_some() && c.option("AWS PRIVATELINK").is_some() {
        return invalid("cannot specify both SSH TUNNEL and AWS PRIVATELINK");
    }
    if c.option("SSL KEY").is_some() != c.option("SSL CERTIFICATE").is_some() {
        return invalid("both SSL KEY and SSL CERTIFICATE are required");
    }
    match c.kind {
        "KAFKA" => check_kafka(c),
        "AWS" => check_aws(c),
        "CONFLUENT SCHEMA REGISTRY" => {
            let url = c.options.text("URL")?.unwrap_or_default();
            let scheme = url.split_once("://");
            if !scheme.is_some_and(|(s, rest)| s.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.is_empty()) {
                return Err(plan("parsing schema registry url: relative URL without a base"));
            }
            match scheme.and_then(|(_, rest)| rest.split_once('/')) {
                Some((_, path)) if !path.is_empty() => invalid("URL must have an empty path"),
                _ => Ok(()),
            }
        }
        "SSH TUNNEL" if matches!(c.option("USER"), Some(Value::Secret(_))) => {
            Err(plan("SSH connections do not support supplying USER value as SECRET"))
        }
        "POSTGRES" => match c.options.text("SSL MODE")? {
            Some(mode) if !POSTGRES_MODES.contains(&mode.as_str()) => unknown_mode(&mode),
            _ => Ok(()),
        },
        "MYSQL" => check_mysql(c),
        "SQL SERVER" => match c.options.text("SSL MODE")? {
            Some(mode) if !SQL_SERVER_MODES.contains(&mode.to_lowercase().as_str()) => unknown_mode(&mode),
            Some(mode) if mode.eq_ignore_ascii_case("verify_ca") && c.option("SSL CERTIFICATE AUTHORITY").is_none() => {
                invalid("SSL MODE 'verify_ca' requires SSL CERTIFICATE AUTHORITY")
            }
            _ => Ok(()),
        },
        "ICEBERG CATALOG" => check_iceberg(c),
        _ => Ok(()),
    }
}

fn check_value(name: &str, value: &Value) -> Result<(), SqlError> {
    let invalid = |what: &str| Err(plan(format!("invalid {name}: {what}")));
    match (name, value) {
        (n, Value::Secret(_)) if SECRET.contains(&n) || STRING_OR_SECRET.contains(&n) => Ok(()),
        (_, Value::Secret(_)) => invalid("cannot use secret as a value"),
        (n, _) if SECRET.contains(&n) => invalid("must provide a secret value"),
        ("PORT" | "PROGRESS TOPIC REPLICATION FACTOR", Value::Number(n)) => match n.parse::<i64>() {
            Ok(port) if name != "PORT" || (0..=65535).contains(&port) => Ok(()),
            Ok(_) => invalid("invalid numeric value: number too large to fit in target type"),
            Err(e) => invalid(&format!("invalid numeric value: {e}")),
        },
        ("PORT" | "PROGRESS TOPIC REPLICATION FACTOR", _) => invalid("cannot use value as number"),
        ("AVAILABILITY ZONES" | "BROKERS", Value::List(_)) => Ok(()),
        ("AVAILABILITY ZONES" | "BROKERS", _) => invalid("cannot use value as array"),
        ("AWS PRIVATELINK" | "AWS CONNECTION" | "SSH TUNNEL" | "BROKER", _) => Ok(()),
        (_, Value::Str(_) | Value::Ident(_)) => Ok(()),
        _ => invalid("cannot use value as string"),
    }
}

/// As PostgreSQL spells them, and only so.
const POSTGRES_MODES: [&str; 7] =
    ["disable", "require", "required", "verify_ca", "verify-ca", "verify_full", "verify-full"];
/// In any case.
const MYSQL_MODES: [&str; 7] =
    ["disabled", "require", "required", "verify_ca", "verify-ca", "verify_identity", "verify-identity"];
/// In any case.
const SQL_SERVER_MODES: [&str; 4] = ["disabled", "required", "verify", "verify_ca"];

fn invalid(message: impl std::fmt::Display) -> Result<(), SqlError> {
    Err(plan(format!("invalid CONNECTION: {message}")))
}

fn unknown_mode(mode: &str) -> Result<(), SqlError> {
    invalid(format_args!("unknown SSL MODE \"{mode}\""))
}

fn check_mysql(c: &Connection) -> Result<(), SqlError> {
    let mode = c.options.text("SSL MODE")?;
    if let Some(mode) = mode.as_ref().filter(|mode| !MYSQL_MODES.contains(&mode.to_lowercase().as_str())) {
        return unknown_mode(mode);
    }
    if c.option("AWS CONNECTION").is_none() {
        return Ok(());
    }
    if c.option("PASSWORD").is_some() {
        return invalid("AWS IAM authentication is not supported with password");
    }
    if mode.is_none_or(|mode| mode.eq_ignore_ascii_case("disabled")) {
        return invalid("AWS IAM authentication requires SSL to be enabled");
    }
    Ok(())
}

fn check_iceberg(c: &Connection) -> Result<(), SqlError> {
    let Some(kind) = c.options.text("CATALOG TYPE")? else {
        return invalid("ICEBERG connections must specify CATALOG TYPE");
    };
    if c.option("URL").is_none() {
        return invalid("must specify URL");
    }
    let has = |name: &str| c.option(name).is_some();
    match kind.to_lowercase().as_str() {
        "s3tablesrest" if !has("WAREHOUSE") => invalid("ICEBERG s3tablesrest connections must specify WAREHOUSE"),
        "s3tablesrest" if !has("AWS CONNECTION") => {
            invalid("ICEBERG s3tablesrest connections require an AWS connection")
        }
        "rest" if !has("CREDENTIAL") => invalid("ICEBERG rest connections require a CREDENTIAL"),
        "s3tablesrest" | "rest" => Ok(()),
        _ => invalid(format_args!("unknown CATALOG TYPE \"{kind}\"")),
    }
}

fn check_kafka(c: &Connection) -> Result<(), SqlError> {
    let ways = ["BROKER", "BROKERS", "AWS PRIVATELINK"].iter().filter(|n| c.option(n).is_some()).count();
    match ways {
        0 => return Err(plan("invalid CONNECTION: must set one of BROKER, BROKERS, or AWS PRIVATELINK")),
        1 => {}
        _ => return Err(plan("invalid CONNECTION: can only set one of BROKER, BROKERS, or AWS PRIVATELINK")),
    }
    if matches!(c.option("BROKERS"), Some(Value::List(list)) if list.is_empty()) {
        return Err(plan("invalid CONNECTION: must specify at least one broker"));
    }
    if matches!(c.option("PROGRESS TOPIC REPLICATION FACTOR"), Some(Value::Number(n)) if n.parse::<i64>().is_ok_and(|n| n < 1))
    {
        return invalid("PROGRESS TOPIC REPLICATION FACTOR must be greater than 0");
    }
    const SASL: [&str; 3] = ["SASL MECHANISMS", "SASL USERNAME", "SASL PASSWORD"];
    const SSL: [&str; 3] = ["SSL KEY", "SSL CERTIFICATE", "SSL CERTIFICATE AUTHORITY"];
    let aws = c.option("AWS CONNECTION").is_some();
    let protocol = match c.options.text("SECURITY PROTOCOL")? {
        Some(protocol) => protocol.to_uppercase(),
        None if aws || SASL.iter().any(|n| c.option(n).is_some()) => "SASL_SSL".into(),
        None => "SSL".into(),
    };
    // What the protocol knows, and what it cannot do without.
    let (known, required): (&[&[&str]], &[&str]) = match protocol.as_str() {
        "PLAINTEXT" => (&[], &[]),
        "SSL" => (&[&SSL], &[]),
        "SASL_PLAINTEXT" if aws => (&[&["AWS CONNECTION"]], &[]),
        "SASL_SSL" if aws => (&[&["AWS CONNECTION"], &SSL], &[]),
        "SASL_PLAINTEXT" => (&[&SASL], &SASL),
        "SASL_SSL" => (&[&SASL, &SSL], &SASL),
        _ => {
            let protocol = c.options.text("SECURITY PROTOCOL")?.unwrap_or_default();
            return Err(plan(format!("unknown security protocol: {protocol}")));
        }
    };
    if let Some(n) = required.iter().find(|n| c.option(n).is_none()) {
        return Err(plan(format!("{n} must be specified")));
    }
    let mut optional = SSL.iter().chain(&["AWS CONNECTION"]).chain(&SASL);
    match optional.find(|n| c.option(n).is_some() && !known.iter().any(|known| known.contains(n))) {
        Some(n) => Err(plan(format!("option {n} not supported with this configuration"))),
        None => Ok(()),
    }
}

fn check_aws(c: &Connection) -> Result<(), SqlError> {
    let has = |n: &str| c.option(n).is_some();
    let credentials = has("ACCESS KEY ID") || has("SECRET ACCESS KEY") || has("SESSION TOKEN");
    let role = has("ASSUME ROLE ARN") || has("ASSUME ROLE SESSION NAME");
    if credentials && !(has("ACCESS KEY ID") && has("SECRET ACCESS KEY")) {
        return Err(plan("must specify both ACCESS KEY ID and SECRET ACCESS KEY with optional SESSION TOKEN"));
    }
    match (credentials, role) {
        (true, true) => Err(plan("cannot specify both ACCESS KEY ID and ASSUME ROLE ARN")),
        (false, false) => Err(plan("must specify either ASSUME ROLE ARN or ACCESS KEY ID and SECRET ACCESS KEY")),
        (false, true) if !has("ASSUME ROLE ARN") => {
            Err(plan("must specify ASSUME ROLE ARN with optional ASSUME ROLE SESSION NAME"))
        }
        _ => Ok(()),
    }
}

/// What an unreachable host says: one that is an address refuses, a name is not found.
fn unreachable(host: &str, refused: &str) -> SqlError {
    let address = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok();
    with_code(
        "58000",
        if address { refused } else { "failed to lookup address information: Name or service not known" },
    )
}

/// Host and port of an address.
fn split(address: &str, port: u16) -> (&str, u16) {
    address.rsplit_once(':').map_or((address, port), |(host, p)| (host, p.parse().unwrap_or(port)))
}

/// Is the other side among the upstreams that the emulator was told? It does not look anywhere else.
/// Errors: `58000`, as a failed attempt to connect.
pub fn reach(catalog: &Catalog, c: &Connection) -> Result<(), SqlError> {
    let up: &Upstreams = &catalog.upstreams;
    let host = c.options.text("HOST").ok().flatten().unwrap_or_default();
    let port = |default: u16| match c.option("PORT") {
        Some(Value::Number(n)) => n.parse().unwrap_or(default),
        _ => default,
    };
    const REFUSED: &str = "error connecting to server: Connection refused (os error 111)";
    let database = c.options.text("DATABASE").ok().flatten();
    match c.kind {
        "KAFKA" => {
            let brokers: Vec<String> = match (c.option("BROKERS"), c.option("BROKER")) {
                (Some(Value::List(list)), _) => list.iter().filter_map(broker_address).collect(),
                (_, Some(v)) => broker_address(v).into_iter().collect(),
                _ => Vec::new(),
            };
            if brokers.iter().any(|b| up.kafka.iter().any(|k| k.broker == *b)) {
                return Ok(());
            }
            let first = brokers.first().map_or("", |b| split(b, 9092).0);
            Err(unreachable(first, "Meta data fetch error: BrokerTransportFailure (Local: Broker transport failure)"))
        }
        "CONFLUENT SCHEMA REGISTRY" => {
            let url = c.options.text("URL").ok().flatten().unwrap_or_default();
            if up.schema_registry.iter().any(|r| r.url.trim_end_matches('/') == url.trim_end_matches('/')) {
                return Ok(());
            }
            Err(with_code("58000", "failed to list subjects: error sending request for url"))
        }
        "POSTGRES" => {
            let found = up.postgres.iter().find(|p| p.host == host && p.port == port(5432));
            match found {
                Some(p) if Some(&p.database) == database.as_ref() => Ok(()),
                Some(_) => Err(with_code(
                    "58000",
                    format!("db error: FATAL: database \"{}\" does not exist", database.unwrap_or_default()),
                )),
                None => Err(unreachable(&host, REFUSED)),
            }
        }
        "MYSQL" if up.mysql.iter().any(|m| m.host == host && m.port == port(3306)) => Ok(()),
        "SQL SERVER" if up.sql_server.iter().any(|m| m.host == host && m.port == port(1433)) => Ok(()),
        "MYSQL" | "SQL SERVER" | "SSH TUNNEL" => Err(unreachable(&host, REFUSED)),
        kind => Err(with_code("58000", format!("the emulator reaches no {kind}"))),
    }
}

fn broker_address(v: &Value) -> Option<String> {
    match v {
        Value::Str(s) => Some(s.clone()),
        Value::Tunnel(t) => t.broker.clone(),
        _ => None,
    }
}
