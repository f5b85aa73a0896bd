//! An organisation in the cloud: sign-in, requests, lists that are shared by all who read them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value as Json, json};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use super::error::{CloudError, CloudErrorKind};
use super::http::{Answer, Http, pause};
use super::region::Sessions;
use super::settings::{CloudSettings, join};
use super::token::Token;
use crate::declare::remote::{Call, List, Method, Paging, Service};

/// How often a request is tried that may be repeated.
const ATTEMPTS: u32 = 5;
/// How many are asked for at once, in lists that come in pages; a service may give fewer.
const PAGE: usize = 200;
/// The most pages of one list: a service that always says there is more must not be asked for ever.
const PAGES: usize = 10_000;
/// How long a list serves those who come later.
const FRESH: Duration = Duration::from_secs(10);

/// A list under way or read, and when it was asked for.
type Kept = (Instant, Arc<OnceCell<Arc<Vec<Json>>>>);

/// The way to one organisation, shared by all. Nothing is sent before it is used.
pub struct Cloud {
    pub settings: CloudSettings,
    http: OnceCell<Http>,
    /// One sign-in at a time; who comes meanwhile gets its token.
    token: tokio::sync::Mutex<Option<Arc<Token>>>,
    lists: Mutex<HashMap<List, Kept>>,
    pub(super) sessions: Sessions,
    stop: Mutex<CancellationToken>,
}

