//! What only newer servers know: the emulator with `--newer`.

use crate::support::plan::{Action, Plan};
use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

fn start(config: &str) -> (Server, Terraform) {
    let server = Server::newer();
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", config);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    (server, terraform)
}

/// Plans and applies another configuration: what was done to the address, and which attributes changed.
fn change(terraform: &Terraform, address: &str, config: &str) -> (Action, Vec<String>) {
    terraform.write("main.tf", config);
    terraform.plan().expect_ok();
    let plan = Plan::new(&terraform.show_plan());
    let found = plan.change(address).unwrap_or_else(|| panic!("{address}: {}", plan.describe()));
    let found = (found.action, found.changed.iter().cloned().collect());
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();
    found
}

/// Forgets the object and imports it by its id: nothing is to be done.
fn import(terraform: &Terraform, address: &str) {
    let id = terraform.attributes(address).expect("in the state")["id"].as_str().expect("an id").to_owned();
    terraform.run(&["state", "rm", address]).expect_ok();
    terraform.run(&["import", "-no-color", address, &id]).expect_ok();
    terraform.check_settled().unwrap();
}

fn auto_scaled(size: &str, more: &str) -> String {
    format!(
        "resource \"materialize_cluster\" \"c\" {{\n  name = \"c\"\n  size = \"25cc\"\n  auto_scaling_strategy {{\n    \
         on_hydration {{\n      hydration_size = \"{size}\"\n{more}    }}\n  }}\n}}\n"
    )
}

#[test]
fn a_cluster_scales_by_itself() {
    let address = "materialize_cluster.c";
    let (server, terraform) = start(&auto_scaled("100cc", "      linger_duration = \"1m\"\n"));
    let strategy = "SELECT strategy FROM mz_internal.mz_cluster_auto_scaling_strategies";
    let has = |text: &str| {
        let rows = server.session().lines(strategy).unwrap();
        assert!(rows.len() == 1 && rows[0].contains(text), "{rows:?} should say {text}");
    };
    has("100cc");
    import(&terraform, address);

    let (action, paths) = change(&terraform, address, &auto_scaled("200cc", "      linger_duration = \"60s\"\n"));
    assert_eq!(
        (action, &paths[..]),
        (Action::Update, &["auto_scaling_strategy.0.on_hydration.0.hydration_size".into()][..])
    );
    has("200cc");
    assert_eq!(change(&terraform, address, &auto_scaled("200cc", "")).0, Action::Update);

    // By somebody else.
    let sql = "ALTER CLUSTER c SET (AUTO SCALING STRATEGY = (ON HYDRATION (HYDRATION SIZE = '50cc')))";
    server.session().query(sql).unwrap();
    assert_eq!(change(&terraform, address, &auto_scaled("200cc", "")).0, Action::Update);
    has("200cc");

    let plain = "resource \"materialize_cluster\" \"c\" {\n  name = \"c\"\n  size = \"25cc\"\n}\n";
    assert_eq!(change(&terraform, address, plain).0, Action::Update);
    assert_eq!(server.session().lines(strategy).unwrap(), Vec::<String>::new());
}

#[test]
fn a_size_that_is_being_changed_is_the_one_asked_for() {
    let cluster =
        |size: &str| format!("resource \"materialize_cluster\" \"c\" {{\n  name = \"c\"\n  size = \"{size}\"\n}}\n");
    let (server, terraform) = start(&cluster("25cc"));
    let size = || server.session().lines("SELECT size FROM mz_catalog.mz_clusters WHERE name = 'c'").unwrap();
    server.control("resize hold on");
    // Settled although the server still shows the old size.
    assert_eq!(change(&terraform, "materialize_cluster.c", &cluster("50cc")).0, Action::Update);
    assert_eq!(size(), ["25cc"]);
    // Somebody asks for another one meanwhile: that is drift.
    server.session().query("ALTER CLUSTER c SET (SIZE = '100cc')").unwrap();
    assert_eq!(change(&terraform, "materialize_cluster.c", &cluster("50cc")).0, Action::Update);
    server.control("resize hold off");
    assert_eq!(size(), ["50cc"]);
    terraform.check_settled().unwrap();
}

