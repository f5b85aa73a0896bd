//! The whole set-ups under `examples`: applied, found to be settled, and destroyed; the swap of two deployments, and a
//! pipeline, step by step with its own scripts.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::root;
use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

/// A secret of these tests, which no state may hold.
const SECRET: &str = "never to be stored";

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the example") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a copy")),
        }
    }
}

/// A copy of the example in a folder of its own, run by this role.
fn example(name: &str, server: &Server, user: &str) -> Terraform {
    let mut terraform = Terraform::new(&binaries()[0]);
    copy(&root("examples").join(name), &terraform.folder);
    sign_in(&mut terraform, server, user);
    for variable in ["kafka_password", "registry_password", "postgres_password"] {
        terraform.env(&format!("TF_VAR_{variable}"), SECRET);
    }
    if terraform.folder.join("modules").is_dir() {
        terraform.run(&["get"]).expect_ok();
    }
    terraform
}

fn sign_in(terraform: &mut Terraform, server: &Server, user: &str) {
    let port = server.port.to_string();
    for (name, value) in
        [("MZ_HOST", "127.0.0.1"), ("MZ_PORT", &port), ("MZ_USERNAME", user), ("MZ_SSLMODE", "disable")]
    {
        terraform.env(name, value);
    }
}

/// A server that checks privileges, and has the role of a pipeline as examples/gitops/bootstrap makes it.
fn guarded() -> Server {
    let server = Server::with_upstreams();
    let mut admin = example("gitops/bootstrap", &server, "mz_system");
    admin.env("TF_VAR_passwords", &format!("{{ terraform = {SECRET:?}, terraform_plan = {SECRET:?} }}"));
    admin.apply().expect_ok();
    admin.check_settled().unwrap();
    assert!(!admin.state().to_string().contains(SECRET));
    server.session().query("ALTER SYSTEM SET enable_rbac_checks = true").unwrap();
    server
}

/// Apply, an empty plan, destroy; and no secret in the state.
fn live_through(terraform: &Terraform) {
    let applied = terraform.apply().expect_ok();
    assert!(applied.diagnostics().is_empty(), "an example must not warn: {}", applied.report());
    terraform.check_settled().unwrap();
    assert!(!terraform.state().to_string().contains(SECRET));
    terraform.destroy().expect_ok();
}

// The role of the pipeline is enough for them.

#[test]
fn kafka_pipeline_lives() {
    let server = guarded();
    live_through(&example("kafka-pipeline", &server, "terraform"));
}

#[test]
fn postgres_dbt_lives() {
    let server = guarded();
    let mut terraform = example("postgres-dbt", &server, "terraform");
    terraform.env("TF_VAR_deployer", "terraform");
    live_through(&terraform);
}

#[test]
fn team_per_schema_lives() {
    let server = Server::with_upstreams();
    let terraform = example("team-per-schema", &server, "mz_system");
    live_through(&terraform);
}

/// One team more is a line more, and touches nobody else.
#[test]
fn a_team_more_changes_no_other() {
    let server = Server::with_upstreams();
    let mut terraform = example("team-per-schema", &server, "mz_system");
    let team = |builder: &str| format!("{{ builders = [{builder:?}] }}");
    terraform.env("TF_VAR_teams", &format!("{{ one = {} }}", team("ada@example.com")));
    terraform.apply().expect_ok();
    terraform
        .env("TF_VAR_teams", &format!("{{ one = {}, two = {} }}", team("ada@example.com"), team("ada@example.com")));
    terraform.plan().expect_ok();
    let shown = terraform.show_plan();
    let changes = shown["resource_changes"].as_array().unwrap();
    for change in changes.iter().filter(|change| change["change"]["actions"][0] != "no-op") {
        assert_eq!(change["change"]["actions"], serde_json::json!(["create"]), "{change}");
        assert!(change["address"].as_str().unwrap().starts_with("module.team[\"two\"]"), "{change}");
    }
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();
    terraform.destroy().expect_ok();
}

