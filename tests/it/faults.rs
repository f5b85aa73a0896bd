//! What happens when the network, the server or the user interrupts: nothing leaks, nothing is lost, and the error
//! says what went wrong.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::server::Server;
use crate::support::terraform::{Output, Terraform, binaries, interrupt};

const SECRETS: &str = r#"
resource "materialize_secret" "a" {
  name    = "a"
  value   = "x"
  comment = "first"
}
resource "materialize_secret" "b" {
  name    = "b"
  value   = "x"
  comment = "second"
}
"#;

fn start(config: &str) -> (Server, Terraform) {
    let server = Server::emulator(&[]);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", config);
    (server, terraform)
}

fn names(server: &Server) -> Vec<String> {
    server.session().lines("SELECT name FROM mz_catalog.mz_secrets ORDER BY name").expect("the secrets")
}

/// Fails with an error that says all of this.
fn expect_error(output: &Output, texts: &[&str]) {
    assert!(!output.ok(), "should fail: {}", output.report());
    let errors: Vec<String> = output.errors().iter().map(|error| error.text()).collect();
    for text in texts {
        assert!(errors.iter().any(|error| error.contains(text)), "no error says `{text}`: {}", output.report());
    }
}

/// What state and server must agree on after any fault: what is in the state exists, and one more apply without
/// faults leaves exactly what the configuration says.
fn expect_recovery(server: &Server, terraform: &Terraform, names_wanted: &[&str]) {
    server.control("reset");
    let recovered = terraform.apply();
    assert!(recovered.ok(), "the next apply must put it right: {}", recovered.report());
    terraform.check_settled().unwrap();
    assert_eq!(names(server), names_wanted, "exactly what is configured, neither leaked nor doubled");
    let comments = "SELECT comment FROM mz_internal.mz_comments WHERE object_type = 'secret' ORDER BY comment";
    assert_eq!(server.session().lines(comments).unwrap(), ["first", "second"]);
}

#[test]
fn the_answer_of_a_create_is_lost() {
    // The server made the secret, and the provider cannot know: it must look it up, or own it at the next apply.
    for moment in ["after", "before"] {
        let (server, terraform) = start(SECRETS);
        server.control(&format!("cut match {moment} CREATE SECRET"));
        terraform.apply();
        expect_recovery(&server, &terraform, &["a", "b"]);
        terraform.destroy().expect_ok();
        assert!(names(&server).is_empty(), "destroy finds everything: {:?}", names(&server));
    }
}

#[test]
fn the_connection_breaks_at_any_statement() {
    let (server, terraform) = start(SECRETS);
    let mark = server.mark();
    terraform.apply().expect_ok();
    let statements = server.mark() - mark;
    terraform.destroy().expect_ok();
    assert!(statements >= 2, "{statements} statements to break");
    for moment in ["after", "before"] {
        for at in 1..=statements {
            server.control("reset");
            server.control(&format!("cut {moment} {at}"));
            terraform.apply();
            expect_recovery(&server, &terraform, &["a", "b"]);
            terraform.destroy().expect_ok();
            assert!(names(&server).is_empty(), "cut {moment} {at}: left: {:?}", names(&server));
        }
    }
}

#[test]
fn the_connection_breaks_while_altering_and_dropping() {
    let (server, terraform) = start(SECRETS);
    for moment in ["after", "before"] {
        terraform.write("main.tf", SECRETS);
        terraform.apply().expect_ok();
        terraform.write("main.tf", &SECRETS.replace("name    = \"a\"", "name    = \"c\""));
        server.control(&format!("cut match {moment} ALTER SECRET"));
        terraform.apply();
        expect_recovery(&server, &terraform, &["b", "c"]);
        server.control(&format!("cut match {moment} DROP SECRET"));
        terraform.destroy();
        server.control("reset");
        terraform.destroy().expect_ok();
        assert!(names(&server).is_empty(), "{moment}: left: {:?}", names(&server));
    }
}

#[test]
fn a_create_that_cannot_be_read_is_taken_back() {
    let (server, terraform) = start(SECRETS);
    // Once: it is read again.
    server.control("fail match FROM mz_catalog.mz_secrets");
    terraform.apply().expect_ok();
    expect_recovery(&server, &terraform, &["a", "b"]);
    terraform.destroy().expect_ok();
    // For good: what cannot be known is not left behind.
    server.control("fail every FROM mz_catalog.mz_secrets");
    let output = terraform.apply();
    expect_error(&output, &["internal error: on demand", "dropped"]);
    assert!(terraform.resources().is_empty(), "{}", output.report());
    server.control("reset");
    assert!(names(&server).is_empty(), "left behind: {:?}", names(&server));
    expect_recovery(&server, &terraform, &["a", "b"]);
}

#[test]
fn a_server_that_is_gone_removes_nothing_from_the_state() {
    let (mut server, terraform) = start(SECRETS);
    terraform.apply().expect_ok();
    let before = terraform.resources();
    server.control("refuse on");
    expect_error(&terraform.plan(), &[&server.port.to_string()]);
    expect_error(&terraform.apply(), &[]);
    server.control("reset");
    terraform.check_settled().unwrap();
    server.kill();
    let output = terraform.plan();
    expect_error(&output, &["127.0.0.1", &server.port.to_string()]);
    expect_error(&terraform.destroy(), &[]);
    assert_eq!(terraform.resources(), before, "the state is as it was");
}

#[test]
fn slow_answers_are_waited_for() {
    let (server, terraform) = start(SECRETS);
    server.control("delay 300");
    terraform.apply().expect_ok();
    server.control("reset");
    server.control("slow 512");
    terraform.check_settled().unwrap();
}

