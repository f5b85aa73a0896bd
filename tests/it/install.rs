//! Terraform installs the provider as teams do: from a folder, a mirror or a registry. The zips are packed as those of a
//! release are, with the program that was just built.

use std::path::PathBuf;
use std::sync::OnceLock;

use provider::plugin::ADDRESS;
use release::archive::{Entry, pack};
use release::name;
use release::seal::{seal, sum};
use release::signature::Signer;
use serde_json::{Value, json};

use crate::support::folder::Folder;
use crate::support::plan::{Action, Plan};
use crate::support::registry::Registry;
use crate::support::server::Server;
use crate::support::terraform::{Output, Terraform, binaries, provider_binary};
use crate::support::{read, root};
use crate::takeover::{file, left_by, provider_address, state_of};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The address of the official provider.
const OFFICIAL: &str = "materializeinc/materialize";

/// Names no host that exists: a mirror is asked instead.
const HOST: &str = "registry.example.com";

/// The platform in Go's words.
fn platform() -> (&'static str, &'static str) {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    (os, arch)
}

fn zip_name() -> String {
    let (os, arch) = platform();
    name::zip(VERSION, os, arch)
}

/// The zip of the provider under test.
fn zip() -> &'static [u8] {
    static ZIP: OnceLock<Vec<u8>> = OnceLock::new();
    ZIP.get_or_init(|| packed(Vec::new()))
}

fn packed(more: Vec<Entry>) -> Vec<u8> {
    let content = std::fs::read(provider_binary()).expect("the provider is built");
    let program = Entry { name: name::program(VERSION), program: true, content };
    pack(more.into_iter().chain([program]).collect()).expect("a zip")
}

/// The zip as somebody else would have made it.
fn other_zip() -> Vec<u8> {
    packed(vec![Entry { name: "README".into(), program: false, content: b"by somebody else".to_vec() }])
}

/// A configuration that takes the provider from this source, by this way of installing, and makes one database.
fn terraform(server: &Server, source: &str, installation: &str) -> Terraform {
    let terraform = Terraform::new(&binaries()[0]);
    terraform.write("terraform.rc", &format!("provider_installation {{\n{installation}\n}}\n"));
    terraform.write(
        "main.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    materialize = {{\n      source  = \"{source}\"\n      version = \
             \"{VERSION}\"\n    }}\n  }}\n}}\n\nprovider \"materialize\" {{\n{}}}\n\nresource \"materialize_database\" \
             \"it\" {{\n  name = \"installed\"\n}}\n",
            server.provider_lines()
        ),
    );
    terraform
}

fn init(terraform: &Terraform, more: &[&str]) -> Output {
    terraform.run(&[&["init", "-no-color"], more].concat())
}

/// Installs, applies, and installs again by the lock file alone.
fn works(terraform: &Terraform) {
    init(terraform, &[]).expect_ok();
    let lock = std::fs::read_to_string(terraform.folder.join(".terraform.lock.hcl")).expect("a lock file");
    assert!(lock.contains(&format!("version     = \"{VERSION}\"")) && lock.contains("hashes"), "{lock}");
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    forget(terraform);
    init(terraform, &["-lockfile=readonly"]).expect_ok();
    terraform.destroy().expect_ok();
}

/// What `init` unpacked; the lock file stays.
fn forget(terraform: &Terraform) {
    std::fs::remove_dir_all(terraform.folder.join(".terraform")).expect("a folder");
}

fn refuses(output: &Output, words: &str) {
    let text = output.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!output.ok() && text.contains(words), "`{words}` is not said: {}", output.stderr);
}

/// A folder as `terraform providers mirror` makes it, which has the provider under these addresses.
fn mirror(addresses: &[&str]) -> Folder {
    let folder = Folder::new();
    for address in addresses {
        let at = folder.0.join(address);
        std::fs::create_dir_all(&at).expect("a folder");
        std::fs::write(at.join(zip_name()), zip()).expect("a file");
    }
    folder
}

