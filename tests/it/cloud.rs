//! The cloud: what can go wrong on the way to an organisation, and what may not.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::certificate::Certificates;
use crate::support::server::{APP_PASSWORD, Server};
use crate::support::terraform::{Output, Terraform, binaries, interrupt};

fn terraform(server: &Server, config: &str) -> Terraform {
    let terraform = Terraform::for_server(&binaries()[0], server, "");
    terraform.write("main.tf", config);
    terraform
}

/// A new organisation, and a configuration for it.
fn begin(config: &str) -> (Server, Terraform) {
    let server = Server::organization(None, &[]);
    let terraform = terraform(&server, config);
    (server, terraform)
}

/// The requests so far, as `METHOD /path`.
fn asked(server: &Server) -> Vec<String> {
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    server
        .control("http log")
        .iter()
        .map(|entry| format!("{} {}", text(entry, "method"), text(entry, "path")))
        .collect()
}

fn count(server: &Server, what: &str) -> usize {
    asked(server).iter().filter(|request| request.contains(what)).count()
}

fn says(output: &Output, text: &str) {
    assert!(
        output.errors().iter().any(|error| error.text().contains(text)),
        "no error says `{text}`:\n{}",
        output.report()
    );
}

const DATABASE: &str = "resource \"materialize_database\" \"it\" {\n  name = \"it\"\n}\n";

#[test]
fn an_organization_without_a_region_enables_its_first() {
    let start = json!({ "regions": [{ "id": "aws/us-east-1", "state": "never", "polls": 2, "unresolvable": 1, "refuses": 1500 }] });
    let server = Server::organization(Some(&start.to_string()), &[]);
    let config = "resource \"materialize_region\" \"it\" {\n  region_id = \"aws/us-east-1\"\n}\n\
                  resource \"materialize_database\" \"it\" {\n  name = \"it\"\n  region = materialize_region.it.id\n}\n";
    let terraform = terraform(&server, config);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(count(&server, "PATCH /regions/us-east-1"), 1);
    let destroyed = terraform.destroy().expect_ok();
    assert!(destroyed.diagnostics().iter().any(|d| d.summary.contains("is still enabled")), "{}", destroyed.report());
    assert_eq!(count(&server, "DELETE /regions/"), 0);
}

#[test]
fn a_region_that_takes_too_long_is_not_lost() {
    let start = json!({ "regions": [{ "id": "aws/us-east-1", "state": "never", "polls": 1000 }] });
    let server = Server::organization(Some(&start.to_string()), &[]);
    let config = "resource \"materialize_region\" \"it\" {\n  region_id = \"aws/us-east-1\"\n  timeouts {\n    create = \"3s\"\n  }\n}\n";
    let terraform = terraform(&server, config);
    let applied = terraform.apply().expect_ok();
    assert!(
        applied.diagnostics().iter().any(|d| d.text().contains("does not answer SQL after 3 s")),
        "{}",
        applied.report()
    );
    assert_eq!(terraform.resources().len(), 1);
}

#[test]
fn a_region_that_somebody_stops_waiting_for_is_not_lost() {
    let start = json!({ "regions": [{ "id": "aws/us-east-1", "state": "never", "polls": 1000 }] });
    let server = Server::organization(Some(&start.to_string()), &[]);
    let terraform =
        terraform(&server, "resource \"materialize_region\" \"it\" {\n  region_id = \"aws/us-east-1\"\n}\n");
    let mut child = terraform.spawn(&["apply", "-auto-approve"]);
    let begun = std::time::Instant::now();
    while count(&server, "PATCH /regions/us-east-1") == 0 {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "it is never enabled");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    interrupt(&child);
    child.wait().expect("terraform ends");
    let known = terraform.state()["resources"][0]["instances"][0].clone();
    assert_eq!((&known["attributes"]["id"], &known["status"]), (&json!("aws/us-east-1"), &Value::Null), "not tainted");
    server.control("region aws/us-east-1 polls 0");
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(count(&server, "PATCH /regions/us-east-1"), 1);
}

