//! A region: an environment of its own behind a service that enables it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::wire::Running;

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Never,
    Pending,
    Enabled,
    DeletionPending,
    SoftDeleted,
}

/// How a region is at the start.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    pub id: String,
    pub state: State,
    /// How many questions are answered with "pending" after it was told to be enabled.
    #[serde(default)]
    pub polls: u32,
    /// How many more with a name that does not resolve yet.
    #[serde(default)]
    pub unresolvable: u32,
    /// For how many milliseconds SQL is refused after that.
    #[serde(default)]
    pub refuses: u64,
}

pub struct Region {
    pub start: Start,
    pub state: State,
    /// What is left of `polls` and `unresolvable`.
    left: (u32, u32),
    open: Option<Instant>,
    pub sql: Running,
}

impl Region {
    pub fn new(start: Start, sql: Running) -> Self {
        let mut region = Self { state: start.state, left: (0, 0), open: None, start, sql };
        region.gate();
        region
    }

    /// `us-east-1` of `aws/us-east-1`.
    pub fn name(&self) -> &str {
        self.start.id.rsplit('/').next().unwrap_or_default()
    }

    /// SQL is answered only where the region is enabled, and some time after.
    pub fn gate(&mut self) {
        let ready =
            self.state == State::Enabled && self.left == (0, 0) && self.open.is_none_or(|open| open <= Instant::now());
        self.sql.faults.command(if ready { "refuse off" } else { "refuse on" });
    }

    pub fn set(&mut self, state: State) {
        (self.state, self.left, self.open) = (state, (0, 0), None);
        self.gate();
    }

    /// Tells the region to be there.
    pub fn enable(&mut self) {
        if self.state != State::Enabled {
            let Start { polls, unresolvable, .. } = self.start;
            (self.state, self.left, self.open) = (State::Pending, (polls, unresolvable), None);
            if self.left == (0, 0) {
                self.enabled();
            }
        }
        self.gate();
    }

    fn enabled(&mut self) {
        self.state = State::Enabled;
        self.open = Some(Instant::now() + Duration::from_millis(self.start.refuses));
    }

    /// The answer to the question how it is: status and body. `version`: whether the newer form was asked for.
    pub fn tell(&mut self, version: bool) -> (u16, Value) {
        match self.left {
            (0, _) if self.state == State::Pending => self.enabled(),
            (polls, _) if self.state == State::Pending => self.left.0 = polls - 1,
            (_, names) => self.left.1 = names.saturating_sub(1),
        }
        let resolvable = self.left == (0, 0);
        self.gate();
        let waits =
            |word: &str| (202, if version { json!({ "regionInfo": null, "regionState": word }) } else { Value::Null });
        match self.state {
            State::Never => (204, Value::Null),
            State::Pending => waits("enablement-pending"),
            State::DeletionPending => waits("deletion-pending"),
            State::SoftDeleted => waits("soft-deleted"),
            State::Enabled => {
                let port = self.sql.addr.port();
                let info = json!({
                    "sqlAddress": format!("localhost:{port}"),
                    "httpAddress": format!("localhost:{}", port.wrapping_add(1)),
                    "resolvable": resolvable,
                    "enabledAt": "2024-01-01T00:00:00Z",
                });
                (
                    200,
                    if version {
                        json!({ "regionInfo": info, "regionState": "enabled" })
                    } else {
                        json!({ "regionInfo": info })
                    },
                )
            }
        }
    }
}
