//! Log lines on stderr, in the JSON form that Terraform reads; nothing at all unless TF_LOG asks.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use log::kv::{Key, Value, VisitSource};
use log::{LevelFilter, Log, Metadata, Record};
use serde_json::json;

/// Terraform cuts lines of more than 64 KiB, which then are no JSON; a character may take six bytes in it.
const MAX_MESSAGE: usize = 8 << 10;

enum Line {
    Text(String),
    /// Answers when all before it has been written.
    Flush(Sender<()>),
}

static SENDER: OnceLock<Sender<Line>> = OnceLock::new();

struct Logger;

/// Starts logging at the level that the environment asks for. A thread of its own writes: a full pipe must not stall
/// the calls.
pub fn start() {
    let asked = ["TF_LOG_PROVIDER_MATERIALIZE", "TF_LOG_PROVIDER", "TF_LOG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let level = match asked.map(|level| level.to_ascii_lowercase()).as_deref() {
        None | Some("off") => return,
        Some("error") => LevelFilter::Error,
        Some("warn") => LevelFilter::Warn,
        Some("info") => LevelFilter::Info,
        Some("debug") => LevelFilter::Debug,
        Some(_) => LevelFilter::Trace,
    };
    let (sender, lines) = channel();
    if SENDER.set(sender).is_ok() && log::set_logger(&Logger).is_ok() {
        log::set_max_level(level);
        std::thread::spawn(move || write(&lines));
    }
}

/// Waits a moment for what was logged to be written.
pub fn flush() {
    if let Some(sender) = SENDER.get() {
        let (done, wait) = channel();
        if sender.send(Line::Flush(done)).is_ok() {
            let _ = wait.recv_timeout(Duration::from_millis(50));
        }
    }
}

fn write(lines: &Receiver<Line>) {
    let mut stderr = std::io::stderr();
    for line in lines {
        match line {
            // Terraform may be gone; there is nobody to tell.
            Line::Text(text) => drop(stderr.write_all(text.as_bytes())),
            Line::Flush(done) => drop(done.send(())),
        }
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Libraries log bytes and headers; only this provider's own words are known to hold no secret.
        metadata.target().starts_with("provider")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let mut fields = Fields(serde_json::Map::new());
        let _ = record.key_values().visit(&mut fields);
        let mut line = fields.0;
        line.insert("@level".into(), json!(record.level().as_str().to_lowercase()));
        let message = record.args().to_string();
        line.insert("@message".into(), json!(&message[..message.floor_char_boundary(MAX_MESSAGE)]));
        line.insert("@module".into(), json!("provider"));
        line.insert("@timestamp".into(), json!(timestamp(SystemTime::now())));
        if let Some(sender) = SENDER.get() {
            let _ = sender.send(Line::Text(format!("{}\n", serde_json::Value::Object(line))));
        }
    }

    fn flush(&self) {
        flush();
    }
}

struct Fields(serde_json::Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), log::kv::Error> {
        self.0.insert(key.to_string(), json!(value.to_string()));
        Ok(())
    }
}

/// `2006-01-02T15:04:05.000000Z`: exactly six digits, or Terraform does not read it.
fn timestamp(now: SystemTime) -> String {
    format!("{:.6}", Timestamp::try_from(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_in_the_form_that_terraform_reads() {
        let at = |seconds, micros| {
            timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_micros(micros))
        };
        assert_eq!(at(0, 0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(at(951_827_696, 7), "2000-02-29T12:34:56.000007Z");
        assert_eq!(at(4_102_444_799, 999_999), "2099-12-31T23:59:59.999999Z");
    }
}
