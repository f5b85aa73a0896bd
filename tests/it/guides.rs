//! The guides, and the pages beside them: what they show is valid, what they promise about imports happens, the messages
//! that they explain exist, and links lead somewhere.

use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries, provider_file};
use crate::support::{files, read, root};

/// The blocks of code in this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut inside: Option<(usize, bool)> = None;
    for line in text.lines() {
        let (indent, rest) = (line.len() - line.trim_start().len(), line.trim_start());
        match (inside, rest.strip_prefix("```")) {
            (None, Some(word)) => {
                inside = Some((indent, word == language));
                found.extend((word == language).then(String::new));
            }
            (Some(_), Some(_)) => inside = None,
            (Some((indent, true)), None) => {
                let block = found.last_mut().expect("it was begun");
                block.push_str(line.get(indent..).unwrap_or_default());
                block.push('\n');
            }
            _ => {}
        }
    }
    assert!(inside.is_none(), "a block is not closed");
    found
}

fn guides() -> Vec<(String, String)> {
    let paths = files(&root("docs/guides"), "md");
    assert!(paths.len() >= 8, "{paths:?}");
    paths.iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("text"))).collect()
}

/// In a folder of its own, with the provider's address where the text does not say it.
fn whole(text: &str) -> Terraform {
    let terraform = Terraform::new(&binaries()[0]);
    if !text.contains("required_providers") {
        let file = provider_file("", "");
        let (address, _) = file.split_once("provider \"materialize\"").expect("both parts");
        terraform.write("provider.tf", address);
    }
    terraform.write("main.tf", text);
    terraform
}

/// Blocks marked as `terraform` are whole configurations; parts of some are marked as `hcl`.
#[test]
fn configurations_are_valid_and_formatted() {
    let mut seen = 0;
    for (name, text) in guides() {
        for block in blocks(&text, "terraform") {
            let terraform = whole(&block);
            let formatted = terraform.run(&["fmt", "-check", "-diff", "main.tf"]);
            assert!(formatted.ok(), "{name}: {}", formatted.stdout);
            // Terraform wants to write what such a block imports: see the test of imports.
            if block.contains("import {") && !block.contains("resource \"") {
                continue;
            }
            let output = terraform.validate();
            assert!(output.ok(), "{name}: {}\n{block}", output.report());
            seen += 1;
        }
    }
    assert!(seen >= 8, "only {seen}");
}