#[test]
fn a_wrong_password_is_named() {
    let server = Server::emulator(&["--password", "mz_system=right"]);
    let terraform = Terraform::new(&binaries()[0]);
    let lines = |password: &str| format!("{}  password = {password:?}\n", server.provider_lines());
    terraform.write("main.tf", SECRETS);
    terraform.write("provider.tf", &crate::support::terraform::provider_file(&lines("wrong-hidden"), ""));
    // A plan that only creates has nothing to ask.
    let output = terraform.apply();
    expect_error(&output, &["password"]);
    assert!(!output.report().contains("wrong-hidden"), "{}", output.report());
    terraform.write("provider.tf", &crate::support::terraform::provider_file(&lines("right"), ""));
    terraform.apply().expect_ok();
}

#[test]
fn a_port_where_something_else_answers() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            // Let the other side read it before the connection closes.
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let terraform = Terraform::new(&binaries()[0]);
    let lines = format!("  host = \"127.0.0.1\"\n  port = {port}\n  sslmode = \"disable\"\n");
    terraform.write("provider.tf", &crate::support::terraform::provider_file(&lines, ""));
    terraform.write("main.tf", "data \"materialize_current_database\" \"it\" {}\n");
    expect_error(&terraform.plan(), &[&port.to_string()]);
}

#[test]
fn owner_that_cannot_be_set_undoes_the_create() {
    let config = r#"
resource "materialize_secret" "a" {
  name           = "a"
  value          = "x"
  ownership_role = "nobody"
}
"#;
    let (server, terraform) = start(config);
    expect_error(&terraform.apply(), &["nobody"]);
    let (server_has, state_has) = (names(&server), terraform.resources());
    assert_eq!(server_has.len(), state_has.len(), "on the server {server_has:?}, in the state {state_has:?}");
    terraform.write("main.tf", &config.replace("  ownership_role = \"nobody\"\n", ""));
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(names(&server), ["a"]);
}

/// The server names the one index while the other is being made: each must come to know its own.
#[test]
fn indexes_that_the_server_names_are_told_apart() {
    let indexes = r#"
resource "materialize_table" "t" {
  name = "t"
  column {
    name = "id"
    type = "int"
  }
}
resource "materialize_index" "unnamed" {
  count        = 4
  default      = true
  cluster_name = "quickstart"
  obj_name {
    name = materialize_table.t.name
  }
}
resource "materialize_index" "named" {
  count        = 4
  name         = "named${count.index}"
  cluster_name = "quickstart"
  obj_name {
    name = materialize_table.t.name
  }
  col_expr {
    field = "id"
  }
}
"#;
    let (server, terraform) = start(indexes);
    server.control("slow 16");
    terraform.apply().expect_ok();
    server.control("reset");
    terraform.check_settled().unwrap();
    terraform.destroy().expect_ok();
    let left = server.session().lines("SELECT name FROM mz_catalog.mz_indexes WHERE id LIKE 'u%'").expect("indexes");
    assert_eq!(left, Vec::<String>::new(), "each was known to its resource, and dropped");
}

#[test]
fn many_workers_at_once() {
    let config = r#"
resource "materialize_schema" "s" {
  count   = 150
  name    = "s${count.index}"
  comment = "number ${count.index}"
}
resource "materialize_secret" "s" {
  count       = 150
  name        = "s"
  schema_name = materialize_schema.s[count.index].name
  value       = "x"
}
"#;
    let (server, terraform) = start(config);
    terraform.run(&["apply", "-json", "-auto-approve", "-parallelism=100"]).expect_ok();
    assert_eq!(names(&server).len(), 150);
    let connections = server.control("statements");
    let connections: std::collections::BTreeSet<u64> =
        connections.iter().filter_map(|s| s["connection"].as_u64()).collect();
    assert!(connections.len() <= 20, "{} connections for 100 workers: the pool has a bound", connections.len());
    terraform.check_settled().unwrap();
    terraform.run(&["destroy", "-json", "-auto-approve", "-parallelism=100"]).expect_ok();
    assert!(names(&server).is_empty());
}

#[test]
fn an_interrupt_saves_what_is_known() {
    let config = r#"
resource "materialize_secret" "s" {
  count = 40
  name  = "s${count.index}"
  value = "x"
}
"#;
    let (server, terraform) = start(config);
    server.control("delay 300");
    let mut child = terraform.spawn(&["apply", "-json", "-auto-approve", "-parallelism=4"]);
    // Read on, or it blocks when the pipe is full.
    let mut stdout = child.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = std::io::Read::read_to_string(&mut stdout, &mut text);
        text
    });
    let start = Instant::now();
    while names(&server).len() < 4 {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing is made");
        std::thread::sleep(Duration::from_millis(50));
    }
    let interrupted = Instant::now();
    interrupt(&child);
    let status = child.wait().expect("terraform ends");
    let text = reader.join().expect("its output");
    assert!(!status.success(), "an interrupted apply is no success: {text}");
    assert!(interrupted.elapsed() < Duration::from_secs(20), "it took {:?} to stop", interrupted.elapsed());
    server.control("reset");
    let made = names(&server);
    let state = terraform.state();
    let known: Vec<&Value> = state["resources"][0]["instances"].as_array().into_iter().flatten().collect();
    let mut known: Vec<&str> = known.iter().filter_map(|instance| instance["attributes"]["name"].as_str()).collect();
    known.sort_unstable();
    assert!(made.len() < 40, "the interrupt came too late to show anything");
    assert_eq!(known, made, "the state knows exactly what was made");
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(names(&server).len(), 40);
}
