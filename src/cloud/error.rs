//! What the cloud said instead of what was asked for.

use std::fmt;

use serde_json::Value as Json;

/// Why a request failed. Never holds a token or a secret.
#[derive(Clone, Debug)]
pub struct CloudError {
    pub kind: CloudErrorKind,
    /// `GET /identity/resources/users/v1/…`; empty before anything was asked.
    pub request: String,
    pub message: String,
    /// By which the service finds the request in its logs.
    pub trace: Option<String>,
    pub hint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudErrorKind {
    /// The service refused with this status.
    Status(u16),
    /// There was no answer: nothing was carried out.
    Unreachable,
    /// The answer was lost, or could not be read: it may have been carried out.
    Unclear,
    /// It could not be asked: what the provider was given is wrong.
    Setup,
    /// Terraform wants to stop.
    Cancelled,
}

impl CloudError {
    pub fn new(kind: CloudErrorKind, message: impl Into<String>) -> Self {
        Self { kind, request: String::new(), message: message.into(), trace: None, hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn about(mut self, request: &str) -> Self {
        request.clone_into(&mut self.request);
        self
    }

    /// Whether what was asked about is not there.
    pub fn is_gone(&self) -> bool {
        self.kind == CloudErrorKind::Status(404)
    }

    /// Whether what was asked for may have been done all the same.
    pub fn may_be_done(&self) -> bool {
        matches!(self.kind, CloudErrorKind::Unclear | CloudErrorKind::Status(408 | 500..))
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.request.as_str(), self.kind) {
            ("", _) => f.write_str(&self.message)?,
            (request, CloudErrorKind::Status(status)) => {
                write!(f, "{request} was answered {status}: {}", self.message)?
            }
            (request, _) => write!(f, "{request}: {}", self.message)?,
        }
        for (label, text) in [("\nTrace id", &self.trace), ("\nHint", &self.hint)] {
            if let Some(text) = text {
                write!(f, "{label}: {text}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for CloudError {}

/// The words of an answer that is an error: what its JSON says, or the beginning of its text. A page of a load balancer
/// says nothing to anybody.
pub fn message(body: &str) -> String {
    let text = |value: &Json| value.as_str().map(str::to_owned).or_else(|| Some(value["message"].as_str()?.to_owned()));
    let said = |json: &Json| {
        let errors: Vec<String> = json["errors"].as_array().into_iter().flatten().filter_map(text).collect();
        if errors.is_empty() {
            text(&json["message"]).or_else(|| text(&json["error"]))
        } else {
            Some(errors.join("; "))
        }
    };
    let body = body.trim();
    if let Some(said) = serde_json::from_str(body).ok().as_ref().and_then(said) {
        return said;
    }
    match body.chars().next() {
        None => "the answer is empty".to_owned(),
        Some('<') => "the answer is a web page, not the service's".to_owned(),
        Some(_) => body.chars().take(300).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_answer_has_a_message() {
        assert_eq!(message(r#"{"errors":["a","b"]}"#), "a; b");
        assert_eq!(message(r#"{"message":"m"}"#), "m");
        assert_eq!(message(r#"{"errors":[{"message":"n"}]}"#), "n");
        assert_eq!(message("plain"), "plain");
        assert!(message("<html>").contains("web page"));
        assert!(message(" ").contains("empty"));
    }
}
