//! One request and its answer, and how long to wait before the next try.

use std::error::Error;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqwest::{Client, Url, header};
use serde_json::Value as Json;

use super::error::{CloudError, CloudErrorKind, message};
use crate::catalog;
use crate::declare::remote::Method;

/// For a connection, TLS included.
const CONNECT: Duration = Duration::from_secs(10);
/// For a request, the answer included.
const TOTAL: Duration = Duration::from_secs(60);
/// How long a service that asks for patience without saying how much is left alone.
const PATIENCE: Duration = Duration::from_secs(60);
/// Which version of its answers a region is asked for.
const REGION_VERSION: (&str, &str) = ("X-Materialize-Api-Version", "1");

/// The HTTP client of a provider. Proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`, …).
pub struct Http {
    client: Client,
    /// How long a request may take, the answer included.
    total: Duration,
}

/// An answer, whatever its status.
pub struct Answer {
    pub status: u16,
    /// How long the service asks to be left alone.
    pub wait: Option<Duration>,
    trace: Option<String>,
    body: Vec<u8>,
    /// Secrets of the request, which a service may repeat when it refuses.
    secrets: Vec<String>,
}

impl Http {
    /// `trusted`: certificates to trust instead of the system's, as text or as the path of a file.
    pub fn new(trusted: Option<&str>) -> Result<Self, CloudError> {
        Self::within(TOTAL, trusted)
    }

    fn within(total: Duration, trusted: Option<&str>) -> Result<Self, CloudError> {
        let setup = |why: String| CloudError::new(CloudErrorKind::Setup, why);
        let tls = catalog::verified_tls(trusted).map_err(|error| setup(error.to_string()))?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("terraform-provider-materialize/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(total)
            .redirect(reqwest::redirect::Policy::none())
            .build();
        Ok(Self { client: client.map_err(|error| setup(chain(&error)))?, total })
    }

    /// Sends a request once. An error means that there was no answer.
    pub async fn send(
        &self,
        method: Method,
        url: Url,
        token: Option<&str>,
        body: Option<&Json>,
    ) -> Result<Answer, CloudError> {
        let secrets = body.map(secrets).unwrap_or_default();
        let method = match method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let request = format!("{method} {}", url.path());
        let place =
            format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        let mut sending = self.client.request(method, url).header(REGION_VERSION.0, REGION_VERSION.1);
        if let Some(token) = token {
            sending = sending.bearer_auth(token);
        }
        if let Some(body) = body {
            sending = sending.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let failed = |error: reqwest::Error| failure(&place, self.total, error.without_url()).about(&request);
        let answer = sending.send().await.map_err(failed)?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (retry, reset) = (header("retry-after"), header("x-rate-limit-reset"));
        let wait = retry.as_deref().and_then(retry_after).or_else(|| reset.as_deref().and_then(until));
        let (status, trace) = (answer.status().as_u16(), header("frontegg-trace-id"));
        let body = answer.bytes().await.map_err(failed)?.to_vec();
        log::debug!("{request} was answered {status}");
        Ok(Answer { status, wait, trace, body, secrets })
    }
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The JSON of a success; null where there is none.
    pub fn json(&self) -> Result<Json, CloudError> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Json::Null);
        }
        serde_json::from_slice(&self.body).map_err(|error| CloudError {
            trace: self.trace.clone(),
            ..CloudError::new(CloudErrorKind::Unclear, format!("the answer ({}) is no JSON: {error}", self.status))
        })
    }

    pub fn error(&self) -> CloudError {
        let said = catalog::masked(message(&String::from_utf8_lossy(&self.body)), &self.secrets);
        CloudError { trace: self.trace.clone(), ..CloudError::new(CloudErrorKind::Status(self.status), said) }
    }

    /// How long to wait before this request is tried again; `None`: it would be no use.
    pub fn pause(&self, attempt: u32) -> Option<Duration> {
        match self.status {
            429 => Some(self.wait.unwrap_or(PATIENCE)),
            408 | 500.. => Some(self.wait.unwrap_or_else(|| pause(attempt))),
            _ => None,
        }
    }
}