#[test]
fn disabling_a_region_is_asked_for_and_its_refusal_reported() {
    let config =
        "resource \"materialize_region\" \"it\" {\n  region_id = \"aws/us-east-1\"\n  disable_on_destroy = true\n}\n";
    let (server, terraform) = begin(config);
    terraform.apply().expect_ok();
    says(&terraform.destroy(), "disabling a region is not allowed");
    assert_eq!((count(&server, "DELETE /regions/us-east-1"), count(&server, "PATCH")), (1, 0));
    assert_eq!(terraform.resources().len(), 1);
}

#[test]
fn a_region_that_is_not_enabled_is_named() {
    let (_server, terraform) =
        begin("resource \"materialize_database\" \"it\" {\n  name = \"it\"\n  region = \"aws/us-west-2\"\n}\n");
    says(&terraform.apply(), "the region aws/us-west-2 is not enabled");
    terraform.write(
        "main.tf",
        "resource \"materialize_database\" \"it\" {\n  name = \"it\"\n  region = \"aws/moon-1\"\n}\n",
    );
    says(
        &terraform.apply(),
        "there is no region \"aws/moon-1\"; there are aws/us-east-1, aws/eu-west-1, aws/us-west-2",
    );
    // Nor is an object of a self-hosted environment one of the default region's.
    terraform.write("main.tf", DATABASE);
    terraform.write("import.tf", "import {\n  to = materialize_database.it\n  id = \"self-hosted:u1\"\n}\n");
    says(&terraform.plan(), "there is no region \"self-hosted\"");
}

#[test]
fn what_is_no_region_is_refused_before_anything_is_made() {
    let (_server, terraform) = begin(&DATABASE.replace("\n}\n", "\n  region = \"us-east-1\"\n}\n"));
    says(&terraform.plan(), "\"us-east-1\" is no region of the cloud");
}

#[test]
fn a_region_that_fails_is_an_error_where_it_is_used_only() {
    let (server, terraform) = begin(DATABASE);
    server.control("http fault 100 500 GET regions/eu-west-1");
    terraform.apply().expect_ok();
    terraform.write(
        "main.tf",
        &format!(
            "{DATABASE}resource \"materialize_database\" \"eu\" {{\n  name = \"it\"\n  region = \"aws/eu-west-1\"\n}}\n"
        ),
    );
    says(&terraform.apply(), "GET /regions/eu-west-1/api/region was answered 500: A fault that was asked for");
}

#[test]
fn every_page_is_followed_and_every_region_listed() {
    let start = json!({ "roles": ["a", "b", "c", "d"], "users": ["a@x.y", "b@x.y", "c@x.y", "ad@x.y"], "regions": [
        { "id": "aws/us-east-1", "state": "enabled" },
        { "id": "aws/eu-west-1", "state": "pending", "polls": 9 },
        { "id": "aws/us-west-2", "state": "never" },
        { "id": "aws/ap-southeast-2", "state": "soft-deleted" },
    ] });
    let server = Server::organization(Some(&start.to_string()), &[]);
    server.control("region aws/eu-west-1 set never");
    server.request("PATCH", "/regions/eu-west-1/api/region", Some(&json!({}))).unwrap();
    let config = "data \"materialize_region\" \"it\" {}\ndata \"materialize_user\" \"it\" {\n  email = \"AD@x.y\"\n}\n\
                  resource \"materialize_user\" \"it\" {\n  email = \"new@x.y\"\n  roles = [\"d\", \"Member\", \"a\"]\n}\n";
    let terraform = terraform(&server, config);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    let regions = terraform.attributes("data.materialize_region.it").unwrap()["regions"].clone();
    let hosts: Vec<(&str, bool)> =
        regions.as_array().unwrap().iter().map(|r| (r["id"].as_str().unwrap(), r["host"] == "")).collect();
    assert_eq!(hosts, [("aws/eu-west-1", true), ("aws/us-east-1", false)]);
    assert_eq!(terraform.attributes("materialize_user.it").unwrap()["roles"], json!(["d", "Member", "a"]));
}

