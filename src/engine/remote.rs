//! The verbs for what is managed over HTTP.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use serde_json::Value as Json;

use super::apply::fill_unknown;
use super::diff::{Class, differences};
use super::errors::describe;
use super::import::blank;
use super::meaning::SameObjects;
use super::plan::merge;
use super::registry::Declared;
use super::{Private, Reply, Stored};
use crate::cloud::{Cloud, CloudError, CloudErrorKind};
use crate::declare::remote::{Call, Context, REGIONS, ROLES, Remote, RemoteSource, Roles, text_of};
use crate::declare::{Change, DataSource, Found, Key, Values, same};
use crate::diag::Diagnostic;
use crate::provider::Provider;
use crate::value::Value;

/// What comes of a verb, or why nothing of it was done.
type Outcome = Result<Reply<Stored>, Diagnostic>;

/// One resource in an organisation.
struct Work<'a> {
    cloud: Arc<Cloud>,
    declared: &'a Declared,
    remote: &'static Remote,
}

impl<'a> Work<'a> {
    fn new(provider: &Provider, declared: &'a Declared, remote: &'static Remote) -> Result<Self, Diagnostic> {
        Ok(Self { cloud: provider.cloud(declared.resource.name)?, declared, remote })
    }

    /// Calls with the roles of the organisation, if the resource needs them.
    async fn with<T>(&self, found: &Json, f: impl FnOnce(&Context) -> T) -> Result<T, CloudError> {
        let roles = if self.remote.roles { self.cloud.list(ROLES).await? } else { Arc::default() };
        let address = |url: &reqwest::Url| url.as_str().trim_end_matches('/').to_owned();
        let settings = &self.cloud.settings;
        let (endpoint, base_endpoint) = (address(&settings.endpoint), address(&settings.base_endpoint));
        let roles = Roles(&roles);
        let regions = if self.remote.regions { self.cloud.list(REGIONS).await? } else { Arc::default() };
        Ok(f(&Context { roles, regions: &regions, endpoint: &endpoint, base_endpoint: &base_endpoint, found }))
    }