fn matched(pattern: &str, zone: &str) -> String {
    format!(
        r#"
resource "materialize_connection_aws_privatelink" "pl" {{
  name               = "pl"
  service_name       = "com.amazonaws.vpce.us-east-1.vpce-svc-0e123abc123198abc"
  availability_zones = ["use1-az1", "use1-az4"]
}}
resource "materialize_connection_kafka" "k" {{
  name              = "k"
  security_protocol = "PLAINTEXT"
  validate          = false
  kafka_broker {{
    broker            = "b-1.example.com:9092"
    availability_zone = "use1-az1"
    target_group_port = 9001
    privatelink_connection {{
      name = materialize_connection_aws_privatelink.pl.name
    }}
  }}
  broker_matching_rule {{
    pattern           = "{pattern}"
    target_group_port = 9002
{zone}    privatelink_connection {{
      name = materialize_connection_aws_privatelink.pl.name
    }}
  }}
}}
"#
    )
}

#[test]
fn brokers_are_matched_by_a_rule() {
    let address = "materialize_connection_kafka.k";
    let (server, terraform) = start(&matched("*.use1-az1.*", "    availability_zone = \"use1-az1\"\n"));
    let id = |terraform: &Terraform| terraform.attributes(address).expect("in the state")["id"].clone();
    let before = id(&terraform);
    let (action, paths) =
        change(&terraform, address, &matched("*.use1-az4.*", "    availability_zone = \"use1-az4\"\n"));
    assert_eq!(action, Action::Update, "{paths:?}");
    assert_eq!(change(&terraform, address, &matched("*.use1-az4.*", "")).0, Action::Update);
    assert_eq!(id(&terraform), before, "the connection is still the same");
    let sql = server.session().lines("SELECT create_sql FROM mz_catalog.mz_connections WHERE name = 'k'").unwrap();
    assert!(sql[0].contains("*.use1-az4.*"), "{sql:?}");
}

fn catalog(more: &str) -> String {
    format!(
        "resource \"materialize_secret\" \"s\" {{\n  name = \"s\"\n  value = \"id:secret\"\n}}\n\
         resource \"materialize_connection_gcp\" \"g\" {{\n  name = \"g\"\n  service_account_key {{\n    name = \
         materialize_secret.s.name\n  }}\n}}\n\
         resource \"materialize_connection_iceberg_catalog\" \"c\" {{\n  name = \"c\"\n  catalog_type = \"rest\"\n  url = \
         \"https://lake.example.com\"\n  warehouse = \"gs://lake\"\n  validate = false\n{more}}}\n"
    )
}

#[test]
fn an_iceberg_catalog_gives_out_credentials() {
    let address = "materialize_connection_iceberg_catalog.c";
    let credential = "  credential {\n    secret {\n      name = materialize_secret.s.name\n    }\n  }\n";
    let signed = |url: &str| {
        let delegation = "  access_delegation = \"vended-credentials\"\n";
        catalog(&format!("{credential}  oauth2_server_url = {url:?}\n{delegation}"))
    };
    let (server, terraform) = start(&signed("https://login.example.com/token"));
    let statement = || {
        let rows = server.session().lines("SELECT create_sql FROM mz_catalog.mz_connections WHERE name = 'c'").unwrap();
        rows.into_iter().next().expect("the connection")
    };
    assert!(statement().contains("ACCESS DELEGATION = 'vended-credentials'"), "{}", statement());
    assert!(statement().contains("OAUTH2 SERVER URL = 'https://login.example.com/token'"), "{}", statement());
    let (action, paths) = change(&terraform, address, &signed("https://login.example.com/v2"));
    assert!(action == Action::Replace && paths.contains(&"oauth2_server_url".to_owned()), "{paths:?}");
    assert_eq!(change(&terraform, address, &catalog(credential)).0, Action::Replace);

    let google = |delegation: &str| {
        catalog(&format!("  gcp_connection {{\n    name = materialize_connection_gcp.g.name\n  }}\n{delegation}"))
    };
    assert_eq!(change(&terraform, address, &google("")).0, Action::Replace);
    assert!(statement().contains("GCP CONNECTION = [u"), "{}", statement());
    let vended = google("  access_delegation = \"vended-credentials\"\n");
    assert_eq!(change(&terraform, address, &vended).0, Action::Replace);
    // The connection is the same one under another name.
    let rename = "ALTER CONNECTION g RENAME TO h";
    server.session().query(rename).unwrap();
    let renamed = vended.replace("name = \"g\"", "name = \"h\"");
    assert_ne!(change(&terraform, address, &renamed).0, Action::Replace);
}