#[test]
fn two_regions_in_one_apply() {
    let each = |label: &str, region: &str| {
        format!("resource \"materialize_database\" \"{label}\" {{\n  name = \"it\"\n  region = \"{region}\"\n}}\n")
    };
    let (server, terraform) = begin(&(each("us", "aws/us-east-1") + &each("eu", "aws/eu-west-1")));
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    for region in ["aws/us-east-1", "aws/eu-west-1"] {
        let sent = server.control(&format!("region {region} statements"));
        let made = sent
            .iter()
            .filter(|entry| entry["sql"].as_str().unwrap_or_default().starts_with("CREATE DATABASE"))
            .count();
        assert_eq!(made, 1, "{region}");
    }
    let id = terraform.attributes("materialize_database.eu").unwrap()["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("aws/eu-west-1:u"), "{id}");
    // Renamed in one region alone: what has the same name in the other is not touched.
    terraform.run(&["state", "rm", "materialize_database.eu"]).expect_ok();
    terraform.write("import.tf", &format!("import {{\n  to = materialize_database.eu\n  id = \"{id}\"\n}}\n"));
    terraform.apply().expect_ok();
    // Another region is another object.
    terraform
        .write("main.tf", &(each("us", "aws/us-east-1") + &each("eu", "aws/us-east-1").replace("\"it\"", "\"other\"")));
    terraform.plan().expect_ok();
    let plan = terraform.show_plan();
    let change = plan["resource_changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["address"] == "materialize_database.eu")
        .unwrap();
    assert_eq!(change["change"]["actions"], json!(["delete", "create"]));
}

fn groups(server: &Server) -> usize {
    let listed = server.request("GET", "/identity/resources/groups/v1", None).expect("the groups");
    listed["groups"].as_array().map_or(0, Vec::len)
}

const MANY: &str = "resource \"materialize_scim_group\" \"it\" {\n  count = 20\n  name = \"g${count.index}\"\n}\n";

#[test]
fn one_sign_in_serves_all_and_lists_are_read_once() {
    let (server, terraform) = begin(MANY);
    terraform.apply().expect_ok();
    server.control("http reset");
    terraform.plan().expect_ok();
    assert_eq!(count(&server, "POST /identity/resources/auth"), 1, "{:#?}", asked(&server));
    assert_eq!(count(&server, "GET /frontegg/identity/resources/groups"), 1, "{:#?}", asked(&server));
}

#[test]
fn a_refused_token_is_renewed_in_the_middle() {
    let (server, terraform) = begin(MANY);
    server.control("http fault 1 expire POST groups");
    terraform.apply().expect_ok();
    let log = server.control("http log");
    assert!(log.iter().any(|entry| entry["method"] == "POST" && entry["status"] == 401), "nothing was refused");
    // Once, and once more for all that were refused together.
    assert_eq!(count(&server, "POST /identity/resources/auth"), 2, "{:#?}", asked(&server));
    assert_eq!(groups(&server), 20);
    assert_eq!(
        server.request("GET", "/identity/resources/groups/v1", None).unwrap()["groups"].as_array().unwrap().len(),
        20
    );
    // For ever is for ever.
    server.control("http fault 1000 401 GET groups");
    says(&terraform.plan(), "was answered 401");
}

#[test]
fn what_may_be_repeated_is() {
    let (server, terraform) = begin(MANY);
    for kind in ["429-after", "429-reset"] {
        server.control(&format!("http fault 2 {kind} POST groups"));
    }
    server.control("http fault 1 500 POST api-token");
    terraform.apply().expect_ok();
    assert_eq!(groups(&server), 20);
    for kind in ["500", "503", "html", "drop", "429-after"] {
        server.control(&format!("http fault 2 {kind} GET groups"));
    }
    // The service does not recover within one list's tries: all that fail are errors, and nothing is lost.
    let _ = terraform.plan();
    server.control("http reset");
    terraform.check_settled().unwrap();
    server.control("http fault 1000 503 GET groups");
    says(&terraform.plan(), "GET /frontegg/identity/resources/groups/v1 was answered 503: A fault that was asked for");
    server.control("http reset");
    server.control("http fault 1000 json GET groups");
    says(&terraform.plan(), "is no JSON");
    server.control("http reset");
    assert_eq!(groups(&server), 20);
}

#[test]
fn a_slow_service_is_waited_for() {
    let (server, terraform) = begin(DATABASE);
    server.control("http fault 2 slow:1500");
    let began = std::time::Instant::now();
    terraform.apply().expect_ok();
    assert!(began.elapsed() > std::time::Duration::from_millis(3000), "{:?}", began.elapsed());
}

#[test]
fn who_is_asked_for_patience_gives_up_at_last() {
    let (server, terraform) = begin(MANY);
    terraform.apply().expect_ok();
    server.control("http fault 1000 429-after GET groups");
    says(&terraform.plan(), "GET /frontegg/identity/resources/groups/v1 was answered 429: Too many requests");
    server.control("http reset");
    terraform.check_settled().unwrap();
}

#[test]
fn a_request_that_never_arrived_is_not_taken_for_done() {
    let user = "resource \"materialize_user\" \"it\" {\n  email = \"a@x.y\"\n  roles = [\"Member\"]\n}\n";
    let (server, terraform) = begin(user);
    server.control("http fault 1 drop POST users/v2");
    let applied = terraform.apply();
    if !applied.ok() {
        says(&applied, "look for it before applying again");
        terraform.apply().expect_ok();
    }
    terraform.check_settled().unwrap();
    let users = server.request("GET", "/identity/resources/users/v3?_email=a@x.y", None).unwrap();
    assert_eq!(users["items"].as_array().map(Vec::len), Some(1), "{users}");
}

#[test]
fn a_lost_answer_makes_nothing_twice() {
    let user = "resource \"materialize_user\" \"it\" {\n  email = \"a@x.y\"\n  roles = [\"Member\"]\n}\n";
    let (server, terraform) = begin(user);
    server.control("http fault 1 cut POST users/v2");
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(count(&server, "POST /identity/resources/users/v2"), 1);
    terraform.write("main.tf", &format!("{user}resource \"materialize_app_password\" \"it\" {{\n  name = \"p\"\n}}\n"));
    server.control("http fault 1 done-504 POST users/api-tokens");
    let applied = terraform.apply();
    says(&applied, "POST /identity/resources/users/api-tokens/v1 was answered 504: the answer is a web page");
    says(&applied, "it may have been carried out: look for it before applying again");
    assert_eq!(count(&server, "POST /identity/resources/users/api-tokens"), 1);
}

#[test]
fn what_is_gone_is_no_error_when_it_is_deleted() {
    let config = "resource \"materialize_scim_group\" \"it\" {\n  name = \"g\"\n}\n\
                  resource \"materialize_app_password\" \"it\" {\n  name = \"p\"\n}\n";
    let (server, terraform) = begin(config);
    terraform.apply().expect_ok();
    let id = |address: &str| terraform.attributes(address).unwrap()["id"].as_str().unwrap().to_owned();
    let group = format!("/identity/resources/groups/v1/{}", id("materialize_scim_group.it"));
    let token = format!("/identity/resources/users/api-tokens/v1/{}", id("materialize_app_password.it"));
    for path in [group, token] {
        server.request("DELETE", &path, None).unwrap();
    }
    terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).expect_ok();
}

#[test]
fn only_what_is_not_found_leaves_the_state() {
    let (server, terraform) =
        begin("resource \"materialize_user\" \"it\" {\n  email = \"a@x.y\"\n  roles = [\"Member\"]\n}\n");
    terraform.apply().expect_ok();
    for kind in ["403", "500"] {
        server.control(&format!("http fault 1000 {kind} GET users/v1"));
        says(&terraform.plan(), &format!("was answered {kind}"));
        server.control("http reset");
    }
    server.control("http fault 1 404 GET users/v1");
    terraform.plan().expect_ok();
    assert_eq!(terraform.show_plan()["resource_changes"][0]["change"]["actions"], json!(["create"]));
}

#[test]
fn members_of_the_future_and_nulls_are_no_drift() {
    let config = "resource \"materialize_sso_config\" \"it\" {\n  enabled = true\n  type = \"oidc\"\n  sso_endpoint = \"https://x.y\"\n  \
                  sign_request = true\n}\nresource \"materialize_scim_group\" \"it\" {\n  name = \"g\"\n}\n\
                  resource \"materialize_scim_group_users\" \"it\" {\n  group_id = materialize_scim_group.it.id\n}\n\
                  data \"materialize_sso_config\" \"it\" {\n  depends_on = [materialize_sso_config.it]\n}\n";
    let (server, terraform) = begin(config);
    server.control("strange on");
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(terraform.attributes("data.materialize_sso_config.it").unwrap()["sso_configs"][0]["domains"], json!([]));
}

#[test]
fn the_mock_of_the_official_provider_is_understood() {
    let start = json!({ "mock": true, "roles": ["a", "b", "c"] });
    let server = Server::organization(Some(&start.to_string()), &[]);
    let config = "resource \"materialize_user\" \"it\" {\n  email = \"new@x.y\"\n  roles = [\"c\", \"Admin\"]\n}\n";
    let terraform = terraform(&server, config);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
}

#[test]
fn nothing_is_asked_before_it_is_needed() {
    let server = Server::organization(None, &[]);
    let terraform = Terraform::new(&binaries()[0]);
    let lines = server.provider_lines().replace(&format!("{APP_PASSWORD:?}"), "terraform_data.it.output");
    terraform.write("provider.tf", &crate::support::terraform::provider_file(&lines, ""));
    let config = format!("resource \"terraform_data\" \"it\" {{\n  input = {APP_PASSWORD:?}\n}}\n{DATABASE}");
    terraform.write("main.tf", &config);
    terraform.plan().expect_ok();
    assert_eq!(asked(&server), Vec::<String>::new());
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();
}

#[test]
fn passwords_that_do_not_fit_are_told_apart() {
    let server = Server::organization(None, &[]);
    let lines = server.provider_lines();
    let wrong = [
        ("mzp_00".to_owned(), "64 hexadecimal digits are expected"),
        ("secret".to_owned(), "an app password begins with `mzp_`"),
        (APP_PASSWORD.replace("fedc", "0000"), "the app password is refused"),
    ];
    for (password, why) in wrong {
        let terraform = Terraform::new(&binaries()[0]);
        let lines = lines.replace(APP_PASSWORD, &password);
        terraform.write("provider.tf", &crate::support::terraform::provider_file(&lines, ""));
        terraform.write("main.tf", DATABASE);
        let applied = terraform.apply();
        says(&applied, why);
        assert!(!applied.errors().iter().any(|error| error.text().contains(&password[4..])), "{}", applied.report());
    }
    // The other form of the same password.
    let terraform = Terraform::new(&binaries()[0]);
    let lines = lines.replace(APP_PASSWORD, "mzp_Dx4tPEtaaXiHlqW0w9Lh8P7cuph2VDIQASNFZ4mrze8");
    terraform.write("provider.tf", &crate::support::terraform::provider_file(&lines, ""));
    terraform.write("main.tf", DATABASE);
    terraform.apply().expect_ok();
}

/// An app password for a service, by which another provider signs in.
const FOR_ONE_RUN: &str = r#"
resource "materialize_region" "here" {
  region_id = "aws/us-east-1"
}

ephemeral "materialize_app_password" "deploy" {
  name  = "deploy"
  type  = "service"
  user  = "deployer"
  roles = ["Admin"]
}

provider "materialize" {
  alias    = "deploy"
  password = ephemeral.materialize_app_password.deploy.password
}

resource "materialize_database" "it" {
  provider = materialize.deploy
  name     = "it"
}
"#;

fn begin_for_one_run() -> (Server, Terraform) {
    let server = Server::organization(None, &[]);
    let lines = server.provider_lines();
    let other: String =
        lines.lines().filter(|line| !line.contains("password")).map(|line| format!("{line}\n")).collect();
    let terraform = terraform(&server, &FOR_ONE_RUN.replace("  alias    =", &format!("{other}  alias    =")));
    (server, terraform)
}

/// How many app passwords there are: of the user's own and of services.
fn app_passwords(server: &Server) -> usize {
    ["users", "tenants"]
        .iter()
        .map(|kind| server.request("GET", &format!("/identity/resources/{kind}/api-tokens/v1"), None))
        .map(|list| list.expect("a list").as_array().map_or(0, Vec::len))
        .sum()
}

#[test]
fn an_ephemeral_app_password_lives_for_one_run() {
    let (server, terraform) = begin_for_one_run();
    let before = app_passwords(&server);
    let planned = terraform.run(&["plan", "-json", "-out=tfplan"]).expect_ok();
    let applied = terraform.run(&["apply", "-json", "tfplan"]).expect_ok();
    assert_eq!(app_passwords(&server), before, "what was opened is closed");
    assert_eq!(
        count(&server, "POST /identity/resources/tenants/api-tokens/v1"),
        2,
        "one for the plan, one for the apply"
    );
    let sent = server.control("http log");
    let made = sent.iter().find(|entry| entry["method"] == "POST" && entry["path"].to_string().contains("tenants/api"));
    assert_eq!(made.expect("it was made")["body"]["expiresInMinutes"], 1440, "should the run be killed");
    let owner = terraform.attributes("materialize_database.it").expect("it is there")["ownership_role"].clone();
    assert_eq!(owner, "deployer", "it is what the other provider signed in with");
    let state = std::fs::read_to_string(terraform.folder.join("terraform.tfstate")).expect("a state");
    for text in [&state, &planned.stdout, &applied.stdout] {
        assert!(!text.contains("mzp_"), "a password is in: {text}");
    }
    terraform.check_settled().unwrap();
    terraform.destroy().expect_ok();
    assert_eq!(app_passwords(&server), before);
}

#[test]
fn an_ephemeral_app_password_that_fails_is_said_and_none_is_left() {
    let (server, terraform) = begin_for_one_run();
    let before = app_passwords(&server);
    let config = std::fs::read_to_string(terraform.folder.join("main.tf")).expect("a configuration");
    terraform.write("main.tf", &config.replace("[\"Admin\"]", "[\"Nobody\"]"));
    says(&terraform.plan(), "The organization has no role \"Nobody\"");
    terraform.write("main.tf", &config.replace("  user  = \"deployer\"\n", ""));
    says(&terraform.validate(), "A service needs `user`");
    assert_eq!(app_passwords(&server), before);
    // It is made, but what there is now cannot be read: it is taken back.
    terraform.write("main.tf", &config);
    server.control("http fault 20 500 GET /identity/resources/tenants/api-tokens/v1");
    says(&terraform.plan(), "Cannot read back");
    server.control("http reset");
    assert_eq!(app_passwords(&server), before);
}

#[test]
fn self_hosted_has_no_organization() {
    let server = Server::emulator(&[]);
    let terraform = terraform(&server, "data \"materialize_user\" \"it\" {\n  email = \"a@x.y\"\n}\n");
    says(&terraform.plan(), "A self-hosted environment has nothing of the kind. The provider is given a `host`");
    terraform.write("main.tf", "resource \"materialize_region\" \"it\" {\n  region_id = \"aws/us-east-1\"\n}\n");
    let applied = terraform.apply();
    says(&applied, "materialize_region is only in Materialize Cloud");
}

#[test]
fn certificates_of_the_services_are_verified() {
    let server = Server::organization(None, &["--cloud-tls"]);
    let good = terraform(&server, DATABASE);
    good.apply().expect_ok();
    let ca = server.cloud.as_ref().map(|cloud| cloud.ca.clone()).unwrap_or_default();
    let bad = Terraform::new(&binaries()[0]);
    let lines = server.provider_lines().replace(&format!("  sslrootcert = {ca:?}\n"), "");
    bad.write("provider.tf", &crate::support::terraform::provider_file(&lines, ""));
    bad.write("main.tf", DATABASE);
    says(&bad.apply(), "is refused: it is not issued by an authority that this system trusts");
    // Another name than the certificate's.
    let named = server.provider_lines().replace("https://localhost", "https://127.0.0.1");
    bad.write("provider.tf", &crate::support::terraform::provider_file(&named, ""));
    says(&bad.apply(), "it is for localhost, not for \"127.0.0.1\"");
    // Of SQL as of HTTP.
    let wrong = [
        (Certificates::expired("localhost"), "it expired"),
        (Certificates::self_signed("localhost"), "it is not issued by"),
    ];
    for (certificates, why) in wrong {
        for flags in [&["--cloud-tls"][..], &[]] {
            let server = Server::organization_with(&certificates, None, flags);
            says(&terraform(&server, DATABASE).apply(), why);
        }
    }
}

/// A proxy that makes tunnels, and what it was asked for. It ends with the test's process.
fn proxy() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let (port, asked) = (listener.local_addr().expect("an address").port(), Arc::new(Mutex::new(Vec::new())));
    let noted = asked.clone();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let noted = noted.clone();
            std::thread::spawn(move || -> std::io::Result<()> {
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") {
                    client.read_exact(&mut byte)?;
                    head.extend(byte);
                }
                let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
                let host = line.split(' ').nth(1).unwrap_or_default().to_owned();
                noted.lock().expect("no panic while held").push(line);
                let mut server = TcpStream::connect(host)?;
                client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
                let (mut there, mut back) = (client.try_clone()?, server.try_clone()?);
                std::thread::spawn(move || std::io::copy(&mut there, &mut back));
                std::io::copy(&mut server, &mut client)?;
                client.shutdown(std::net::Shutdown::Both)
            });
        }
    });
    (port, asked)
}