fn planned(terraform: &Terraform) -> Vec<String> {
    let output = terraform.run(&["plan", "-json", "-out=plan", "-generate-config-out=imported.tf"]).expect_ok();
    let summary = output.messages().into_iter().filter(|message| message["type"] == "change_summary");
    summary.map(|message| message["@message"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn imports_go_as_the_guide_says() {
    let guide = read("docs/guides/importing.md");
    let server = Server::with_upstreams();
    let session = server.session();
    for sql in [
        "CREATE DATABASE shop",
        "CREATE SCHEMA shop.sales",
        "CREATE ROLE analysts",
        "CREATE CLUSTER serving (SIZE '25cc')",
        "CREATE TABLE shop.sales.orders (id bigint NOT NULL, total numeric(10,2) DEFAULT 0)",
        "COMMENT ON COLUMN shop.sales.orders.id IS 'counts up'",
        "CREATE VIEW shop.sales.large AS SELECT * FROM shop.sales.orders WHERE total > 100",
        "CREATE INDEX large_by_id IN CLUSTER serving ON shop.sales.large (id)",
        "CREATE MATERIALIZED VIEW shop.sales.revenue IN CLUSTER serving AS SELECT sum(total) AS revenue FROM \
         shop.sales.orders",
        "GRANT SELECT ON shop.sales.orders TO analysts",
        // What the query leaves out, because its resource is another one.
        "CREATE CONNECTION shop.sales.kafka TO KAFKA (BROKER '127.0.0.1:9092', SECURITY PROTOCOL PLAINTEXT)",
        "CREATE SOURCE shop.sales.topic IN CLUSTER serving FROM KAFKA CONNECTION shop.sales.kafka (TOPIC 'events')",
        "CREATE TABLE shop.sales.events FROM SOURCE shop.sales.topic (REFERENCE events) FORMAT JSON",
    ] {
        session.query(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let begin = |config: &str| {
        let terraform = Terraform::for_server(&binaries()[0], &server, "");
        terraform.write("main.tf", config);
        terraform
    };

    let configurations = blocks(&guide, "terraform");
    let terraform = begin(&configurations[0]);
    let said = "4 to import, 0 to add, 0 to change, 0 to destroy";
    assert!(guide.contains(said));
    assert_eq!(planned(&terraform), [format!("Plan: {said}.")]);
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();

    let terraform = begin(&configurations[1]);
    assert_eq!(planned(&terraform), ["Plan: 2 to import, 0 to add, 0 to change, 0 to destroy."]);
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();

    let shell = blocks(&guide, "shell").into_iter().find(|block| block.contains("<<'SQL'")).expect("the query");
    let query = shell.split("<<'SQL'\n").nth(1).and_then(|rest| rest.split(";\nSQL").next()).expect("its text");
    let imports = session.query(query).unwrap().concat().concat();
    assert_eq!(imports.matches("import {").count(), 4, "{imports}");
    let terraform = begin(&imports);
    assert_eq!(planned(&terraform), ["Plan: 4 to import, 0 to add, 0 to change, 0 to destroy."]);
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();

    // Each command on the page, one after the other.
    let commands: Vec<String> = blocks(&guide, "shell")[0]
        .lines()
        .filter_map(|line| line.strip_prefix("terraform import "))
        .map(str::to_owned)
        .collect();
    assert!(commands.len() >= 5, "{commands:?}");
    let table = session.lines("SELECT id FROM mz_catalog.mz_tables WHERE name = 'orders'").unwrap().concat();
    for command in commands {
        let (address, id) = command.split_once(' ').expect("an address and an id");
        let id = id.trim_matches('\'').replace("u42", &table);
        let terraform = begin(&format!("import {{\n  to = {address}\n  id = {id:?}\n}}\n"));
        assert_eq!(planned(&terraform), ["Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."], "{command}");
    }
}

/// A text without what differs between a message and the code that makes it: quotes, line ends, and what is filled in.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '`' | '"' | '\'' | '\\' => {}
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The headings of the page are words of messages of this provider, or of the server.
#[test]
fn troubles_are_real() {
    let page = read("docs/guides/troubleshooting.md");
    // Line by line, because a brace in the code would swallow what follows.
    let mut known = String::new();
    for path in
        [files(&root("src"), "rs"), files(&root("tests/conformance"), "slt"), files(&root("tests/emulator/src"), "rs")]
            .concat()
    {
        let text = std::fs::read_to_string(path).expect("text").replace("\\\n", " ");
        text.lines().for_each(|line| known += &format!("{}\n", bare(line)));
    }
    let known = known.split_whitespace().collect::<Vec<_>>().join(" ");
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let quoted = headings.iter().flat_map(|line| line.split('`').skip(1).step_by(2));
    let terraforms = ["Provider produced inconsistent result after apply", "materialize_grants"];
    let mut seen = 0;
    for message in quoted.filter(|message| !terraforms.contains(message)) {
        for part in message.split(['…', '(', ')', ':', ';']).map(str::trim).filter(|part| part.len() > 4) {
            assert!(known.contains(&bare(part)), "nobody says `{part}`");
            seen += 1;
        }
    }
    assert!(seen >= 30, "only {seen}");
}

/// The heading as the anchor that is made of it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept: String = kept.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c)).collect();
    kept.replace(' ', "-")
}

#[test]
fn links_lead_somewhere() {
    let mut pages = files(&root("docs"), "md");
    pages.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".github/SECURITY.md"].map(root));
    let mut seen = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).expect("text");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") || link.contains(' ') {
                continue;
            }
            let (path, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().expect("a folder").join(path) };
            assert!(target.exists(), "{}: {link}", page.display());
            if !place.is_empty() {
                let text = std::fs::read_to_string(&target).expect("text");
                let headings =
                    text.lines().filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#'));
                let named = text.contains(&format!("<a id=\"{place}\">"));
                assert!(named || headings.map(anchor).any(|found| found == place), "{}: {link}", page.display());
            }
            seen += 1;
        }
    }
    assert!(seen >= 100, "only {seen}");
}

/// The picture in the README is of the demo as it is today, and shows nothing that is only true of one run.
#[test]
fn the_recording_is_of_this_demo() {
    let picture = read("docs/demo.svg");
    let script = read("examples/demo/run.sh");
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let steps: Vec<&str> =
        script.lines().filter_map(|line| line.trim().strip_prefix("say \"")?.strip_suffix('"')).collect();
    assert!(steps.len() >= 8, "{steps:?}");
    for step in steps {
        // As far as the shell fills nothing in.
        let words = step.split('$').next().unwrap_or_default();
        assert!(picture.contains(&escaped(words)), "not in the picture, run `make demo-svg`: {words}");
    }
    for always in ["Apply complete!", "No changes.", "Destroy complete!", "prefers-reduced-motion"] {
        assert!(picture.contains(always), "{always}");
    }
    for never in ["127.0.0.1", "/tmp", "/home", "/root", "mzp_", "nobody shall see", "[id=", "<script", "http://1"] {
        assert!(!picture.contains(never), "{never}");
    }
    let seconds = picture.split("animation:").nth(1).and_then(|rest| rest.split('s').next()).expect("its length");
    assert!(seconds.parse::<f64>().expect("a number") < 40.0, "{seconds} s");
    assert!(picture.len() < 100_000);
}