#[test]
fn blue_and_green_are_swapped() {
    let server = guarded();
    let mut terraform = example("blue-green", &server, "terraform");
    let set = |terraform: &mut Terraform, deployed: &str, live: &str| {
        terraform.env("TF_VAR_deployed", deployed).env("TF_VAR_live", live);
    };
    set(&mut terraform, r#"["blue"]"#, "blue");
    terraform.apply().expect_ok();
    set(&mut terraform, r#"["blue", "green"]"#, "blue");
    terraform.apply().expect_ok();

    let session = server.session();
    let script = |file: &str| {
        let text = std::fs::read_to_string(terraform.folder.join(file)).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("--")).collect();
        lines.join("\n").split(';').map(str::trim).filter(|sql| !sql.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (waiting, swap) = (script("waiting.sql"), script("swap.sql"));
    let live = "SELECT 'schema', s.id FROM mz_catalog.mz_schemas s WHERE s.name = 'shop' UNION ALL \
                SELECT 'cluster', id FROM mz_catalog.mz_clusters WHERE name = 'shop' UNION ALL \
                SELECT o.type, o.id FROM mz_catalog.mz_objects o JOIN mz_catalog.mz_schemas s ON s.id = o.schema_id \
                WHERE s.name = 'shop' ORDER BY 1, 2";
    let before = session.lines(live).unwrap();
    assert_eq!(before.len(), 5, "{before:?}");

    set(&mut terraform, r#"["blue", "green"]"#, "green");
    assert_eq!(session.lines(&waiting[0]).unwrap(), Vec::<String>::new());
    for statement in &swap {
        session.query(statement).unwrap();
    }
    let after = session.lines(live).unwrap();
    assert!(after.len() == 5 && after.iter().all(|line| !before.contains(line)), "{before:?} {after:?}");

    // The configuration follows, and sends nothing.
    let mark = server.mark();
    terraform.apply().expect_ok();
    assert_eq!(server.changes_since(mark), Some(Vec::new()));
    terraform.check_settled().unwrap();

    // The other one goes; what has its old names by now stays.
    set(&mut terraform, r#"["green"]"#, "green");
    terraform.apply().expect_ok();
    assert_eq!(session.lines(live).unwrap(), after);
    terraform.check_settled().unwrap();
    terraform.destroy().expect_ok();
}

/// Without anybody's SQL: no name is missing for a moment.
#[test]
fn an_apply_swaps_blue_and_green() {
    let server = guarded();
    let mut terraform = example("blue-green", &server, "terraform");
    terraform.env("TF_VAR_deployed", r#"["blue", "green"]"#).env("TF_VAR_live", "blue");
    terraform.apply().expect_ok();
    let mark = server.mark();
    terraform.env("TF_VAR_live", "green");
    terraform.apply().expect_ok();
    let sent = server.changes_since(mark).unwrap();
    for kind in ["SCHEMA", "CLUSTER"] {
        let of_kind = |statement: &&String| statement.starts_with(&format!("ALTER {kind} "));
        let done: Vec<&String> =
            sent.iter().filter(of_kind).filter(|statement| !statement.contains("RENAME")).collect();
        assert!(done.len() == 1 && done[0].contains(" SWAP WITH "), "{sent:#?}");
    }
    assert!(!sent.iter().any(|statement| statement.contains("terraform_")), "{sent:#?}");
    terraform.check_settled().unwrap();
    terraform.destroy().expect_ok();
}

/// The swap and the removal of the old deployment in one plan. Terraform then hands over the names from before the swap,
/// which are the live deployment's now.
#[test]
fn what_was_swapped_is_dropped_by_its_id() {
    let server = Server::emulator(&[]);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    let thing = |name: &str| {
        format!(
            "resource \"materialize_schema\" \"{name}\" {{\n  name = \"{name}\"\n}}\nresource \"materialize_cluster\" \
             \"{name}\" {{\n  name = \"{name}\"\n  size = \"25cc\"\n}}\nresource \"materialize_view\" \"{name}\" {{\n  name \
             = \"v\"\n  schema_name = materialize_schema.{name}.name\n  statement = \"SELECT 1 AS one\"\n}}\nresource \
             \"materialize_index\" \"{name}\" {{\n  name = \"i\"\n  cluster_name = materialize_cluster.{name}.name\n  \
             obj_name {{\n    name = materialize_view.{name}.name\n    schema_name = materialize_schema.{name}.name\n  }}\n  \
             col_expr {{\n    field = \"one\"\n  }}\n}}\nresource \"materialize_grants\" \"{name}\" {{\n  object_type = \
             \"CLUSTER\"\n  object_name = materialize_cluster.{name}.name\n  grant {{\n    role_name = \"PUBLIC\"\n    \
             privileges = [\"USAGE\"]\n  }}\n}}\nresource \"materialize_schema_grant\" \"{name}\" {{\n  role_name = \
             \"PUBLIC\"\n  privilege = \"USAGE\"\n  database_name = \"materialize\"\n  schema_name = \
             materialize_schema.{name}.name\n}}\n"
        )
    };
    terraform.write("main.tf", &[thing("old"), thing("new")].concat());
    terraform.apply().expect_ok();
    let session = server.session();
    session.query("ALTER SCHEMA old SWAP WITH new").unwrap();
    session.query("ALTER CLUSTER old SWAP WITH new").unwrap();
    let there = "SELECT 'cluster', id, name, privileges::text FROM mz_catalog.mz_clusters WHERE id LIKE 'u%' AND name = \
                 'old' UNION ALL SELECT 'schema', id, name, privileges::text FROM mz_catalog.mz_schemas WHERE name = 'old' \
                 UNION ALL SELECT o.type, o.id, o.name, '' FROM mz_catalog.mz_objects o JOIN mz_catalog.mz_schemas s ON \
                 s.id = o.schema_id WHERE s.name = 'old' ORDER BY 1, 2";
    let live = session.lines(there).unwrap();
    assert_eq!(live.len(), 4, "{live:?}");
    terraform.write("main.tf", &thing("new").replace("\"new\"\n", "\"old\"\n"));
    terraform.apply().expect_ok();
    assert_eq!(session.lines(there).unwrap(), live);
    let left = "SELECT name FROM mz_catalog.mz_schemas WHERE name = 'new' UNION ALL SELECT name FROM \
                mz_catalog.mz_clusters WHERE name = 'new'";
    assert_eq!(session.lines(left).unwrap(), Vec::<String>::new());
    terraform.check_settled().unwrap();
}

/// A script of the pipeline, run by this role: its exit status, and what it said.
fn script(terraform: &Terraform, name: &str, user: &str) -> (Option<i32>, String) {
    let like = terraform.command(&[]);
    // The scripts say `terraform`.
    let bin = terraform.folder.join("bin");
    if !bin.is_dir() {
        std::fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(like.get_program(), bin.join("terraform")).unwrap();
    }
    let mut command = Command::new("sh");
    command.arg(name).current_dir(&terraform.folder).env_clear().stdin(Stdio::null());
    command.envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", bin.display())).env("MZ_USERNAME", user).env("TF_CLI_ARGS", "-no-color");
    let output = command.output().expect("sh runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code(), said)
}

#[test]
fn the_pipeline_plans_judges_applies_and_finds_drift() {
    let server = guarded();
    let terraform = example("gitops", &server, "terraform");
    let run = |name: &str| script(&terraform, name, if name == "apply.sh" { "terraform" } else { "terraform_plan" });
    let passes = |name: &str| {
        let (code, said) = run(name);
        assert_eq!(code, Some(0), "{name}: {said}");
    };
    passes("plan.sh");
    passes("apply.sh");
    passes("drift.sh");

    // A plan that was applied, or that is older than the state, is not applied again.
    let (code, said) = run("apply.sh");
    assert!(code == Some(1) && said.contains("Saved plan is stale"), "{said}");

    server.session().query("COMMENT ON TABLE shop.sales.targets IS 'by hand'").unwrap();
    let (code, said) = run("drift.sh");
    assert!(code == Some(2) && said.contains("materialize_table.targets will be updated in-place"), "{said}");
    passes("plan.sh");
    passes("apply.sh");
    passes("drift.sh");

    // The table is taken out, and the view that reads it.
    let main = std::fs::read_to_string(terraform.folder.join("main.tf")).unwrap();
    let (kept, _) = main.split_once("resource \"materialize_table\"").unwrap();
    terraform.write("main.tf", kept);
    let (code, said) = run("plan.sh");
    assert!(code == Some(1) && said.contains("holds data: materialize_table.targets."), "{said}");
    assert!(!terraform.folder.join("tfplan.json").exists());
    let allowed = std::fs::read_to_string(terraform.folder.join("deletions-allowed.txt")).unwrap();
    terraform.write("deletions-allowed.txt", &format!("{allowed}materialize_table.targets\n"));
    passes("plan.sh");
    passes("apply.sh");
    passes("drift.sh");

    // What is replaced is gone as well.
    let renamed = kept.replace("shop_ingest", "other").replace("= \"AUCTION\"", "= \"COUNTER\"");
    terraform.write("main.tf", &renamed);
    let (code, said) = run("plan.sh");
    assert!(code == Some(1) && said.contains("materialize_source_load_generator.auction"), "{said}");
    terraform.destroy().expect_ok();
}

/// Tables that are blocks of a source go without the source being destroyed.
#[test]
fn the_policy_sees_a_table_that_a_source_loses() {
    let server = Server::with_upstreams();
    let terraform = example("gitops", &server, "mz_system");
    let connection =
        std::fs::read_to_string(root("examples/resources/materialize_source_postgres/resource.tf")).unwrap();
    let table = |name: &str| {
        format!(
            "  table {{\n    upstream_name = {name:?}\n    upstream_schema_name = \"public\"\n    name = {name:?}\n  }}\n"
        )
    };
    let config = |tables: &str| connection.replace("  schemas      = [\"public\"]\n", tables);
    terraform.write("main.tf", &config(&[table("orders"), table("customers")].concat()));
    terraform.write("provider.tf", &crate::support::terraform::provider_file("", ""));
    let (code, said) = script(&terraform, "plan.sh", "mz_system");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(script(&terraform, "apply.sh", "mz_system").0, Some(0));
    terraform.write("main.tf", &config(&table("orders")));
    let (code, said) = script(&terraform, "plan.sh", "mz_system");
    assert!(code == Some(1) && said.contains("takes tables out of: materialize_source_postgres.shop."), "{said}");
}
