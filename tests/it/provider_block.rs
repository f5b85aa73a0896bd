//! The provider block: where its values come from, what is refused, and what happens while one is unknown.

use crate::support::server::Server;
use crate::support::terraform::{Output, Terraform, binaries, provider_file};

const LOOK: &str = "data \"materialize_current_database\" \"it\" {}\noutput \"name\" {\n  value = data.materialize_current_database.it.name\n}\n";

fn terraform(lines: &str, config: &str) -> Terraform {
    let terraform = Terraform::new(&binaries()[0]);
    terraform.write("provider.tf", &provider_file(lines, ""));
    terraform.write("main.tf", config);
    terraform
}

fn expect_error(output: &Output, texts: &[&str]) {
    let errors: Vec<String> = output.errors().iter().map(|error| error.text()).collect();
    for text in texts {
        assert!(errors.iter().any(|error| error.contains(text)), "no error says `{text}`: {}", output.report());
    }
}

#[test]
fn everything_from_the_environment() {
    let server = Server::emulator(&["--password", "mz_system=right"]);
    server_has_database(&server, "shop");
    let mut terraform = terraform("", LOOK);
    terraform.env("MZ_HOST", &server.host).env("MZ_PORT", &server.port.to_string());
    terraform.env("MZ_USERNAME", &server.user).env("MZ_PASSWORD", "right").env("MZ_SSLMODE", "disable");
    terraform.env("MZ_DATABASE", "shop");
    terraform.apply().expect_ok();
    assert_eq!(terraform.state()["outputs"]["name"]["value"], "shop");
}

fn server_has_database(server: &Server, name: &str) {
    let terraform = terraform(
        &format!("{}  password = \"right\"\n", server.provider_lines()),
        &format!("resource \"materialize_database\" \"it\" {{\n  name = {name:?}\n}}\n"),
    );
    terraform.apply().expect_ok();
}

#[test]
fn the_block_wins_over_the_environment() {
    let server = Server::emulator(&[]);
    let mut terraform = terraform(&server.provider_lines(), LOOK);
    terraform
        .env("MZ_HOST", "127.0.0.2")
        .env("MZ_PORT", "1")
        .env("MZ_USERNAME", "nobody")
        .env("MZ_SSLMODE", "verify-full");
    terraform.apply().expect_ok();
    assert_eq!(terraform.state()["outputs"]["name"]["value"], "materialize");
}

#[test]
fn mz_database_is_the_default_of_objects_too() {
    let server = Server::emulator(&[]);
    server.session().query("CREATE DATABASE shop").unwrap();
    let mut terraform =
        terraform(&server.provider_lines(), "resource \"materialize_schema\" \"it\" {\n  name = \"s\"\n}\n");
    terraform.env("MZ_DATABASE", "shop");
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(terraform.attributes("materialize_schema.it").unwrap()["database_name"], "shop");
}

#[test]
fn options_reach_the_session() {
    let server = Server::emulator(&[]);
    let lines = format!("{}  options = {{\n    cluster = \"mz_catalog_server\"\n  }}\n", server.provider_lines());
    terraform(&lines, LOOK).apply().expect_ok();
}

#[test]
fn wrong_values_are_refused_before_anything_is_sent() {
    let host = "  host = \"127.0.0.1\"\n";
    for (line, says) in [
        ("port = 0", "1 and 65535"),
        ("port = 70000", "1 and 65535"),
        ("port = \"many\"", "number is required"),
        ("sslmode = \"preferred\"", "\"verify-full\""),
        ("options = {\n    transaction_isolation = \"serializable\"\n  }", "transaction_isolation"),
        ("options = {\n    Application_Name = \"x\"\n  }", "application_name"),
        ("options = {\n    \"a b\" = \"x\"\n  }", "a b"),
        ("options = \"x\"", "map of string"),
    ] {
        let name = line.split(' ').next().unwrap();
        let output = terraform(&format!("{host}  {line}\n"), LOOK).validate();
        expect_error(&output, &[name, says]);
    }
    for (variable, value, says) in [("MZ_PORT", "many", "MZ_PORT"), ("MZ_SSLMODE", "preferred", "MZ_SSLMODE")] {
        let mut terraform = terraform(host, LOOK);
        terraform.env(variable, value);
        expect_error(&terraform.plan(), &[says]);
    }
}

#[test]
fn an_unverified_certificate_is_warned_about() {
    let mut terraform = terraform("  host = \"127.0.0.1\"\n  port = 1\n  sslmode = \"require\"\n", LOOK);
    terraform.env("MZ_PASSWORD", "hidden");
    let output = terraform.plan();
    let warned = output.diagnostics().iter().any(|d| d.severity == "warning" && d.text().contains("verify-full"));
    assert!(warned, "{}", output.report());
}

#[test]
fn an_app_password_beside_a_host_of_the_environment_is_warned_about() {
    let server = Server::emulator(&[]);
    let mut terraform = terraform("  sslmode = \"disable\"\n  username = \"mz_system\"\n", LOOK);
    terraform.env("MZ_HOST", "127.0.0.1");
    terraform.env("MZ_PORT", &server.port.to_string());
    terraform.env("MZ_PASSWORD", crate::support::server::APP_PASSWORD);
    let output = terraform.plan().expect_ok();
    let warned = output.diagnostics().iter().any(|d| d.text().contains("Unset MZ_HOST to use the cloud"));
    assert!(warned, "{}", output.report());
    terraform.write("main.tf", "data \"materialize_region\" \"it\" {}\n");
    expect_error(&terraform.plan(), &["MZ_HOST is set, so the provider connects to a self-hosted"]);
}

#[test]
fn a_server_without_tls_is_told_apart() {
    let server = Server::emulator(&[]);
    let lines = server.provider_lines().replace("\"disable\"", "\"verify-full\"");
    expect_error(&terraform(&lines, LOOK).plan(), &["sslmode"]);
}

#[test]
fn without_a_host_it_says_what_is_missing() {
    expect_error(&terraform("", LOOK).plan(), &["host"]);
}

#[test]
fn a_host_that_is_made_in_the_same_apply() {
    let server = Server::emulator(&[]);
    let config = format!(
        "resource \"terraform_data\" \"host\" {{\n  input = {:?}\n}}\nresource \"materialize_schema\" \"it\" {{\n  name = \"s\"\n}}\n",
        server.host
    );
    let lines = server.provider_lines().replace(&format!("{:?}", server.host), "terraform_data.host.output");
    let terraform = terraform(&lines, &config);
    terraform.plan().expect_ok();
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
}
