//! What can go wrong between a statement and its answer.

use crate::sql::Statement;

/// How a statement failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The server refused the statement; `code` is its SQLSTATE.
    Server,
    /// No connection could be made.
    Connect,
    /// The server has no TLS, or its certificate was refused.
    Tls,
    /// The server refused the user or the password.
    Auth,
    /// A read took longer than `statement_timeout`.
    Timeout,
    /// A statement was sent and no answer came: it may or may not have happened.
    Lost,
    /// The statement was carried out, but what it made could not be read.
    Unread,
    /// [`super::Session::stop`] was called before the statement was sent.
    Cancelled,
}

/// A failed statement or connection. No text in it contains a secret of the statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CatalogError {
    pub kind: ErrorKind,
    /// SQLSTATE, where the server gave one.
    pub code: Option<String>,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// Where in the statement, in characters from 0; not told of a statement with secrets.
    pub position: Option<usize>,
}

impl CatalogError {
    /// An error with nothing but a message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, code: None, message: message.into(), detail: None, hint: None, position: None }
    }

    /// The same error with advice.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The error about `statement`, whose secrets the server may have echoed.
    pub(super) fn about(mut self, statement: &Statement) -> Self {
        let secrets = statement.secrets();
        // Behind a secret it would point at another place of what is shown.
        self.position = self.position.filter(|_| secrets.is_empty());
        self.without(&secrets)
    }

    /// The error with these secrets masked.
    pub(super) fn without(mut self, secrets: &[&str]) -> Self {
        let forms = forms(secrets);
        for text in [Some(&mut self.message), self.detail.as_mut(), self.hint.as_mut()].into_iter().flatten() {
            *text = scrub(std::mem::take(text), &forms);
        }
        self
    }
}

/// The text with these secrets masked, in all forms.
pub fn masked(text: String, secrets: &[String]) -> String {
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    scrub(text, &forms(&secrets))
}

const MASK: &str = "<REDACTED>";

/// The ways in which a server may echo a secret: as it is, as a literal, escaped, without escapes, or one line of it.
/// Longest first, so that no form hides a longer one.
fn forms(secrets: &[&str]) -> Vec<String> {
    let mut forms = Vec::new();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let lines = secret.lines().filter(|line| line.len() >= 8).map(str::to_owned);
        forms.extend(lines.chain([secret.to_string(), secret.replace('\'', "''")]));
        forms.extend([secret.escape_debug().to_string(), secret.escape_default().to_string()]);
        forms.push(secret.replace(r"\\", r"\"));
    }
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    forms.dedup();
    forms
}

/// Masks every form. One of less than four bytes is masked only where it stands alone, or it would turn up in ordinary
/// words, and the holes would tell what it is.
fn scrub(text: String, forms: &[String]) -> String {
    let mut parts = vec![Some(text)];
    for form in forms {
        // `None` is a mask already made: what a later form finds in "<REDACTED>" itself must stay.
        parts = parts.into_iter().flat_map(|part| part.map_or_else(|| vec![None], |text| cut(&text, form))).collect();
    }
    parts.into_iter().map(|part| part.unwrap_or_else(|| MASK.to_owned())).collect()
}

/// The text in pieces, with `None` where the form stood.
fn cut(text: &str, form: &str) -> Vec<Option<String>> {
    let alone = |at: usize| {
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        form.len() >= 4 || !(word(text[..at].chars().next_back()) || word(text[at + form.len()..].chars().next()))
    };
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(form).filter(|(at, _)| alone(*at)) {
        pieces.extend([Some(text[from..at].to_owned()), None]);
        from = at + form.len();
    }
    pieces.push(Some(text[from..].to_owned()));
    pieces
}
