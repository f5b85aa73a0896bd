//! Network policies.

use super::alter::owner_to;
use super::{Boxed, Command, Context, done};
use crate::catalog::Policy;
use crate::catalog::change::Object;
use crate::catalog::limits::New;
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{Hint, plan};
use crate::sql::options::{Options, options};
use crate::sql::parser::{Parsed, Parser};
use crate::transaction::Company;
use std::sync::Arc;

/// Name and options of each rule.
type Rules = Vec<(String, Options)>;

fn rules(p: &mut Parser) -> Parsed<Rules> {
    p.expect_op("(")?;
    p.expect_kw("RULES")?;
    p.op("=");
    let rules = p.paren_list(|p| Ok((p.ident()?, options(p, &["ACTION", "ADDRESS", "DIRECTION"])?)))?;
    p.expect_op(")")?;
    Ok(rules)
}

/// Checks rules; their addresses as they are shown.
fn check(cx: &Context<'_>, rules: &Rules) -> Result<Vec<(String, String)>, SqlError> {
    let limit =
        cx.catalog.parameters.get("max_rules_per_network_policy").and_then(|p| p.value.parse().ok()).unwrap_or(25usize);
    if rules.len() > limit {
        return Err(plan("RULES count exceeds max_rules_per_network_policy."));
    }
    let mut out: Vec<(String, String)> = Vec::new();
    for (name, options) in rules {
        options.once()?;
        let required = |option: &str| {
            let missing = || plan("Direction, Address, and Action must specified when creating a rule");
            options.text(option)?.ok_or_else(missing)
        };
        let (direction, action, address) = (required("DIRECTION")?, required("ACTION")?, required("ADDRESS")?);
        if out.iter().any(|(n, _)| n == name) {
            return Err(plan(format!("duplicate network policy rule name \"{name}\"")));
        }
        if !direction.eq_ignore_ascii_case("ingress") {
            return Err(plan("Ingress is the only valid option"));
        }
        if !action.eq_ignore_ascii_case("allow") {
            return Err(plan("Allow is the only valid option"));
        }
        let address = cidr(&address).ok_or_else(|| plan("Value must be valid IPV4 or IPV6 CIDR"))?;
        out.push((name.clone(), address));
    }
    Ok(out)
}

/// An address with its prefix length; one without is a network of one host.
fn cidr(text: &str) -> Option<String> {
    let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
    let address: std::net::IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.map_or(Some(longest), |p| p.parse::<u8>().ok()).filter(|p| *p <= longest)?;
    Some(format!("{address}/{prefix}"))
}

struct CreatePolicy {
    name: String,
    rules: Rules,
}

pub fn create_policy(p: &mut Parser) -> Parsed<Boxed> {
    let name = p.ident()?;
    Ok(Arc::new(CreatePolicy { name, rules: rules(p)? }))
}

impl Command for CreatePolicy {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        cx.catalog.require("enable_network_policies")?;
        let rules = check(cx, &self.rules)?;
        cx.catalog.check_privilege(cx.session, Object::System, AclMode::CREATENETWORKPOLICY)?;
        if super::namespace::reserved(&self.name) {
            return Err(plan(format!("network policy name \"{}\" is reserved", self.name)));
        }
        if cx.catalog.policy(&self.name).is_ok() {
            return Err(plan(format!("network policy '{}' already exists", self.name)));
        }
        cx.catalog.check_room(&[New::Policy])?;
        let (id, oid, owner) = (cx.catalog.new_policy_id(), cx.catalog.new_oid(), cx.session.role);
        let privileges = cx.catalog.new_privileges(owner, ObjectKind::NetworkPolicy, None, None);
        cx.catalog.policies.insert(id, Policy { id, oid, name: self.name.clone(), owner, privileges, rules });
        cx.catalog.note_named("create", ObjectKind::NetworkPolicy, id, &self.name);
        // The server's own spelling of the tag.
        done("CREATE NETWORKPOLICY")
    }
}

struct AlterPolicy {
    name: String,
    if_exists: bool,
    rules: Rules,
}

pub fn alter_policy(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let name = p.ident()?;
    if p.expect_one_of(&["SET", "OWNER"])? == "OWNER" {
        return owner_to(p, ObjectKind::NetworkPolicy, vec![name], if_exists);
    }
    Ok(Arc::new(AlterPolicy { name, if_exists, rules: rules(p)? }))
}

impl Command for AlterPolicy {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = match cx.catalog.policy(&self.name) {
            Ok(id) => id,
            Err(_) if self.if_exists => return done("ALTER NETWORK POLICY"),
            Err(e) => return Err(e),
        };
        let rules = check(cx, &self.rules)?;
        cx.catalog.check_owner(cx.session, Object::Policy(id))?;
        if let Some(policy) = cx.catalog.policies.get_mut(&id) {
            policy.rules = rules;
        }
        cx.catalog.note_named("alter", ObjectKind::NetworkPolicy, id, &self.name);
        done("ALTER NETWORK POLICY")
    }
}

struct DropPolicy {
    names: Vec<String>,
    if_exists: bool,
}

pub fn drop_policy(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    Ok(Arc::new(DropPolicy { names: p.list(Parser::ident)?, if_exists }))
}

impl Command for DropPolicy {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let in_use = cx.catalog.parameters.get("network_policy").map(|p| p.value.clone());
        let (mut ids, mut notices) = (Vec::new(), Vec::new());
        for name in &self.names {
            match cx.catalog.policy(name) {
                Ok(_) if in_use.as_ref() == Some(name) => {
                    return Err(plan("network policy is currently in use")
                        .hint("Use ALTER SYSTEM SET 'network_policy' to change the default network policy."));
                }
                Ok(id) => {
                    cx.catalog.check_owner(cx.session, Object::Policy(id))?;
                    ids.push(id);
                }
                Err(_) if self.if_exists => notices.push(format!("network policy \"{name}\" does not exist, skipping")),
                Err(e) => return Err(e),
            }
        }
        for id in ids {
            if let Some(policy) = cx.catalog.policies.remove(&id) {
                cx.catalog.note_named("drop", ObjectKind::NetworkPolicy, id, &policy.name);
            }
            cx.catalog.comments.remove(&(id, ObjectKind::NetworkPolicy, None));
        }
        Ok(Outcome::Done { tag: "DROP NETWORK POLICY".into(), notices })
    }
}
