//! Faults on demand, and the log of requests: what the control port does in the cloud.
//!
//! | line | effect |
//! |---|---|
//! | `http log` | a line of JSON per request: method, path, query, body (secrets blanked), status; then the count |
//! | `http reset` | forgets the log and every fault |
//! | `http fault N KIND [METHOD [TEXT]]` | the next N requests of that method whose path has TEXT in it get KIND |
//! | `http expire` | every token so far is refused from now on |
//! | `region ID set STATE` | never, pending, enabled, soft-deleted or deletion-pending |
//! | `region ID polls N`, `region ID unresolvable N`, `region ID refuses MS` | how long it takes to be enabled |
//! | `region ID LINE` | any other line of the region's own control port |
//! | `domain NAME validated` | a domain was found to be the organisation's |
//! | `group NAME managed WORD` | to whom a group belongs |
//! | `strange on` | answers with unknown members, and null instead of empty arrays |
//!
//! Kinds: `429` (says nothing more), `429-after` and `429-reset` (one second), `500`, `503`, `504`, `html`, `json` (which is
//! none), `401`, `403`, `404`: instead of being carried out; `cut`: carried out, and the connection closed without an
//! answer; `drop`: closed, and not carried out; `done-504`: carried out, and answered with 504; `expire`: first, every token so
//! far is refused from now on, this request's too; `slow:MS`: carried out after so many milliseconds.

use std::time::Duration;

use axum::http::Uri;
use serde_json::{Value, json};

/// What some requests to come will meet.
#[derive(Clone, Debug)]
pub struct Fault {
    pub left: u64,
    pub kind: String,
    pub method: String,
    pub text: String,
}

#[derive(Default)]
pub struct Faults {
    faults: Vec<Fault>,
    log: Vec<Value>,
}

const KINDS: &[&str] = &[
    "429", "429-after", "429-reset", "500", "503", "504", "html", "json", "401", "403", "404", "cut", "drop",
    "done-504", "expire",
];

/// How long a fault of kind `slow:MS` takes.
pub fn slowness(kind: &str) -> Option<Duration> {
    kind.strip_prefix("slow:")?.parse().ok().map(Duration::from_millis)
}

impl Faults {
    /// The kind of fault that this request meets.
    pub fn meets(&mut self, method: &str, path: &str) -> Option<String> {
        let meets = |fault: &&mut Fault| {
            fault.left > 0 && (fault.method.is_empty() || fault.method == method) && path.contains(&fault.text)
        };
        let fault = self.faults.iter_mut().find(meets)?;
        fault.left -= 1;
        Some(fault.kind.clone())
    }

    pub fn note(&mut self, method: &str, uri: &Uri, body: &Value, status: u16) {
        let (path, query) = (uri.path(), uri.query());
        self.log.push(json!({ "method": method, "path": path, "query": query, "body": blank(body), "status": status }));
    }

    /// A line behind `http`; `None`: it is another's.
    pub fn command(&mut self, line: &str) -> Option<Result<String, String>> {
        let words: Vec<&str> = line.split_whitespace().collect();
        Some(Ok(match words[..] {
            ["log"] => {
                let lines: String = self.log.iter().map(|entry| format!("{entry}\n")).collect();
                lines + &json!({ "ok": self.log.len() }).to_string() + "\n"
            }
            ["reset"] => {
                *self = Self::default();
                ok()
            }
            ["fault", count, kind, ref rest @ ..] if rest.len() <= 2 => {
                let Ok(left) = count.parse() else { return Some(Err(format!("not a number: {count}"))) };
                if !KINDS.contains(&kind) && slowness(kind).is_none() {
                    return Some(Err(format!("no such fault: {kind}")));
                }
                let word = |at: usize| rest.get(at).copied().unwrap_or_default().to_owned();
                self.faults.push(Fault { left, kind: kind.to_owned(), method: word(0), text: word(1) });
                ok()
            }
            _ => return None,
        }))
    }
}

pub fn ok() -> String {
    json!({ "ok": true }).to_string() + "\n"
}

/// A body without what is secret.
fn blank(body: &Value) -> Value {
    let mut body = body.clone();
    if let Value::Object(members) = &mut body {
        for (name, value) in members.iter_mut() {
            if name.to_lowercase().contains("secret") {
                *value = json!("…");
            }
        }
    }
    body
}