#[test]
fn proxies_of_the_environment_are_used() {
    let server = Server::organization(None, &["--cloud-tls"]);
    let (port, asked) = proxy();
    let asked = || asked.lock().expect("no panic while held").len();
    let mut through = terraform(&server, DATABASE);
    through.env("HTTPS_PROXY", &format!("http://127.0.0.1:{port}"));
    through.apply().expect_ok();
    let tunnels = asked();
    assert!(tunnels > 0, "nothing went through the proxy");
    through.env("NO_PROXY", "localhost");
    through.check_settled().unwrap();
    assert_eq!(asked(), tunnels, "what is excepted goes straight");
    let mut nowhere = terraform(&server, DATABASE);
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port").port();
    nowhere.env("HTTPS_PROXY", &format!("http://127.0.0.1:{closed}"));
    says(&nowhere.apply(), "no answer from localhost");
}

#[test]
fn regions_are_never_reached_unverified() {
    let server = Server::organization(None, &[]);
    let ca = server.cloud.as_ref().map(|cloud| cloud.ca.clone()).unwrap_or_default();
    let terraform = Terraform::new(&binaries()[0]);
    let lines = server.provider_lines();
    let with = |lines: &str| {
        terraform.write("provider.tf", &crate::support::terraform::provider_file(lines, ""));
        terraform.write("main.tf", DATABASE);
        terraform.apply()
    };
    let untrusted = lines.replace(&format!("  sslrootcert = {ca:?}\n"), "");
    says(&with(&format!("{untrusted}  sslmode = \"require\"\n")), "is refused: it is not issued by an authority");
    says(&with(&format!("{lines}  sslmode = \"disable\"\n")), "only sent over TLS");
    says(&with(&lines.replace("http://127.0.0.1", "http://example.com")), "is not encrypted: only https is allowed");
    with(&format!("{lines}  sslmode = \"require\"\n")).expect_ok();
}

