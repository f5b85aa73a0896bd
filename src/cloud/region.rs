//! Regions: what state they are in, how they are enabled, and the SQL sessions in them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Url;
use serde_json::{Value as Json, json};
use tokio::sync::OnceCell;

use super::error::{CloudError, CloudErrorKind};
use super::organization::{Cloud, lock};
use crate::catalog::{Session, Settings, SslMode};
use crate::declare::remote::{Call, Method, REGIONS, Service};
use crate::sql::item;

/// Pauses between questions whether a region is ready.
const POLL: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(10));

/// The sessions of the regions that were used.
#[derive(Default)]
pub struct Sessions(Mutex<HashMap<String, Arc<OnceCell<Arc<Session>>>>>);

impl Sessions {
    pub fn stop(&self) {
        lock(&self.0).values().filter_map(|cell| cell.get()).for_each(|session| session.stop());
    }
}

/// The address of a region's service. Local stacks leave out the scheme.
pub(super) fn address(url: &str) -> Result<Url, String> {
    super::settings::service(&if url.contains("://") { url.to_owned() } else { format!("http://{url}") })
}

/// What is behind `regionInfo`, for a region that is enabled.
fn info(region: &Json) -> Option<&Json> {
    let enabled = region["state"].as_str() == Some("enabled");
    Some(&region["info"]).filter(|info| enabled && info.is_object())
}

impl Cloud {
    /// An element of the list of regions with what the region says of itself: `state` (`enabled`, `disabled`,
    /// `enablement-pending`, …; or `unknown`, with the `error`) and `info`.
    pub(super) async fn with_state(&self, mut region: Json) -> Json {
        let url = region["url"].as_str().unwrap_or_default().to_owned();
        let call = Call::new(Method::Get, "/api/region").at(Service::Region(url));
        let told = match self.signed(&call).await {
            Ok(answer) if answer.status == 204 => Ok((json!("disabled"), Json::Null)),
            Ok(answer) => answer.json().map(|json| {
                let info = json["regionInfo"].clone();
                let state = match (&json["regionState"], answer.status) {
                    (Json::String(state), _) => json!(state),
                    (_, 202) => json!("enablement-pending"),
                    // Older services do not say it in words.
                    _ if info.is_object() => json!("enabled"),
                    _ => json!("disabled"),
                };
                (state, info)
            }),
            Err(error) if error.is_gone() => Ok((json!("disabled"), Json::Null)),
            Err(error) => Err(error),
        };
        match told {
            Ok((state, info)) => (region["state"], region["info"]) = (state, info),
            Err(error) => (region["state"], region["error"]) = (json!("unknown"), json!(error.to_string())),
        }
        region
    }

    /// A region of the list, as it is now.
    pub async fn region(&self, id: &str) -> Result<Json, CloudError> {
        let regions = self.list(REGIONS).await?;
        let setup = |why| CloudError::new(CloudErrorKind::Setup, why);
        let found = regions.iter().find(|region| region["id"] == id).cloned().ok_or_else(|| {
            let ids: Vec<&str> = regions.iter().filter_map(|region| region["id"].as_str()).collect();
            setup(format!("there is no region {id:?}; there are {}", ids.join(", ")))
        })?;
        match found["error"].as_str() {
            Some(error) => Err(setup(format!("the region {id} does not say whether it is enabled: {error}"))),
            None => Ok(found),
        }
    }

    /// The session of a region, which opens when it is used.
    pub async fn session(&self, id: &str) -> Result<Arc<Session>, CloudError> {
        let cell = lock(&self.sessions.0).entry(id.to_owned()).or_default().clone();
        let open = async || {
            let region = self.region(id).await?;
            let Some(address) = info(&region).and_then(|info| info["sqlAddress"].as_str()) else {
                let state = region["state"].as_str().unwrap_or_default();
                let error = format!("the region {id} is not enabled (its state is {state:?})");
                let hint = "a `materialize_region` enables it; what is in the region must come after it (`depends_on`)";
                return Err(CloudError::new(CloudErrorKind::Setup, error).hint(hint));
            };
            Ok(Session::new(self.sql(address).await?))
        };
        cell.get_or_try_init(open).await.cloned()
    }

    async fn sql(&self, address: &str) -> Result<Settings, CloudError> {
        let token = self.token().await?;
        let setup = |why: String| CloudError::new(CloudErrorKind::Setup, why);
        let user = token.sql_user().ok_or_else(|| {
            setup(
                "the token names no user whom SQL would let in: neither an e-mail address nor a service's user".into(),
            )
        })?;
        let port = address.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = port.ok_or_else(|| setup(format!("{address:?} is no address of a SQL server")))?;
        Ok(Settings {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
            user: user.to_owned(),
            sslmode: SslMode::VerifyFull,
            ..self.settings.sql.clone()
        })
    }

    /// Waits until a region answers SQL, after it was told to be enabled.
    ///
    /// # Errors
    /// The last reason why it did not, when the time is over; or at once what waiting will not change.
    pub async fn wait_for_region(&self, id: &str, within: Duration) -> Result<(), CloudError> {
        let (start, mut pause) = (Instant::now(), POLL.0);
        loop {
            let why = match self.answers(id).await {
                Ok(None) => return Ok(()),
                Ok(Some(why)) => why,
                Err(error) if matches!(error.kind, CloudErrorKind::Status(401 | 403) | CloudErrorKind::Cancelled) => {
                    return Err(error);
                }
                Err(error) => error.to_string(),
            };
            if start.elapsed() + pause > within {
                let message = format!("the region {id} does not answer SQL after {} s: {why}", within.as_secs());
                return Err(CloudError::new(CloudErrorKind::Unclear, message));
            }
            log::info!("the region {id} is not ready yet ({} s): {why}", start.elapsed().as_secs());
            self.sleep(pause).await?;
            pause = (pause * 2).min(POLL.1);
        }
    }

    /// Why a region does not answer SQL; `None`: it does.
    async fn answers(&self, id: &str) -> Result<Option<String>, CloudError> {
        self.forget();
        let region = self.region(id).await?;
        let state = region["state"].as_str().unwrap_or_default();
        if state == "deletion-pending" {
            let why = format!("the region {id} is being deleted");
            return Err(CloudError::new(CloudErrorKind::Status(403), why));
        }
        let Some(info) = info(&region) else { return Ok(Some(format!("its state is {state:?}"))) };
        if info["resolvable"] == false {
            return Ok(Some("its name does not resolve yet".to_owned()));
        }
        let Some(address) = info["sqlAddress"].as_str() else { return Ok(Some("it has no address yet".to_owned())) };
        let settings = Settings { connect_timeout: Duration::from_secs(10), ..self.sql(address).await? };
        let asked = Session::new(settings).execute(&item().word("SELECT current_user AS").ident("name")).await;
        Ok(asked.err().map(|error| error.message))
    }
}
