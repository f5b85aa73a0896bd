//! The statements that the official provider sent to a real server get the same command tags here, each case on a
//! fresh environment. The recordings are not part of the repository; without them the test says so.

use emulator::wire::{Options, Running, spawn};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

/// A client of the simple protocol that keeps command tags, which other clients drop.
struct Raw(TcpStream);

impl Raw {
    fn connect(emulator: &Running) -> Self {
        let mut startup = vec![0, 0, 0, 0, 0, 3, 0, 0];
        startup.extend_from_slice(b"user\0mz_system\0database\0materialize\0\0");
        startup[3] = startup.len() as u8;
        let mut client = Self(TcpStream::connect(emulator.addr).expect("the emulator listens"));
        client.0.write_all(&startup).expect("it reads");
        client.answer().expect("it signs in");
        client
    }

    /// The tag of the last statement, or the error's message.
    fn run(&mut self, sql: &str) -> Result<String, String> {
        let mut message = vec![b'Q'];
        message.extend_from_slice(&(sql.len() as u32 + 5).to_be_bytes());
        message.extend_from_slice(sql.as_bytes());
        message.push(0);
        self.0.write_all(&message).expect("it reads");
        self.answer()
    }

    fn answer(&mut self) -> Result<String, String> {
        let mut answer = Ok(String::new());
        loop {
            let mut head = [0; 5];
            self.0.read_exact(&mut head).expect("a message");
            let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
            let mut body = vec![0; length - 4];
            self.0.read_exact(&mut body).expect("its body");
            let text = String::from_utf8_lossy(&body).into_owned();
            match head[0] {
                b'C' => answer = Ok(text.trim_end_matches('\0').to_owned()),
                b'E' => answer = Err(text.replace('\0', " ")),
                b'Z' => return answer,
                _ => {}
            }
        }
    }
}

#[test]
fn statements_of_the_official_provider() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(cases) = std::fs::read_dir(root.join("../../../shared/compat/official")) else {
        println!("skipped: the official provider's recordings are not on this machine");
        return;
    };
    let mut wrong = Vec::new();
    let mut played = 0;
    for case in cases {
        let case = case.expect("an entry").path();
        let text = std::fs::read_to_string(case.join("statements.jsonl")).expect("statements");
        let upstreams = Some(root.join("../conformance/upstreams.json"));
        let emulator = spawn(Options { upstreams, ..Options::default() }).expect("the emulator starts");
        let mut client = Raw::connect(&emulator);
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let (sql, tag) = (line["sql"].as_str().expect("sql"), line["tag"].as_str().expect("a tag"));
            let answer = client.run(sql);
            played += 1;
            if answer.as_deref() != Ok(tag) {
                wrong.push(format!("{}: {sql}\n  - {tag}\n  + {answer:?}", case.display()));
            }
        }
    }
    assert!(played > 100, "only {played} statements were found");
    assert!(wrong.is_empty(), "{} of {played} answers differ:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}