#[test]
fn what_belongs_to_a_configuration_is_gone_with_it() {
    let config = "resource \"materialize_sso_config\" \"it\" {\n  enabled = true\n  type = \"oidc\"\n  sso_endpoint = \"https://x.y\"\n  \
                  sign_request = true\n}\nresource \"materialize_sso_default_roles\" \"it\" {\n  sso_config_id = \
                  materialize_sso_config.it.id\n  roles = [\"Member\"]\n}\nresource \"materialize_sso_group_mapping\" \"it\" {\n  \
                  sso_config_id = materialize_sso_config.it.id\n  group = \"g\"\n  roles = [\"Member\"]\n}\n";
    let (server, terraform) = begin(config);
    terraform.apply().expect_ok();
    let id = terraform.attributes("materialize_sso_config.it").unwrap()["id"].as_str().unwrap().to_owned();
    server.request("DELETE", &format!("/team/resources/sso/v1/configurations/{id}"), None).unwrap();
    terraform.plan().expect_ok();
    let plan = terraform.show_plan();
    for change in plan["resource_changes"].as_array().unwrap() {
        assert_eq!(change["change"]["actions"], json!(["create"]), "{}", change["address"]);
    }
    terraform.apply_plan().expect_ok();
}

#[test]
fn members_who_were_there_before_are_taken_out() {
    let config = "resource \"materialize_scim_group\" \"it\" {\n  name = \"g\"\n}\n";
    let (server, terraform) = begin(config);
    terraform.apply().expect_ok();
    let id = terraform.attributes("materialize_scim_group.it").unwrap()["id"].as_str().unwrap().to_owned();
    let users = server.request("GET", "/identity/resources/users/v3", None).unwrap();
    let roles = server.request("GET", "/identity/resources/roles/v2?_sortBy=key", None).unwrap();
    let path = |list: &str| format!("/identity/resources/groups/v1/{id}/{list}");
    server.request("POST", &path("users"), Some(&json!({ "userIds": [users["items"][0]["id"]] }))).unwrap();
    server.request("POST", &path("roles"), Some(&json!({ "roleIds": [roles["items"][0]["id"]] }))).unwrap();
    let members = "resource \"materialize_scim_group_users\" \"it\" {\n  group_id = materialize_scim_group.it.id\n}\n\
                   resource \"materialize_scim_group_roles\" \"it\" {\n  group_id = materialize_scim_group.it.id\n  roles = [\"Member\"]\n}\n";
    terraform.write("main.tf", &format!("{config}{members}"));
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    let listed = server.request("GET", "/identity/resources/groups/v1?_groupsRelations=rolesAndUsers", None).unwrap();
    let group = &listed["groups"][0];
    assert_eq!((&group["users"], &group["roles"][0]["name"]), (&json!([]), &json!("Organization Member")));
}