    /// What the service says of the object with this state; `None`: there is none.
    async fn find(&self, state: &Value) -> Result<Option<Json>, CloudError> {
        let mut state = state.clone();
        if self.remote.get.is_none() || state.get("id").as_text().is_none() {
            let lists = (self.remote.lists)(&state);
            let read = try_join_all(lists.iter().map(|list| self.cloud.list(*list))).await?;
            let found = lists.iter().zip(read).find_map(|(list, items)| (self.remote.find)(list, &items, &state));
            match (self.remote.get, &found) {
                (Some(_), Some(found)) => state.set("id", text_of(&found["id"])),
                _ => return Ok(found),
            }
        }
        let Some(get) = self.remote.get else { return Ok(None) };
        match self.cloud.call(&get(&state)).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_gone() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is there now of what was there before it was made; null if that makes no difference.
    async fn standing(&self, state: &Value) -> Result<Json, CloudError> {
        if !self.remote.standing {
            return Ok(Json::Null);
        }
        Ok(self.find(state).await?.unwrap_or_default())
    }

    /// The state with what the service says. `fresh`: nothing of it is kept but what cannot be read.
    async fn read(&self, found: &Json, state: &Value, fresh: bool) -> Result<Value, CloudError> {
        let mut read = state.clone();
        self.with(&Json::Null, |context| (self.remote.read)(found, context, &mut read)).await?;
        if let (Value::Map(read), false) = (&mut read, fresh) {
            // What is the same as before need not be compared in meaning.
            read.retain(|name, value| value != state.get(name));
        }
        Ok(merge(self.declared.attrs, state, &read, fresh))
    }

    fn failed(&self, verb: &str, state: &Value, error: CloudError) -> Diagnostic {
        let what = describe(self.declared.resource, state);
        let diagnostic = Diagnostic::error(format!("Cannot {verb} {what}"), error.to_string());
        let fits = |(status, _): &&(u16, &str)| error.kind == CloudErrorKind::Status(*status);
        match self.remote.blames.iter().find(fits) {
            Some((_, attr)) => diagnostic.at(*attr),
            None => diagnostic,
        }
    }

    async fn carry_out(&self, calls: &[Call]) -> Result<Json, CloudError> {
        let mut answer = Json::Null;
        for call in calls {
            answer = self.cloud.call(call).await?;
        }
        Ok(answer)
    }

    async fn create(&self, planned: &Value, config: &Value) -> Outcome {
        let fail = |error| self.failed("create", planned, error);
        let what = describe(self.declared.resource, planned);
        let found = self.standing(planned).await.map_err(fail)?;
        if self.remote.standing && found.is_null() {
            let attr = *self.remote.names.first().expect("what is found has a name");
            let detail = "What is named here does not exist in the organization.";
            return Err(Diagnostic::error(format!("Cannot create {what}"), detail).at(attr));
        }
        let values = Values::new(planned, config);
        let calls = self.with(&found, |context| (self.remote.create)(&values, context)).await.map_err(fail)??;
        let answer = match self.carry_out(&calls).await {
            Err(error) if error.may_be_done() => self
                .recover(planned)
                .await
                .ok_or_else(|| fail(error.hint("it may have been carried out: look for it before applying again")))?,
            answer => answer.map_err(fail)?,
        };
        let mut state = planned.clone();
        (self.remote.created)(&answer, &mut state);
        let mut diagnostics = Vec::new();
        if let Some(region) = self.remote.region {
            let within = planned.get("timeouts").items().first().map_or(&Value::Null, |block| block.get("create"));
            let micros = within.as_text().and_then(same::interval_micros).and_then(|micros| u64::try_from(micros).ok());
            let within = micros.map_or(DEFAULT_WAIT, Duration::from_micros);
            if let Err(error) = self.cloud.wait_for_region(&region(planned), within).await {
                // It was told to be made: a failed create would be undone by the next apply.
                let detail = format!("{error}\n\nIt goes on without Terraform; the next plan shows how far it is.");
                if !matches!(error.kind, CloudErrorKind::Unclear | CloudErrorKind::Cancelled) {
                    return Err(Diagnostic::error(format!("Cannot create {what}"), detail));
                }
                diagnostics.push(Diagnostic::warning(format!("Not waiting any longer for {what}"), detail));
            }
        }
        let value = self.read_back(&state).await.unwrap_or_else(|error| {
            diagnostics.push(self.failed("read back", planned, error));
            fill_unknown(&state, &Value::Null)
        });
        Ok(Reply { value: stored(value), diagnostics })
    }

    /// What was made, if the answer to its making was lost.
    async fn recover(&self, planned: &Value) -> Option<Json> {
        let same = self.remote.same?;
        for list in (self.remote.lists)(planned) {
            let items = self.cloud.list(list).await.ok()?;
            if let Some(item) = items.iter().find(|item| same(item, planned)) {
                return Some(item.clone());
            }
        }
        None
    }

    /// The state after a change with what only the service knows.
    async fn read_back(&self, state: &Value) -> Result<Value, CloudError> {
        let Some(found) = self.find(state).await? else {
            let message = "the service accepted it, but does not show it";
            return Err(CloudError::new(CloudErrorKind::Unclear, message));
        };
        let known = fill_unknown(state, &Value::Null);
        let read = self.read(&found, &known, true).await?;
        Ok(fill_unknown(state, &read))
    }

    async fn update(&self, prior: &Stored, planned: &Value, config: &Value) -> Outcome {
        let fail = |error| self.failed("update", planned, error);
        let changes =
            differences(self.declared.resource, self.declared.attrs, &prior.state, planned, &SameObjects::default());
        let altered = changes.into_iter().filter(|change| change.class == Class::Altered);
        let changed: Vec<String> = altered.map(|change| change.dotted).collect();
        if changed.is_empty() {
            return Ok(self.updated(prior, planned).await);
        }
        let (old, new) = (Values::new(&prior.state, &Value::Null), Values::new(planned, config));
        let there = self.standing(&prior.state).await.map_err(fail)?;
        let asked = self.with(&there, |context| {
            let key = Key::Parts(Vec::new());
            let found = Found::new(&key, Vec::new(), &prior.state);
            let change = Change { resource: self.declared.resource, old, new, changed: &changed, found: &found };
            (self.remote.update)(&change, context)
        });
        let calls = asked.await.map_err(fail)??;
        if let Err(error) = self.carry_out(&calls).await {
            // Some of it may have been done: what is there is what is known.
            let state = match self.find(&prior.state).await {
                Ok(Some(found)) => self.read(&found, &prior.state, false).await.ok(),
                _ => None,
            };
            let value = Stored { state: state.unwrap_or_else(|| prior.state.clone()), ..prior.clone() };
            return Ok(Reply { value, diagnostics: vec![fail(error)] });
        }
        Ok(self.updated(prior, planned).await)
    }

    /// What is to be kept when all changes are made.
    async fn updated(&self, prior: &Stored, planned: &Value) -> Reply<Stored> {
        if planned.is_wholly_known() {
            return Reply { value: stored(planned.clone()), diagnostics: Vec::new() };
        }
        let (read, diagnostics) = match self.read_back(&fill_unknown(planned, &Value::Null)).await {
            Ok(read) => (read, Vec::new()),
            Err(error) => (prior.state.clone(), vec![self.failed("read back", planned, error)]),
        };
        Reply { value: stored(fill_unknown(planned, &read)), diagnostics }
    }

    async fn delete(&self, prior: &Stored) -> Outcome {
        let values = Values::new(&prior.state, &Value::Null);
        let work = async {
            let there = self.standing(&prior.state).await?;
            let calls = self.with(&there, |context| (self.remote.delete)(&values, context)).await?;
            self.carry_out(&calls).await
        };
        match work.await {
            Err(error) if !error.is_gone() => Err(self.failed("delete", &prior.state, error)),
            _ => {
                let left = (self.remote.left)(&prior.state);
                Ok(Reply { value: Stored::default(), diagnostics: left.into_iter().collect() })
            }
        }
    }
}

/// How long a region may take that says nothing else.
const DEFAULT_WAIT: Duration = Duration::from_secs(20 * 60);

fn stored(state: Value) -> Stored {
    Stored { state, private: Private::default().recorded().print() }
}

fn refuse<T>(value: T, diagnostic: Diagnostic) -> Reply<T> {
    Reply { value, diagnostics: vec![diagnostic] }
}

pub async fn read(provider: &Provider, declared: &Declared, remote: &'static Remote, prior: Stored) -> Reply<Stored> {
    let reading = async {
        let work = Work::new(provider, declared, remote)?;
        let fail = |error| work.failed("read", &prior.state, error);
        let Some(found) = work.find(&prior.state).await.map_err(fail)? else { return Ok(Reply::default()) };
        let state = work.read(&found, &prior.state, false).await.map_err(fail)?;
        let diagnostics = (remote.warn)(&found).into_iter().collect();
        Ok(Reply { value: Stored { state, ..prior.clone() }, diagnostics })
    };
    reading.await.unwrap_or_else(|diagnostic| refuse(prior, diagnostic))
}

pub async fn apply(
    provider: &Provider,
    declared: &Declared,
    remote: &'static Remote,
    prior: Stored,
    planned: &Value,
    config: &Value,
) -> Reply<Stored> {
    let applying = async {
        let work = Work::new(provider, declared, remote)?;
        match (prior.state.is_null(), planned.is_null()) {
            (true, _) => work.create(planned, config).await,
            (false, false) => work.update(&prior, planned, config).await,
            (false, true) => work.delete(&prior).await,
        }
    };
    applying.await.unwrap_or_else(|diagnostic| refuse(prior, diagnostic))
}

pub async fn import(provider: &Provider, declared: &Declared, remote: &'static Remote, id: &str) -> Reply<Stored> {
    let importing = async {
        let work = Work::new(provider, declared, remote)?;
        let said = (remote.import)(id).ok_or_else(|| super::bad_id(declared, id))?;
        let mut state = blank(declared, false);
        if let Value::Map(said) = said {
            said.into_iter().for_each(|(name, value)| state.set(&name, value));
        }
        let name = declared.resource.name;
        let fail = |error: CloudError| Diagnostic::error(format!("Cannot import {name} {id}"), error.to_string());
        let found = work.find(&state).await.map_err(fail)?.ok_or_else(|| {
            let detail = format!("There is no {name} with the id \"{id}\" in the organization.");
            Diagnostic::error("Cannot import what does not exist", detail)
        })?;
        let state = work.read(&found, &state, true).await.map_err(fail)?;
        let value = Stored { state, private: Private::default().print() };
        Ok(Reply { value, diagnostics: Vec::new() })
    };
    importing.await.unwrap_or_else(|diagnostic| refuse(Stored::default(), diagnostic))
}

/// The states of all objects of a type.
pub async fn list(provider: &Provider, declared: &Declared, remote: &'static Remote) -> Result<Vec<Value>, Diagnostic> {
    let work = Work::new(provider, declared, remote)?;
    let name = declared.resource.name;
    let fail =
        |error: CloudError| Diagnostic::error(format!("Cannot list objects of the type {name}"), error.to_string());
    let mut states = Vec::new();
    for list in (remote.lists)(&Value::Null) {
        let items = work.cloud.list(list).await.map_err(fail)?;
        for id in items.iter().flat_map(remote.ids) {
            let Some(Value::Map(said)) = (remote.import)(&id) else { continue };
            let mut state = blank(declared, false);
            said.into_iter().for_each(|(name, value)| state.set(&name, value));
            if let Some(found) = work.find(&state).await.map_err(fail)? {
                states.push(work.read(&found, &state, true).await.map_err(fail)?);
            }
        }
    }
    Ok(states)
}

pub async fn data(provider: &Provider, source: &DataSource, remote: &RemoteSource, config: Value) -> Reply<Value> {
    let reading = async {
        let cloud = provider.cloud(source.name)?;
        let lists = try_join_all(remote.lists.iter().map(|list| cloud.list(*list))).await.map_err(|error| {
            Diagnostic::error(format!("Cannot read data source {}", source.name), error.to_string())
        })?;
        let mut value = config;
        let items: Vec<&[Json]> = lists.iter().map(|list| list.as_slice()).collect();
        (remote.read)(&items, &mut value)?;
        Ok(Reply { value, diagnostics: Vec::new() })
    };
    reading.await.unwrap_or_else(|diagnostic| refuse(Value::Null, diagnostic))
}
