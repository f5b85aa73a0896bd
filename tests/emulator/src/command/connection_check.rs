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
        "ICEBERG CATALOG" => &[
            "ACCESS DELEGATION", "AWS CONNECTION", "CATALOG TYPE", "CREDENTIAL", "GCP CONNECTION", "OAUTH2 SERVER URL",
            "SCOPE", "URL", "WAREHOUSE",
        ],
        "AWS GLUE SCHEMA REGISTRY" => &["AWS CONNECTION", "REGISTRY"],
        "GCP" => &["SERVICE ACCOUNT KEY"],
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
        "SSH TUNNEL" | "MYSQL" => &["HOST", "USER"],
        "POSTGRES" => &["DATABASE", "HOST", "USER"],
        "SQL SERVER" => &["HOST", "DATABASE", "USER", "PASSWORD"],
        "AWS GLUE SCHEMA REGISTRY" => &["AWS CONNECTION", "REGISTRY"],
        "GCP" => &["SERVICE ACCOUNT KEY"],
        _ => &[],
    }
}

/// Options whose value must be a secret, and those that may be one.
const SECRET: [&str; 5] = ["PASSWORD", "SASL PASSWORD", "SECRET ACCESS KEY", "SERVICE ACCOUNT KEY", "SSL KEY"];
const STRING_OR_SECRET: [&str; 7] = [
    "ACCESS KEY ID", "CREDENTIAL", "SASL USERNAME", "SESSION TOKEN", "SSL CERTIFICATE", "SSL CERTIFICATE AUTHORITY",
    "USER",
];

pub fn check(c: &Connection) -> Result<(), SqlError> {
    c.options.0.iter().try_for_each(|(name, value)| check_value(name, value))?;
    check_known(c.kind, c.options.0.iter().map(|(name, _)| *name))?;
    match c.kind {
        "KAFKA" => check_kafka(c)?,
        "AWS" => check_aws(c)?,
        "CONFLUENT SCHEMA REGISTRY" => check_registry(c)?,
        "POSTGRES" => {
            check_key_pair(c)?;
            match c.options.text("SSL MODE")? {
                Some(mode) if !POSTGRES_MODES.contains(&mode.as_str()) => unknown_mode(&mode)?,
                _ => {}
            }
        }
        "MYSQL" => check_mysql(c)?,
        "SQL SERVER" => match c.options.text("SSL MODE")?.map(|mode| mode.to_lowercase()) {
            Some(mode) if !SQL_SERVER_MODES.contains(&mode.as_str()) => unknown_mode(&mode.to_uppercase())?,
            Some(mode) if mode == "verify_ca" && c.option("SSL CERTIFICATE AUTHORITY").is_none() => {
                invalid("SSL MODE 'verify_ca' requires SSL CERTIFICATE AUTHORITY")?;
            }
            _ => {}
        },
        "ICEBERG CATALOG" => check_iceberg(c)?,
        _ => {}
    }
    check_tunnel(c)?;
    for name in required(c.kind) {
        if c.option(name).is_none() {
            return Err(plan(format!("{name} option is required")));
        }
    }
    if c.kind == "SSH TUNNEL" && matches!(c.option("USER"), Some(Value::Secret(_))) {
        return Err(plan("SSH connections do not support supplying USER value as SECRET"));
    }
    Ok(())
}

