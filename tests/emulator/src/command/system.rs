//! ALTER SYSTEM.

use super::{Boxed, Command, Context, done};
use crate::catalog::parameters;
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
        // Whoever is a superuser may set what is not the system's own.
        if cx.session.role != crate::catalog::Id::System(1) && !cx.catalog.is_superuser(cx.session.role) {
            return Err(denied("permission denied to alter system", Some("You must be the 'mz_system' role".into())));
        }
        if let Some(name) = name
            && !cx.catalog.parameters.contains_key(&name.to_lowercase())
        {
            return Err(parameters::unrecognized(name));
        }
        match self {
            AlterSystem::Set(name, values) => {
                let key = name.to_lowercase();
                if let Some(parameter) = cx.catalog.parameters.get(&key) {
                    let value = parameters::parse(parameter, values)?;
                    if key == "network_policy" && cx.catalog.policy(&value).is_err() {
                        return Err(parameters::no_such_policy(&value));
                    }
                    if let Some(parameter) = cx.catalog.parameters.get_mut(&key) {
                        parameter.value = value;
                    }
                }
            }
            AlterSystem::Reset(name) => {
                if let Some(parameter) = cx.catalog.parameters.get_mut(&name.to_lowercase()) {
                    parameter.value = parameter.default.clone();
                }
            }
            AlterSystem::ResetAll => cx.catalog.parameters.values_mut().for_each(|p| p.value = p.default.clone()),
        }
        done("ALTER SYSTEM")
    }
}
