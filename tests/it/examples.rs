//! What the documentation shows is applied, and has nothing left to do afterwards.

use std::path::PathBuf;

use crate::support::server::{Cloud, Server};
use crate::support::terraform::{Terraform, binaries, binary_from};
use crate::support::{files, hcl, read, root};

/// The `.tf` files below a folder of `examples`, with the names of their folders.
fn examples(folder: &str, file: &str) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(root("examples").join(folder)).expect("the examples");
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("an entry"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path().join(file)))
        .collect();
    found.sort();
    found
}

fn try_one(name: &str, path: &PathBuf) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let binary = &binaries()[0];
    let source = provider::data_sources::ALL
        .iter()
        .any(|s| path.ends_with(format!("data-sources/{name}/data-source.tf")) && s.name == name && s.remote.is_some());
    let server = if source { Server::organization(None, &[]) } else { Server::for_type(name) };
    let mut terraform = Terraform::for_server(binary, &server, "");
    if let Some(Cloud { url, ca, .. }) = &server.cloud {
        // For a provider block that an example has of its own.
        terraform.env("MZ_ENDPOINT", url).env("MZ_CLOUD_ENDPOINT", url).env("MZ_SSLROOTCERT", ca);
    }
    terraform.write("main.tf", &text);
    let applied = terraform.apply();
    if !applied.ok() {
        return Err(format!("{name}: {}", applied.report()));
    }
    if let Some(warning) = applied.diagnostics().first() {
        return Err(format!("{name}: an example must not warn: {warning}"));
    }
    terraform.check_settled().map_err(|problem| format!("{name}: {problem}"))?;
    let destroyed = terraform.destroy();
    if destroyed.ok() { Ok(()) } else { Err(format!("{name}: {}", destroyed.report())) }
}

fn try_all(examples: &[(String, PathBuf)]) {
    assert!(!examples.is_empty());
    let only = std::env::var("EXAMPLES_ONLY").ok();
    let chosen = examples.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| name.contains(only)));
    let problems: Vec<String> = chosen.filter_map(|(name, path)| try_one(name, path).err()).collect();
    assert!(problems.is_empty(), "{} of {} fail:\n{}", problems.len(), examples.len(), problems.join("\n\n"));
}

// Emulator only: the names in examples are the readers', and would collide on a server that others use.

#[test]
fn resources_of_the_first_half_apply_and_settle() {
    let all = examples("resources", "resource.tf");
    try_all(&all[..all.len() / 2]);
}

#[test]
fn resources_of_the_second_half_apply_and_settle() {
    let all = examples("resources", "resource.tf");
    try_all(&all[all.len() / 2..]);
}

#[test]
fn ephemeral_resources_apply_and_settle() {
    try_all(&examples("ephemeral-resources", "ephemeral-resource.tf"));
}

#[test]
fn data_sources_apply_and_settle() {
    try_all(&examples("data-sources", "data-source.tf"));
}

#[test]
fn functions_apply_and_settle() {
    if binary_from(1, 8).is_some() {
        try_all(&examples("functions", "function.tf"));
    }
}

#[test]
fn the_provider_block_is_valid() {
    let terraform = Terraform::new(&binaries()[0]);
    terraform.write("provider.tf", &read("examples/provider/provider.tf"));
    terraform.validate().expect_ok();
}

#[test]
fn examples_are_formatted() {
    let terraform = Terraform::new(&binaries()[0]);
    let folder = root("examples");
    let output = terraform.run(&["fmt", "-check", "-recursive", folder.to_str().expect("a path in UTF-8")]);
    assert!(output.ok(), "run `terraform fmt -recursive examples`: {}", output.stdout);
}

/// Every resource shows how it is imported, and what is shown is there.
#[test]
fn imports_name_resources_of_the_example() {
    for (name, path) in examples("resources", "import.sh") {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let config = read(&format!("examples/resources/{name}/resource.tf"));
        let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("terraform import ")).collect();
        assert!(!commands.is_empty(), "{}: no command", path.display());
        for command in commands {
            let (address, _) = command.split_once(' ').expect("an address and an id");
            assert!(hcl::block(&config, address).is_some(), "{}: {address} is not in resource.tf", path.display());
        }
    }
}

#[test]
fn one_source_address_is_used_everywhere() {
    let mut paths = vec![root("README.md"), root("docs/index.md")];
    for folder in ["examples", "docs/guides"] {
        paths.extend(["tf", "md", "sh", "yml", "hcl"].iter().flat_map(|extension| files(&root(folder), extension)));
    }
    let mut seen = 0;
    for path in paths {
        for line in std::fs::read_to_string(&path).expect("text").lines() {
            if let Some(source) = line.trim().strip_prefix("source").map(|rest| rest.trim_start_matches([' ', '=']))
                && source.ends_with("/materialize\"")
            {
                // Who comes from there has both.
                if path.ends_with("guides/migrating.md") && source.starts_with("\"MaterializeInc/") {
                    continue;
                }
                assert_eq!(source, format!("{:?}", provider::plugin::ADDRESS), "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 5, "only {seen} configurations with a source were found");
}
