//! `make demo-svg`: runs the demo and makes an animated picture of what it says, with the pauses that it really makes.
//!
//! Only what is the same in every run is shown: no ports, no ids, no paths.

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

const COLUMNS: usize = 102;
const ROWS: usize = 27;
const CHAR: f64 = 8.4;
const LINE: f64 = 20.0;
const MARGIN: f64 = 18.0;
const BAR: f64 = 34.0;

/// Nobody waits longer than this, in seconds; lines that come at once are shown one after the other; and the end stays.
const LONGEST: f64 = 2.5;
const BETWEEN: f64 = 0.07;
const REST: f64 = 7.0;

/// A line, and the second at which it appears.
struct Shown {
    at: f64,
    text: String,
}

fn main() -> ExitCode {
    let Some(target) = std::env::args().nth(1) else {
        eprintln!("usage: demo_svg FILE, with TARGET and SOURCE as `make demo` sets them");
        return ExitCode::FAILURE;
    };
    let lines = match record() {
        Ok(lines) => lines,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    match std::fs::write(&target, picture(&lines)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{target}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the demo, and shows it here as well.
fn record() -> Result<Vec<Shown>, String> {
    let mut child = Command::new("examples/demo/run.sh")
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the demo does not start: {error}"))?;
    let output = child.stdout.take().ok_or("the demo has no output")?;
    let mut shown = vec![Shown { at: 0.5, text: "$ make demo".to_owned() }];
    let (start, mut heard, mut at) = (Instant::now(), 0.0, 1.2);
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|error| format!("the demo cannot be read: {error}"))?;
        println!("{line}");
        let now = start.elapsed().as_secs_f64();
        at += (now - heard).clamp(0.0, LONGEST);
        heard = now;
        let Some(text) = kept(&line) else { continue };
        let last = shown.last().expect("there is the command");
        if text.is_empty() && last.text.is_empty() {
            continue;
        }
        at = at.max(last.at + if text.is_empty() { 0.0 } else { BETWEEN });
        shown.push(Shown { at, text });
    }
    while shown.last().is_some_and(|line| line.text.is_empty()) {
        shown.pop();
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(shown),
        other => Err(format!("the demo failed: {other:?}")),
    }
}

/// What is the same in every run, as far as it fits.
fn kept(line: &str) -> Option<String> {
    if line.contains("listening on ") {
        return None;
    }
    let line = line.split(" [id=").next().unwrap_or_default().trim_end();
    match line.chars().count() > COLUMNS {
        true => Some(line.chars().take(COLUMNS - 1).chain(['…']).collect()),
        false => Some(line.to_owned()),
    }
}

/// The class of a line, for its colour.
fn class(text: &str) -> &'static str {
    let words = text.trim_start();
    match words {
        _ if text.starts_with("==> ") => "step",
        _ if text.starts_with("$ ") => "typed",
        _ if words.starts_with("Warning") || words.starts_with('~') || words.starts_with('#') => "change",
        _ if words.starts_with("No changes") || words.contains(" complete! ") => "good",
        _ => "plain",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = "text{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}\
.plain{fill:#c9d1d9}.step{fill:#79c0ff;font-weight:bold}.typed{fill:#f0f6fc;font-weight:bold}.change{fill:#e3b341}\
.good{fill:#56d364}.title{fill:#8b949e}";

fn picture(lines: &[Shown]) -> String {
    let length = lines.last().map_or(0.0, |line| line.at) + REST;
    let percent = |at: f64| at / length * 100.0;
    let (width, height) = (COLUMNS as f64 * CHAR + 2.0 * MARGIN, ROWS as f64 * LINE + BAR + MARGIN);
    let (mut keys, mut texts, mut scroll) = (String::new(), String::new(), "0%{transform:translateY(0)}".to_owned());
    for (i, line) in lines.iter().enumerate() {
        let at = percent(line.at);
        if i >= ROWS {
            let up = (i + 1 - ROWS) as f64 * LINE;
            let _ = write!(scroll, "{at:.2}%{{transform:translateY(-{up}px)}}");
        }
        if line.text.is_empty() {
            continue;
        }
        let _ = write!(keys, "@keyframes l{i}{{0%{{opacity:0}}{at:.2}%{{opacity:1}}}}#l{i}{{animation-name:l{i}}}");
        let indent = line.text.len() - line.text.trim_start().len();
        let (x, y) = (MARGIN + indent as f64 * CHAR, BAR + (i + 1) as f64 * LINE);
        let text = line.text.trim_start();
        let _ = writeln!(
            texts,
            "<text id=\"l{i}\" class=\"{}\" x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{:.1}\">{}</text>",
            class(&line.text),
            text.chars().count() as f64 * CHAR,
            escaped(text)
        );
    }
    // Below the feet of the letters that have just left.
    let (top, inside) = (BAR + 5.0, ROWS as f64 * LINE + 2.0);
    let dots: String = ["#ff5f56", "#ffbd2e", "#27c93f"]
        .iter()
        .enumerate()
        .map(|(i, fill)| format!("<circle cx=\"{}\" cy=\"17\" r=\"5.5\" fill=\"{fill}\"/>", 20 + i * 18))
        .collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" aria-label=\"A recording of make demo\">\n\
         <style>{STYLE}.lines text{{animation:{length:.2}s step-end infinite both}}\
         .lines{{animation:scroll {length:.2}s step-end infinite both}}@keyframes scroll{{{scroll}}}{keys}\
         @media (prefers-reduced-motion:reduce){{.lines,.lines text{{animation-play-state:paused;\
         animation-delay:-{:.2}s}}}}</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n{dots}\n\
         <text class=\"title\" x=\"50%\" y=\"22\" text-anchor=\"middle\">make demo</text>\n\
         <svg y=\"{top}\" width=\"{width:.0}\" height=\"{inside:.0}\" viewBox=\"0 {top} {width:.0} {inside:.0}\">\
         <g class=\"lines\">\n{texts}</g></svg>\n\
         </svg>\n",
        length - 0.1,
    )
}
