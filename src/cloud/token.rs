//! What signing in gives: a token, how long it lasts, and what it says of who signed in.

use std::fmt;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value as Json;

/// How long a token lasts that does not say so.
const USUAL: u64 = 3600;

/// A bearer token. `Debug` does not show it.
pub struct Token {
    pub(super) text: String,
    born: Instant,
    lasts: Duration,
    claims: Json,
}

impl Token {
    /// Reads the answer to a sign-in that was sent at this moment. `None`: it holds no token.
    pub fn read(answer: &Json, sent: Instant) -> Option<Self> {
        let either =
            |a: &str, b: &str| [a, b].into_iter().map(|name| &answer[name]).find(|value| !value.is_null()).cloned();
        let text = either("accessToken", "access_token")?.as_str()?.to_owned();
        let lasts = either("expiresIn", "expires_in").and_then(|value| value.as_u64()).unwrap_or(USUAL);
        let claims = text.split('.').nth(1).and_then(|part| {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
            serde_json::from_slice(&bytes).ok()
        });
        Some(Self { text, born: sent, lasts: Duration::from_secs(lasts), claims: claims.unwrap_or_default() })
    }

    /// Whether half of its life is over: time for a new one.
    pub fn is_old(&self) -> bool {
        self.born.elapsed() * 2 > self.lasts
    }

    pub fn is_dead(&self) -> bool {
        self.born.elapsed() > self.lasts
    }

    /// The role that SQL sessions sign in as: the e-mail address, or a service's user.
    pub fn sql_user(&self) -> Option<&str> {
        let claim =
            |value: &'static str| self.claims.pointer(value).and_then(Json::as_str).filter(|text| !text.is_empty());
        claim("/email").or_else(|| claim("/metadata/user"))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("lasts", &self.lasts).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn token(claims: Json) -> Token {
        let text = format!("e30.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
        Token::read(&json!({ "accessToken": text, "expiresIn": 500 }), Instant::now()).unwrap()
    }

    #[test]
    fn the_user_is_the_address_or_that_of_the_service() {
        assert_eq!(token(json!({ "email": "a@b.c", "sub": "x" })).sql_user(), Some("a@b.c"));
        assert_eq!(token(json!({ "metadata": { "user": "svc" }, "sub": "x" })).sql_user(), Some("svc"));
        assert_eq!(token(json!({ "sub": "x" })).sql_user(), None);
        assert!(!format!("{:?}", token(json!({}))).contains("e30"));
    }
}