impl Cloud {
    pub fn new(settings: CloudSettings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            http: OnceCell::new(),
            token: tokio::sync::Mutex::default(),
            lists: Mutex::default(),
            sessions: Sessions::default(),
            stop: Mutex::default(),
        })
    }

    /// Cancels what waits. Later calls are served again.
    pub fn stop(&self) {
        std::mem::take(&mut *lock(&self.stop)).cancel();
        self.sessions.stop();
    }

    /// Waits, unless Terraform wants to stop.
    pub(super) async fn sleep(&self, time: Duration) -> Result<(), CloudError> {
        let stop = lock(&self.stop).clone();
        tokio::select! {
            biased;
            () = stop.cancelled() => Err(CloudError::new(CloudErrorKind::Cancelled, "cancelled before it was sent")),
            () = tokio::time::sleep(time) => Ok(()),
        }
    }

    /// Lists are read anew from now on.
    pub(super) fn forget(&self) {
        lock(&self.lists).clear();
    }

    async fn http(&self) -> Result<&Http, CloudError> {
        self.http.get_or_try_init(async || Http::new(self.settings.sql.sslrootcert.as_deref())).await
    }

    /// The token, a new one at half its life.
    pub(super) async fn token(&self) -> Result<Arc<Token>, CloudError> {
        let mut held = self.token.lock().await;
        match held.as_ref().filter(|token| !token.is_old()).cloned() {
            Some(token) => Ok(token),
            None => {
                let signed = Box::pin(self.sign_in()).await; // Which is a request, and so this very function's caller.
                let still = held.as_ref().filter(|token| !token.is_dead()).cloned();
                match (signed, still) {
                    (Ok(token), _) => Ok(held.insert(Arc::new(token)).clone()),
                    // There is time for another try, unless the password itself is refused.
                    (Err(error), Some(token)) if !matches!(error.kind, CloudErrorKind::Status(..500)) => Ok(token),
                    (Err(error), _) => Err(error),
                }
            }
        }
    }

    /// A token in place of one that was refused. Who comes with the same one gets the same new one.
    async fn renew(&self, refused: &Arc<Token>) -> Result<Arc<Token>, CloudError> {
        self.token.lock().await.take_if(|token| Arc::ptr_eq(token, refused));
        self.token().await
    }

    async fn sign_in(&self) -> Result<Token, CloudError> {
        let Some(password) = &self.settings.password else {
            let hint = "set `password` (MZ_PASSWORD) to an app password, or `host` (MZ_HOST) to connect to a self-hosted \
                        environment";
            return Err(CloudError::new(CloudErrorKind::Setup, "there is no app password to sign in with").hint(hint));
        };
        let body = json!({ "clientId": password.client_id, "secret": password.secret });
        let call = Call::new(Method::Post, "/identity/resources/auth/v1/api-token").json(body);
        let sent = Instant::now();
        // It makes nothing that could be there twice.
        let answer = self.repeated(&call, true, false).await.map_err(|error| match error.kind {
            CloudErrorKind::Status(401) => CloudError {
                message: "the app password is refused".to_owned(),
                ..error.hint("it was revoked, or is of another organization or stack")
            },
            _ => error,
        })?;
        let json = answer.json()?;
        let nothing = || CloudError::new(CloudErrorKind::Unclear, "the answer to the sign-in holds no token");
        Token::read(&json, sent).ok_or_else(nothing)
    }

    /// Carries out a request. What was to be deleted and is gone is no error. After a change every list is read anew.
    pub async fn call(&self, call: &Call) -> Result<Json, CloudError> {
        let changes = call.method != Method::Get;
        if changes {
            self.forget();
        }
        let answer = self.signed(call).await;
        if changes {
            self.forget();
        }
        match answer {
            Err(error) if error.is_gone() && call.method == Method::Delete => Ok(Json::Null),
            // A region may answer with anything: what it says is asked for again.
            Ok(answer) if matches!(call.service, Service::Region(_)) && changes => {
                Ok(answer.json().unwrap_or_default())
            }
            Ok(answer) => answer.json(),
            Err(error) => Err(error),
        }
    }

    /// The same with the answer as it came, which is a success.
    pub(super) async fn signed(&self, call: &Call) -> Result<Answer, CloudError> {
        // A region that is told twice is restarted twice; a POST makes two things.
        let again = call.method != Method::Post
            && !(call.method == Method::Patch && matches!(call.service, Service::Region(_)));
        self.repeated(call, again, true).await
    }

    /// Sends a request until it is answered: `again`, if it may be repeated; `signed`, with a token.
    async fn repeated(&self, call: &Call, again: bool, signed: bool) -> Result<Answer, CloudError> {
        let setup = |why: String| CloudError::new(CloudErrorKind::Setup, why);
        let base = match &call.service {
            Service::Admin => self.settings.endpoint.clone(),
            Service::Global => self.settings.cloud_endpoint.clone(),
            Service::Region(url) => super::region::address(url).map_err(setup)?,
        };
        let mut url = join(&base, &call.path).map_err(setup)?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query.iter().map(|(name, value)| (*name, value.as_str())));
        }
        let request = format!("{} {}", format!("{:?}", call.method).to_uppercase(), url.path());
        let mut token = if signed { Some(self.token().await?) } else { None };
        let (mut attempt, mut renewed) = (1, false);
        loop {
            let bearer = token.as_ref().map(|token| token.text.as_str());
            let sent = self.http().await?.send(call.method, url.clone(), bearer, call.body.as_ref()).await;
            let wait = match &sent {
                Ok(answer) if answer.is_success() => None,
                Ok(answer) if answer.status == 401 && !renewed && token.is_some() => {
                    renewed = true;
                    if let Some(refused) = &token {
                        token = Some(self.renew(refused).await?);
                    }
                    continue;
                }
                Ok(answer) if again || answer.status == 429 => answer.pause(attempt),
                Err(error) if again || error.kind == CloudErrorKind::Unreachable => Some(pause(attempt)),
                _ => None,
            };
            match (wait.filter(|_| attempt < ATTEMPTS), sent) {
                (Some(wait), _) => self.sleep(wait).await?,
                (None, Ok(answer)) if answer.is_success() => return Ok(answer),
                (None, Ok(answer)) => return Err(answer.error().about(&request)),
                (None, Err(error)) => return Err(error),
            }
            attempt += 1;
        }
    }

    /// A whole list. Those who ask within a short time share one reading, until something is changed.
    pub async fn list(&self, list: List) -> Result<Arc<Vec<Json>>, CloudError> {
        let kept = {
            let mut lists = lock(&self.lists);
            lists.retain(|_, (asked, _)| asked.elapsed() < FRESH);
            lists.entry(list).or_insert_with(|| (Instant::now(), Arc::default())).1.clone()
        };
        kept.get_or_try_init(async || self.read(list).await.map(Arc::new)).await.cloned()
    }

    async fn read(&self, list: List) -> Result<Vec<Json>, CloudError> {
        let call =
            list.query.iter().fold(Call::new(Method::Get, list.path), |call, (name, value)| call.query(name, value));
        match list.paging {
            Paging::Whole => {
                let answer = self.call(&call).await?;
                items(&call, &answer, list.items)
            }
            Paging::Numbered => self.numbered(call, list.items).await,
            Paging::Regions => {
                let regions = self.cursored(call.at(Service::Global), list.items).await?;
                let told = regions.into_iter().map(|region| self.with_state(region));
                Ok(join_all(told).await)
            }
        }
    }

    /// `_offset` counts pages from 0. It is over when the answer says so, or has less than was asked for, or nothing new.
    async fn numbered(&self, call: Call, member: &str) -> Result<Vec<Json>, CloudError> {
        let mut all: Vec<Json> = Vec::new();
        for page in 0..PAGES {
            let answer = self.call(&call.clone().query("_limit", PAGE).query("_offset", page)).await?;
            let pages = ["totalPages", "total_pages"].iter().find_map(|name| answer["_metadata"][name].as_u64());
            let total = ["totalItems", "total_items"].iter().find_map(|name| answer["_metadata"][name].as_u64());
            let got = items(&call, &answer, member)?;
            let known = all.len();
            let count = got.len();
            for item in got {
                if !all.iter().any(|known| known["id"] == item["id"]) {
                    all.push(item);
                }
            }
            let over = match (pages, total) {
                _ if all.len() == known => true,
                (Some(pages), _) => page as u64 + 1 >= pages,
                (None, Some(total)) => all.len() as u64 >= total,
                (None, None) => count < PAGE,
            };
            if over {
                break;
            }
        }
        Ok(all)
    }

    /// Every answer but the last says where the next begins.
    async fn cursored(&self, call: Call, member: &str) -> Result<Vec<Json>, CloudError> {
        let mut all = Vec::new();
        let mut next = call.clone().query("limit", 50);
        for _ in 0..PAGES {
            let answer = self.call(&next).await?;
            all.append(&mut items(&call, &answer, member)?);
            match answer["nextCursor"].as_str().filter(|cursor| !cursor.is_empty()) {
                Some(cursor) => next = call.clone().query("limit", 50).query("cursor", cursor),
                None => break,
            }
        }
        Ok(all)
    }
}