/// All options that a kind does not know are told of at once.
pub fn check_known(kind: &str, options: impl Iterator<Item = &'static str>) -> Result<(), SqlError> {
    let unknown: Vec<&str> = options.filter(|name| !known(kind).contains(name)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(plan(format!("{kind} connections do not support {} values", unknown.join(", "))))
}

fn check_key_pair(c: &Connection) -> Result<(), SqlError> {
    if c.option("SSL KEY").is_some() != c.option("SSL CERTIFICATE").is_some() {
        return invalid("both SSL KEY and SSL CERTIFICATE are required");
    }
    Ok(())
}

fn check_registry(c: &Connection) -> Result<(), SqlError> {
    let Some(url) = c.options.text("URL")? else {
        return invalid("must specify URL");
    };
    let scheme = url.split_once("://");
    if !scheme.is_some_and(|(s, rest)| s.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.is_empty()) {
        return Err(plan("parsing schema registry url: relative URL without a base"));
    }
    if scheme.and_then(|(_, rest)| rest.split_once('/')).is_some_and(|(_, path)| !path.is_empty()) {
        return invalid("URL must have an empty path");
    }
    if c.option("SSL KEY").is_some() != c.option("SSL CERTIFICATE").is_some() {
        return invalid("reading from SSL-auth Confluent Schema Registry requires both SSL KEY and SSL CERTIFICATE");
    }
    Ok(())
}

/// One way to the other side, whose port only Kafka may name.
fn check_tunnel(c: &Connection) -> Result<(), SqlError> {
    if let Some(Value::Tunnel(endpoint)) = c.option("AWS PRIVATELINK")
        && c.kind != "KAFKA"
        && endpoint.options.get("PORT").is_some()
    {
        return invalid(format_args!("{} does not support PORT for AWS PRIVATELINK", c.kind));
    }
    if c.option("SSH TUNNEL").is_some() && c.option("AWS PRIVATELINK").is_some() {
        return invalid("cannot specify both SSH TUNNEL and AWS PRIVATELINK");
    }
    Ok(())
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
        ("AWS PRIVATELINK" | "AWS CONNECTION" | "GCP CONNECTION" | "SSH TUNNEL" | "BROKER", _) => Ok(()),
        ("REGISTRY", Value::Str(name)) if name.is_empty() => Err(plan("REGISTRY must not be empty")),
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
    let iam = c.option("AWS CONNECTION").is_some();
    if iam && c.option("PASSWORD").is_some() {
        return invalid("AWS IAM authentication is not supported with password");
    }
    check_key_pair(c)?;
    let mode = c.options.text("SSL MODE")?.map(|mode| mode.to_lowercase());
    if let Some(mode) = mode.as_ref().filter(|mode| !MYSQL_MODES.contains(&mode.as_str())) {
        return unknown_mode(&mode.to_uppercase());
    }
    if iam && mode.is_none_or(|mode| mode == "disabled") {
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
        "s3tablesrest" if has("ACCESS DELEGATION") => {
            invalid("ICEBERG s3tablesrest connections do not support ACCESS DELEGATION")
        }
        "rest" if has("GCP CONNECTION") && ["CREDENTIAL", "OAUTH2 SERVER URL", "SCOPE"].into_iter().any(has) => {
            invalid("ICEBERG rest connections with a GCP CONNECTION take no CREDENTIAL")
        }
        "rest" if !has("CREDENTIAL") && !has("GCP CONNECTION") => {
            invalid("ICEBERG rest connections require a CREDENTIAL")
        }
        "rest" if c.options.text("ACCESS DELEGATION")?.is_some_and(|how| how != "vended-credentials") => {
            invalid("ACCESS DELEGATION must be 'vended-credentials'")
        }
        "s3tablesrest" | "rest" => Ok(()),
        _ => invalid(format_args!("unknown CATALOG TYPE \"{kind}\"")),
    }
}

fn check_kafka(c: &Connection) -> Result<(), SqlError> {
    check_security(c)?;
    let ways = ["BROKER", "BROKERS", "AWS PRIVATELINK"].iter().filter(|n| c.option(n).is_some()).count();
    match ways {
        0 => return invalid("must set one of BROKER, BROKERS, or AWS PRIVATELINK"),
        1 => {}
        _ => return invalid("can only set one of BROKER, BROKERS, or AWS PRIVATELINK"),
    }
    let brokers = brokers(c);
    if c.option("BROKERS").is_some() && brokers.is_empty() {
        return invalid("must specify at least one broker");
    }
    if brokers.iter().any(|broker| broker.contains(',')) {
        return invalid(
            "cannot specify multiple Kafka broker addresses in one string.\n\n\n\
             Instead, specify BROKERS using multiple strings, e.g. BROKERS ('kafka:9092', 'kafka:9093')",
        );
    }
    if matches!(c.option("PROGRESS TOPIC REPLICATION FACTOR"), Some(Value::Number(n)) if n.parse::<i64>().is_ok_and(|n| n < 1))
    {
        return invalid("PROGRESS TOPIC REPLICATION FACTOR must be greater than 0");
    }
    Ok(())
}

/// The options of TLS and of signing in have to be those of the security protocol.
fn check_security(c: &Connection) -> Result<(), SqlError> {
    const SASL: [&str; 3] = ["SASL MECHANISMS", "SASL USERNAME", "SASL PASSWORD"];
    const SSL: [&str; 3] = ["SSL KEY", "SSL CERTIFICATE", "SSL CERTIFICATE AUTHORITY"];
    let has = |name: &str| c.option(name).is_some();
    let aws = has("AWS CONNECTION");
    let protocol = match c.options.text("SECURITY PROTOCOL")? {
        Some(protocol) => protocol.to_uppercase(),
        None if aws || SASL.iter().any(|n| has(n)) => "SASL_SSL".into(),
        None => "SSL".into(),
    };
    let (tls, sasl) = match protocol.as_str() {
        "PLAINTEXT" => (false, false),
        "SSL" => (true, false),
        "SASL_PLAINTEXT" => (false, true),
        "SASL_SSL" => (true, true),
        _ => return Err(plan(format!("unknown security protocol: {protocol}"))),
    };
    if tls && has("SSL CERTIFICATE") && !has("SSL KEY") {
        return Err(plan("SSL KEY must be specified with SSL CERTIFICATE"));
    }
    if let Some(n) = SASL.iter().find(|n| sasl && !aws && !has(n)) {
        return Err(plan(format!("{n} must be specified")));
    }
    // A key alone is nobody's.
    let used = |name: &&str| match *name {
        "SSL KEY" => tls && has("SSL CERTIFICATE"),
        name if SSL.contains(&name) => tls,
        "AWS CONNECTION" => sasl,
        _ => sasl && !aws,
    };
    let mut given: Vec<&str> = SSL.iter().chain(&["AWS CONNECTION"]).chain(&SASL).copied().filter(|n| has(n)).collect();
    given.sort_unstable();
    match given.iter().find(|name| !used(name)) {
        Some(name) => Err(plan(format!("option {name} not supported with this configuration"))),
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
            let brokers = brokers(c);
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
        "AWS GLUE SCHEMA REGISTRY" => {
            let name = c.options.text("REGISTRY").ok().flatten().unwrap_or_default();
            match up.glue.iter().any(|registry| registry.name == name) {
                true => Ok(()),
                false => Err(with_code("58000", format!("AWS Glue Schema Registry \"{name}\" not found"))),
            }
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

/// The addresses of all brokers.
fn brokers(c: &Connection) -> Vec<String> {
    match (c.option("BROKERS"), c.option("BROKER")) {
        (Some(Value::List(list)), _) => list.iter().filter_map(broker_address).collect(),
        (_, Some(v)) => broker_address(v).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn broker_address(v: &Value) -> Option<String> {
    match v {
        Value::Str(s) => Some(s.clone()),
        Value::Tunnel(t) => t.broker.clone(),
        _ => None,
    }
}