#[test]
fn times_and_flags_are_read_as_the_service_spells_them() {
    let config = "resource \"materialize_app_password\" \"it\" {\n  name = \"p\"\n}\n\
                  resource \"materialize_scim_group\" \"it\" {\n  name = \"g\"\n}\n\
                  resource \"materialize_scim_group_roles\" \"it\" {\n  group_id = materialize_scim_group.it.id\n  roles = [\"Member\"]\n}\n\
                  data \"materialize_scim_groups\" \"it\" {\n  depends_on = [materialize_scim_group_roles.it]\n}\n";
    let (_server, terraform) = begin(config);
    terraform.apply().expect_ok();
    let created = terraform.attributes("materialize_app_password.it").unwrap()["created_at"].clone();
    assert!(created.as_str().unwrap_or_default().starts_with("20"), "{created}");
    let groups = terraform.attributes("data.materialize_scim_groups.it").unwrap()["groups"].clone();
    assert_eq!(groups[0]["roles"][0]["is_default"], json!(true));
    assert_eq!(groups[0]["roles"][0]["key"], json!("MaterializePlatform"));
}

#[test]
fn a_group_of_a_provider_of_identities_is_warned_about() {
    let (server, terraform) = begin("resource \"materialize_scim_group\" \"it\" {\n  name = \"g\"\n}\n");
    terraform.apply().expect_ok();
    server.control("group g managed scim2");
    let planned = terraform.plan().expect_ok();
    let warned =
        |d: &crate::support::terraform::Diagnostic| d.summary.contains("\"g\" belongs to an identity provider");
    assert!(planned.diagnostics().iter().any(warned), "{}", planned.report());
}