/// The elements of the answer's list, which is this member of it, or itself; null is none. An answer without a list says
/// nothing of what there is: what the state knows of must not be taken for gone.
fn items(call: &Call, answer: &Json, member: &str) -> Result<Vec<Json>, CloudError> {
    match if member.is_empty() { Some(answer) } else { answer.get(member) } {
        Some(Json::Array(items)) => Ok(items.clone()),
        Some(Json::Null) if !member.is_empty() => Ok(Vec::new()),
        _ => {
            let error = CloudError::new(CloudErrorKind::Unclear, "the answer holds no list");
            Err(error.about(&format!("GET /{}", call.path.join("/"))))
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_without_a_list_is_no_empty_list() {
        let call = Call::new(Method::Get, "/users/v1");
        let of = |answer: Json, member: &str| items(&call, &answer, member).map(|items| items.len()).ok();
        assert_eq!((of(json!([1, 2]), ""), of(json!({"items": [1]}), "items")), (Some(2), Some(1)));
        assert_eq!((of(json!([]), ""), of(json!({"items": null}), "items")), (Some(0), Some(0)));
        for answer in [json!({}), json!("busy"), Json::Null] {
            assert_eq!((of(answer.clone(), ""), of(answer.clone(), "items")), (None, None), "{answer}");
        }
        let error = items(&call, &json!({}), "items").unwrap_err();
        assert_eq!(error.to_string(), "GET /users/v1: the answer holds no list");
    }
}
