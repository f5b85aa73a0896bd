//! Faults on demand: what a network and a server may do to a client, switched on by flags or over the control port.
//!
//! The control port speaks lines of text; every answer is lines of JSON, the last one `{"ok":…}` or `{"error":…}`:
//!
//! | line | effect |
//! |---|---|
//! | `statements` | one `{"connection":1,"user":"…","sql":"…"}` per statement received, oldest first, then the count |
//! | `reset` | forgets the statements and ends every fault |
//! | `latency MS` | every batch of answers leaves MS milliseconds late, as over a long line |
//! | `delay MS` | every statement takes MS milliseconds longer; a cancel request ends the wait |
//! | `slow BYTES` | answers leave BYTES bytes per 10 milliseconds; 0 ends it |
//! | `cut before N`, `cut after N` | the connection breaks at the N-th statement from now, before or after it is carried out; its answer is lost |
//! | `cut match before TEXT`, `cut match after TEXT` | the same at the next statement that contains TEXT |
//! | `fail match TEXT` | the next statement that contains TEXT is answered with an error instead of being carried out |
//! | `fail every TEXT` | so are all that contain it, until `reset` |
//! | `resize hold on`, `resize hold off` | with `--newer`: changes of clusters stay under way; and are carried out |
//! | `refuse on`, `refuse off` | new connections are closed at once |
//! | `stop` | ends the emulator |

use crate::catalog::Shared;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A statement as it arrived. It may hold secrets: it leaves the process over the control port only.
#[derive(Clone, PartialEq, serde::Serialize)]
pub struct Received {
    pub connection: u32,
    pub user: String,
    pub sql: String,
}

/// Where in a statement's life the connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Before,
    After,
}

#[derive(Clone, Debug)]
enum Trigger {
    /// This many statements from now, the next one being 1.
    Count(u64),
    Text(String),
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    latency: Duration,
    delay: Duration,
    slow: usize,
    cut: Option<(Moment, Trigger)>,
    /// The text, and whether more than one statement fails by it.
    fail: Option<(String, bool)>,
    refuse: bool,
}

/// The faults of one emulator; shared by its connections and its control port.
#[derive(Default)]
pub struct Faults {
    state: Mutex<State>,
    catalog: Option<Arc<Shared>>,
    stop: tokio::sync::Notify,
}

impl Faults {
    /// The faults of an emulator with this catalog.
    pub fn of(catalog: Arc<Shared>) -> Self {
        Self { catalog: Some(catalog), ..Self::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Notes a statement and tells whether the connection must break at it, and when.
    pub fn arrived(&self, connection: u32, user: &str, sql: &str) -> Option<Moment> {
        let mut state = self.state();
        state.received.push(Received { connection, user: user.into(), sql: sql.into() });
        let (moment, trigger) = state.cut.as_mut()?;
        let moment = *moment;
        let due = match trigger {
            Trigger::Count(left) => {
                *left = left.saturating_sub(1);
                *left == 0
            }
            Trigger::Text(text) => sql.contains(text.as_str()),
        };
        due.then(|| {
            state.cut = None;
            moment
        })
    }

    /// Whether the statement is to fail.
    pub fn fails(&self, sql: &str) -> bool {
        let mut state = self.state();
        let due = state.fail.as_ref().filter(|(text, _)| sql.contains(text.as_str())).map(|(_, every)| *every);
        if due == Some(false) {
            state.fail = None;
        }
        due.is_some()
    }

    pub fn latency(&self) -> Duration {
        self.state().latency
    }

    pub fn delay(&self) -> Duration {
        self.state().delay
    }

    /// Bytes per 10 milliseconds; 0 is full speed.
    pub fn slow(&self) -> usize {
        self.state().slow
    }

    pub fn refuses(&self) -> bool {
        self.state().refuse
    }

    /// The statements received since the start or the last reset.
    pub fn received(&self) -> Vec<Received> {
        self.state().received.clone()
    }

    /// Resolves when somebody asked the emulator to stop.
    pub async fn stopped(&self) {
        self.stop.notified().await;
    }

    pub fn stop(&self) {
        self.stop.notify_one();
    }

    /// Carries out one line of the control port.
    pub fn command(&self, line: &str) -> String {
        match self.carry_out(line.trim()) {
            Ok(answer) => answer,
            Err(why) => json!({ "error": why }).to_string() + "\n",
        }
    }

    fn carry_out(&self, line: &str) -> Result<String, String> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        let mut state = self.state();
        match verb {
            "statements" => {
                let mut answer = String::new();
                for received in &state.received {
                    answer += &(serde_json::to_string(received).map_err(|e| e.to_string())? + "\n");
                }
                return Ok(answer + &json!({ "ok": state.received.len() }).to_string() + "\n");
            }
            "reset" => *state = State::default(),
            "latency" => state.latency = Duration::from_millis(number(rest)?),
            "delay" => state.delay = Duration::from_millis(number(rest)?),
            "slow" => state.slow = number(rest)? as usize,
            "cut" => state.cut = Some(cut(rest)?),
            "fail" => {
                let once = rest.strip_prefix("match ").map(|text| (text.to_owned(), false));
                let fail = once.or_else(|| rest.strip_prefix("every ").map(|text| (text.to_owned(), true)));
                state.fail = Some(fail.ok_or("fail needs: match TEXT, or every TEXT")?);
            }
            "resize" if matches!(rest, "hold on" | "hold off") => {
                let catalog = self.catalog.as_ref().ok_or("there is no catalog")?;
                catalog.write(|catalog| crate::command::cluster_resize::hold(catalog, rest == "hold on"), |()| true);
            }
            "refuse" if matches!(rest, "on" | "off") => state.refuse = rest == "on",
            "stop" => self.stop(),
            _ => return Err(format!("unknown command: {line}")),
        }
        Ok(json!({ "ok": true }).to_string() + "\n")
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("not a number: {text}"))
}

/// `before 3`, `after 1`, `match after CREATE`.
fn cut(text: &str) -> Result<(Moment, Trigger), String> {
    let (matching, text) = match text.strip_prefix("match ") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (moment, trigger) = text.split_once(' ').ok_or("cut needs a moment and a trigger")?;
    let moment = match moment {
        "before" => Moment::Before,
        "after" => Moment::After,
        other => return Err(format!("neither before nor after: {other}")),
    };
    Ok((moment, if matching { Trigger::Text(trigger.into()) } else { Trigger::Count(number(trigger)?.max(1)) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_happens_once_at_its_statement() {
        let faults = Faults::default();
        assert!(faults.command("cut after 2").contains("ok"));
        let at = |sql| faults.arrived(1, "u", sql);
        assert_eq!([at("a"), at("b"), at("c")], [None, Some(Moment::After), None]);
        faults.command("cut match before CREATE T");
        assert_eq!([at("CREATE ROLE"), at("CREATE TABLE"), at("CREATE TABLE")], [None, Some(Moment::Before), None]);
        assert!(faults.command("statements").ends_with("{\"ok\":6}\n"));
        faults.command("reset");
        assert_eq!(faults.command("statements"), "{\"ok\":0}\n");
        assert!(faults.command("cut sometimes").contains("error"));
    }
}
