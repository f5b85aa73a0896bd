//! ALTER SYSTEM.

use super::{Boxed, Command, Context, done};
use crate::catalog::bootstrap::MZ_SYSTEM;
use crate::catalog::{parameter_values, parameters};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::denied;
use crate::sql::parser::{Parsed, Parser};
use std::sync::Arc;

enum AlterSystem {
    Set(String, Vec<String>),
    Reset(String),
    ResetAll,
}

pub fn alter_system(p: &mut Parser) -> Parsed<Boxed> {
    Ok(Arc::new(if p.expect_one_of(&["SET", "RESET"])? == "SET" {
        let name = p.ident()?;
        match super::session::set_values(p)? {
            Some(values) => AlterSystem::Set(name, values),
            None => AlterSystem::Reset(name),
        }
    } else if p.kw("ALL") {
        AlterSystem::ResetAll
    } else {
        AlterSystem::Reset(p.ident()?)
    }))
}

impl Command for AlterSystem {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let name = match self {
            AlterSystem::Set(name, _) | AlterSystem::Reset(name) => Some(name),
            AlterSystem::ResetAll => None,
        };
        check_allowed(cx, name.map(String::as_str))?;
        match self {
            AlterSystem::Set(name, values) => {
                let key = name.to_lowercase();
                if let Some(parameter) = cx.catalog.parameters.get(&key) {
                    let value = parameter_values::parse(parameter, values)?;
                    if key == "network_policy" && cx.catalog.policy(&value).is_err() {
                        return Err(parameters::no_such_policy(&value));
                    }
                    if let Some(parameter) = cx.catalog.parameters.get_mut(&key) {
                        parameter.value = value;
                    }
                    cx.catalog.note_system(Some(name), Some(values.join(", ")));
                }
            }
            AlterSystem::Reset(name) => {
                if let Some(parameter) = cx.catalog.parameters.get_mut(&name.to_lowercase()) {
                    parameter.value = parameter.default.clone();
                    cx.catalog.note_system(Some(name), None);
                }
            }
            AlterSystem::ResetAll => {
                cx.catalog.parameters.values_mut().for_each(|p| p.value = p.default.clone());
                cx.catalog.note_system(None, None);
            }
        }
        done("ALTER SYSTEM")
    }
}

/// Everything is the system's own role's to change; a superuser may change some, which others are told.
fn check_allowed(cx: &Context<'_>, name: Option<&str>) -> Result<(), SqlError> {
    let key = name.map(str::to_lowercase).unwrap_or_default();
    let system = cx.session.role == MZ_SYSTEM;
    let modifiable = parameters::user_modifiable(&key);
    let superuser = cx.catalog.is_superuser(cx.session.role);
    if !system && modifiable && !superuser {
        let action = format!("toggle the '{}' system configuration parameter", name.unwrap_or_default());
        let detail = format!("You must be a superuser to {action}");
        return Err(denied(format!("permission denied to {action}"), Some(detail)));
    }
    if !system && !modifiable {
        return Err(denied("permission denied to alter system", Some("You must be the 'mz_system' role".into())));
    }
    match name {
        Some(name) if !cx.catalog.parameters.contains_key(&key) || !parameters::of_system(&key) => {
            Err(parameters::unrecognized(name))
        }
        _ => Ok(()),
    }
}