fn from_folder(folder: &Folder) -> String {
    format!("  filesystem_mirror {{\n    path = {:?}\n  }}", folder.0)
}

#[test]
fn from_a_folder() {
    let server = Server::emulator(&[]);
    let address = format!("{HOST}/{ADDRESS}");
    let folder = mirror(&[&address]);
    let terraform = terraform(&server, &address, &from_folder(&folder));
    works(&terraform);
    std::fs::write(folder.0.join(&address).join(zip_name()), other_zip()).expect("a file");
    forget(&terraform);
    refuses(
        &init(&terraform, &[]),
        "doesn't match any of the checksums previously recorded in the dependency lock file",
    );
}

#[test]
fn from_a_mirror_in_the_network() {
    let (server, registry) = (Server::emulator(&[]), Registry::start());
    let address = format!("{HOST}/{ADDRESS}");
    let installation = format!("  network_mirror {{\n    url = \"https://localhost:{}/mirror/\"\n  }}", registry.port);
    let mut terraform = terraform(&server, &address, &installation);
    registry.put_json(&format!("/mirror/{address}/index.json"), &json!({ "versions": { VERSION: {} } }));
    let (os, arch) = platform();
    let archive = |zip: &[u8]| json!({ "url": zip_name(), "hashes": [format!("zh:{}", sum(zip))] });
    let about = json!({ "archives": { format!("{os}_{arch}"): archive(zip()) } });
    registry.put_json(&format!("/mirror/{address}/{VERSION}.json"), &about);
    registry.put(&format!("/mirror/{address}/{}", zip_name()), zip());

    refuses(&init(&terraform, &[]), "certificate");
    terraform.env("SSL_CERT_FILE", registry.authority.to_str().expect("a path"));
    works(&terraform);
    registry.put(&format!("/mirror/{address}/{}", zip_name()), other_zip());
    forget(&terraform);
    refuses(&init(&terraform, &[]), "checksum");
}

/// Serves what a release makes, under the registry's own protocol.
fn publish(registry: &Registry, release: &Folder, key: &Signer) {
    let ((os, arch), start) = (platform(), format!("/v1/providers/{ADDRESS}"));
    let at = |file: &str| format!("https://localhost:{}/files/{file}", registry.port);
    let [sums, signature] = ["SHA256SUMS", "SHA256SUMS.sig"].map(|what| name::beside(VERSION, what));
    let manifest: Value = serde_json::from_str(&read("terraform-registry-manifest.json")).expect("JSON");
    let protocols = &manifest["metadata"]["protocol_versions"];
    for entry in std::fs::read_dir(&release.0).expect("a folder") {
        let file = entry.expect("an entry");
        let path = format!("/files/{}", file.file_name().to_string_lossy());
        registry.put(&path, std::fs::read(file.path()).expect("a file"));
    }
    registry.put_json("/.well-known/terraform.json", &json!({ "providers.v1": "/v1/providers/" }));
    let platforms = json!([{ "os": os, "arch": arch }]);
    let versions = json!([{ "version": VERSION, "protocols": protocols, "platforms": platforms }]);
    registry.put_json(&format!("{start}/versions"), &json!({ "versions": versions }));
    let keys = json!([{ "key_id": key.key_id(), "ascii_armor": key.public().expect("a key") }]);
    let package = json!({
        "protocols": protocols, "os": os, "arch": arch, "filename": zip_name(), "download_url": at(&zip_name()),
        "shasums_url": at(&sums), "shasums_signature_url": at(&signature),
        "shasum": sum(&std::fs::read(release.0.join(zip_name())).expect("a zip")),
        "signing_keys": { "gpg_public_keys": keys },
    });
    registry.put_json(&format!("{start}/{VERSION}/download/{os}/{arch}"), &package);
}

/// The folder of a release, signed.
fn released(zip: &[u8], key: &Signer) -> Folder {
    let folder = Folder::new();
    std::fs::write(folder.0.join(zip_name()), zip).expect("a file");
    let manifest: PathBuf = root("terraform-registry-manifest.json");
    let files = seal(&folder.0, VERSION, &manifest, Some(key)).expect("a release");
    assert_eq!(files.len(), 4, "the zip, the manifest, the sums and their signature: {files:?}");
    folder
}