/// The texts of a request's body that nobody may see, by what its members are called.
fn secrets(body: &Json) -> Vec<String> {
    let own = |name: &str| ["secret", "password", "token"].iter().any(|word| name.to_lowercase().contains(word));
    match body {
        Json::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match value {
                Json::String(text) if own(name) => vec![text.clone()],
                value => secrets(value),
            })
            .collect(),
        Json::Array(items) => items.iter().flat_map(secrets).collect(),
        _ => Vec::new(),
    }
}

/// Doubling pauses with some chance in them, so that those who failed together do not come again together.
pub fn pause(attempt: u32) -> Duration {
    let longest = 250 * 2u64.pow(attempt.min(5));
    Duration::from_millis(longest / 2 + fastrand::u64(..=longest / 2))
}

/// `Retry-After`: seconds, or a date.
fn retry_after(text: &str) -> Option<Duration> {
    let seconds = text.trim().parse().ok().map(Duration::from_secs);
    seconds.or_else(|| {
        let date = jiff::fmt::rfc2822::parse(&text.replace("GMT", "+0000")).ok()?;
        Some(date.timestamp().duration_since(now()).try_into().unwrap_or_default())
    })
}

/// `X-Rate-Limit-Reset`: a time as RFC 3339 has it.
fn until(text: &str) -> Option<Duration> {
    let time: Timestamp = text.trim().parse().ok()?;
    Some(time.duration_since(now()).try_into().unwrap_or_default())
}

fn now() -> Timestamp {
    SystemTime::now().try_into().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Why there was no answer, in plain words.
fn failure(place: &str, total: Duration, error: reqwest::Error) -> CloudError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(refused) = catalog::tls_refusal(place, inner) {
            let hint = "set `sslrootcert` (MZ_SSLROOTCERT) to the certificate of the authority that issued it, if it \
                        is one of your own";
            return CloudError::new(CloudErrorKind::Unreachable, refused.message).hint(hint);
        }
        cause = inner.source();
    }
    let kind = if error.is_connect() { CloudErrorKind::Unreachable } else { CloudErrorKind::Unclear };
    let why = if error.is_timeout() && !error.is_connect() {
        format!("{place} did not answer within {total:?}")
    } else {
        format!("no answer from {place}: {}", chain(&error))
    };
    CloudError::new(kind, why)
}

/// An error's innermost cause: the outer ones only say that a request failed.
fn chain(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_headers_say_how_long_to_wait() {
        assert_eq!(retry_after("7"), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let soon = now() + jiff::SignedDuration::from_secs(100);
        let left = until(&soon.to_string()).unwrap();
        assert!(left > Duration::from_secs(90) && left <= Duration::from_secs(100), "{left:?}");
        assert_eq!(until("2015-10-21T07:28:00Z"), Some(Duration::ZERO));
        assert_eq!((retry_after("soon"), until("later")), (None, None));
    }

    #[test]
    fn patience_that_is_asked_for_without_a_number_is_a_minute() {
        let answer = |status, wait| Answer { status, wait, trace: None, body: Vec::new(), secrets: Vec::new() };
        assert_eq!(answer(429, None).pause(0), Some(PATIENCE));
        assert_eq!(answer(429, Some(Duration::ZERO)).pause(0), Some(Duration::ZERO));
        assert!(answer(503, None).pause(0).is_some_and(|pause| pause < Duration::from_secs(1)));
        assert_eq!(answer(404, None).pause(0), None);
    }

    #[test]
    fn secrets_of_a_request_are_not_repeated() {
        let secrets = secrets(&serde_json::json!({"name": "shown", "oidc": [{"oidcSecret": "do not tell"}]}));
        let answer =
            |body: &str| Answer { status: 400, wait: None, trace: None, body: body.into(), secrets: secrets.clone() };
        for body in ["bad value \"do not tell\" of shown", r#"{"errors": ["shown: do not tell"]}"#] {
            let said = answer(body).error().to_string();
            assert!(said.contains("shown") && said.contains("<REDACTED>") && !said.contains("do not tell"), "{said}");
        }
    }

    #[tokio::test]
    async fn who_says_nothing_is_not_waited_for_for_ever() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/x", silent.local_addr().unwrap())).unwrap();
        let http = Http::within(Duration::from_millis(50), None).unwrap();
        let error = http.send(Method::Get, url, None, None).await.err().expect("no answer");
        assert!(error.to_string().contains("did not answer within 50ms"), "{error}");
        assert_eq!(error.kind, CloudErrorKind::Unclear);
    }
}
