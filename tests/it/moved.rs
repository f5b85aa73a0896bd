//! `moved` blocks from another provider for Materialize: object by object, the state is taken over as it is.

use provider::plugin::ADDRESS;

use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries, binary_from, provider_binary};

/// Another address, at which the same program stands.
const OTHER: &str = "other/materialize";

fn providers(server: &Server) -> String {
    let lines = server.provider_lines();
    format!(
        "terraform {{\n  required_providers {{\n    materialize = {{\n      source = {ADDRESS:?}\n    }}\n    other = {{\n      \
         source = {OTHER:?}\n    }}\n  }}\n}}\n\nprovider \"materialize\" {{\n{lines}}}\n\nprovider \"other\" {{\n{lines}}}\n"
    )
}

/// A Terraform that finds the program at both addresses.
fn terraform(server: &Server) -> Option<Terraform> {
    let mut terraform = Terraform::for_server(&binary_from(1, 8)?, server, "");
    let program = provider_binary();
    let folder = program.parent().expect("a folder").display().to_string();
    terraform.write("both.tfrc", &format!("provider_installation {{\n  dev_overrides {{\n    {ADDRESS:?} = {folder:?}\n    {OTHER:?} = {folder:?}\n  }}\n  direct {{}}\n}}\n"));
    let file = terraform.folder.join("both.tfrc").display().to_string();
    terraform.env("TF_CLI_CONFIG_FILE", &file);
    terraform.write("provider.tf", &providers(server));
    Some(terraform)
}

#[test]
fn an_object_of_another_provider_goes_on_here() {
    let server = Server::emulator(&[]);
    let Some(terraform) = terraform(&server) else { return };
    let table = |label: &str, meta: &str| {
        format!(
            "resource \"materialize_table\" \"{label}\" {{\n{meta}  name = \"t\"\n  column {{\n    name = \"a\"\n    type = \
             \"integer\"\n  }}\n}}\n"
        )
    };
    terraform.write("main.tf", &table("theirs", "  provider = other\n"));
    terraform.apply().expect_ok();
    let session = server.session();
    session.query("INSERT INTO t VALUES (7)").unwrap();
    let id = || terraform.resources().into_iter().next().map(|(address, table)| (address, table["id"].clone()));
    let before = id().expect("a table");

    let moved = "moved {\n  from = materialize_table.theirs\n  to   = materialize_table.ours\n}\n";
    terraform.write("main.tf", &format!("{}{moved}", table("ours", "")));
    terraform.apply().expect_ok();
    assert_eq!(id(), Some(("materialize_table.ours".to_owned(), before.1)));
    assert_eq!(session.lines("SELECT * FROM t").unwrap(), ["7"], "it is the same table");
    terraform.check_settled().unwrap();
    assert!(terraform.state().to_string().contains(ADDRESS), "it is this provider's now");
}

#[test]
fn an_object_of_another_type_is_refused() {
    let server = Server::emulator(&[]);
    let Some(binary) = binaries().into_iter().next().filter(|_| binary_from(1, 8).is_some()) else { return };
    let terraform = Terraform::for_server(&binary, &server, "");
    terraform.write("main.tf", "resource \"materialize_database\" \"it\" {\n  name = \"d\"\n}\n");
    terraform.apply().expect_ok();
    terraform.write(
        "main.tf",
        "resource \"materialize_role\" \"it\" {\n  name = \"d\"\n}\n\nmoved {\n  from = materialize_database.it\n  to   = \
         materialize_role.it\n}\n",
    );
    let errors = terraform.plan().errors();
    assert!(
        errors.iter().any(|error| error.summary == "Cannot move the object to materialize_role"
            && error.detail.contains("It is a materialize_database")),
        "{errors:?}"
    );
}
