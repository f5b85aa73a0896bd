//! What resources of single sign-on share: the list that all of them are read from.

use serde_json::Value as Json;

use crate::declare::remote::*;
use crate::declare::*;
use crate::value::Value;

/// Every configuration with its domains, groups and default roles.
pub const CONFIGS: List = List::whole("/frontegg/team/resources/sso/v1/configurations");

/// The configuration that a part belongs to.
pub const CONFIG_ID: Attr =
    text("sso_config_id").required().length(1, 255).doc("The id of the SSO configuration that it belongs to.");

/// A request about a configuration, or about what is below it.
pub fn call(method: Method, v: &Values, below: &str) -> Call {
    let call = Call::new(method, CONFIGS.path).part(v.str("sso_config_id"));
    if below.is_empty() { call } else { call.part(below) }
}

/// A part of the configuration that the state names, or of any if it names none; with the configuration's id.
pub fn part(items: &[Json], state: &Value, list: &str, is: impl Fn(&Json) -> bool) -> Option<Json> {
    let id = state.get("sso_config_id").as_text();
    let configs = items.iter().filter(|config| id.is_none() || config["id"].as_str() == id);
    let mut parts = configs.flat_map(|config| {
        let parts = config[list].as_array().into_iter().flatten();
        parts.filter(|part| is(part)).map(|part| {
            let mut part = part.clone();
            part["ssoConfigId"] = config["id"].clone();
            part
        })
    });
    parts.next()
}

/// The ids of the parts of a configuration.
pub fn part_ids(config: &Json, list: &str) -> Vec<String> {
    let parts = config[list].as_array().into_iter().flatten();
    parts.filter_map(|part| part["id"].as_str()).map(str::to_owned).collect()
}

/// `configuration:part` of an import, or the part's id alone.
pub fn import(id: &str, attr: &'static str) -> Option<Value> {
    match id.split_once(':') {
        None => Some(Value::from([("id", Value::text(id))])),
        Some((config, part)) if !config.is_empty() && !part.is_empty() => {
            Some(Value::from([("sso_config_id", Value::text(config)), (attr, Value::text(part))]))
        }
        Some(_) => None,
    }
}