#[test]
fn from_a_registry() {
    let (server, registry) = (Server::emulator(&[]), Registry::start());
    let [ours, other] = ["ours", "other"].map(|user| Signer::generate(user).expect("a key"));
    let address = format!("localhost:{}/{ADDRESS}", registry.port);
    let mut terraform = terraform(&server, &address, "  direct {}");
    terraform.env("SSL_CERT_FILE", registry.authority.to_str().expect("a path"));

    publish(&registry, &released(zip(), &other), &ours);
    refuses(&init(&terraform, &[]), "signature");
    publish(&registry, &released(zip(), &ours), &ours);
    let said = init(&terraform, &[]).expect_ok();
    let signed = if said.stdout.contains("OpenTofu") { "signed" } else { "self-signed" };
    assert!(said.stdout.contains(&format!("({signed}, key ID {})", ours.key_id())), "{}", said.stdout);
    forget(&terraform);
    works(&terraform);
    // Another zip, rightly signed: who has the lock file does not get it.
    publish(&registry, &released(&other_zip(), &ours), &ours);
    forget(&terraform);
    refuses(&init(&terraform, &[]), "checksum");
}

/// A state of the official provider goes over to this one, and back again.
#[test]
fn the_provider_of_a_state_is_replaced_and_put_back() {
    let server = left_by("base");
    let config = |source: &str| {
        let lines = server.provider_lines();
        format!(
            "terraform {{\n  required_providers {{\n    materialize = {{\n      source = \"{source}\"\n    }}\n  }}\n}}\n\
             provider \"materialize\" {{\n{lines}}}\n{}",
            file("base", "main.tf")
        )
    };
    let terraform = Terraform::new(&binaries()[0]);
    let [official, ours] = [OFFICIAL, ADDRESS].map(|source| {
        terraform.write("main.tf", &config(source));
        provider_address(&terraform)
    });
    // The official provider is not here: this one stands in for it, under its address.
    let folder = mirror(&[&official, &ours]);
    terraform.write("terraform.rc", &format!("provider_installation {{\n{}\n}}\n", from_folder(&folder)));
    terraform.write("terraform.tfstate", &state_of("base", &official).to_string());

    for (source, from, to) in [(ADDRESS, &official, &ours), (OFFICIAL, &ours, &official)] {
        terraform.write("main.tf", &config(source));
        terraform.run(&["state", "replace-provider", "-auto-approve", from, to]).expect_ok();
        init(&terraform, &["-upgrade"]).expect_ok();
        terraform.plan().expect_ok();
        let plan = Plan::new(&terraform.show_plan());
        let still = plan.changes.iter().all(|change| change.action == Action::NoOp);
        assert!(still && !plan.changes.is_empty(), "{source}: {}", plan.describe());
        terraform.apply().expect_ok();
        let state = std::fs::read_to_string(terraform.folder.join("terraform.tfstate")).expect("a state");
        assert!(state.contains(to.as_str()) && !state.contains(from.as_str()), "{source}");
        let state: Value = serde_json::from_str(&state).expect("JSON");
        let instances =
            state["resources"].as_array().expect("resources").iter().flat_map(|r| r["instances"].as_array());
        assert!(instances.flatten().all(|instance| instance["schema_version"] == 0), "the way back is open");
    }
}

/// OpenTofu is not everywhere; where it is, it installs and works.
#[test]
fn opentofu_installs_it_too() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let Some(tofu) = std::env::split_paths(&path).map(|folder| folder.join("tofu")).find(|file| file.is_file()) else {
        eprintln!("there is no `tofu` on the PATH, skipped");
        return;
    };
    let server = Server::emulator(&[]);
    let address = format!("{HOST}/{ADDRESS}");
    let folder = mirror(&[&address]);
    let mut terraform = terraform(&server, &address, &from_folder(&folder));
    terraform.binary = tofu;
    works(&terraform);
}
