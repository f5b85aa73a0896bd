//! Packs a build of the provider, and seals a folder of packed builds.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use release::archive::{Entry, check_linux, pack};
use release::name;
use release::seal::seal;
use release::signature::Signer;

/// Packs and signs what a provider registry serves.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Packs one platform's program into its zip
    Pack {
        /// The program, as it was built
        program: PathBuf,
        /// Where the zip goes
        #[arg(long)]
        into: PathBuf,
        #[arg(long)]
        version: String,
        /// In Go's words: linux, darwin
        #[arg(long)]
        os: String,
        /// In Go's words: amd64, arm64
        #[arg(long)]
        arch: String,
        /// Further files that go into the zip
        #[arg(long = "with")]
        with: Vec<PathBuf>,
    },
    /// Adds the manifest, the sums of all files, and their signature
    Seal {
        /// The folder with the zips
        folder: PathBuf,
        #[arg(long)]
        version: String,
        #[arg(long)]
        manifest: PathBuf,
        /// An armoured OpenPGP secret key; its pass phrase is taken from RELEASE_KEY_PASSPHRASE
        #[arg(long)]
        key: Option<PathBuf>,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Pack { program, into, version, os, arch, with } => {
            let content =
                std::fs::read(&program).with_context(|| format!("cannot read the program {}", program.display()))?;
            if os == "linux" {
                check_linux(&content)?;
            }
            let size = content.len();
            let mut entries = vec![Entry { name: name::program(&version), program: true, content }];
            for file in with {
                entries.push(Entry::read(&file)?);
            }
            let zip = pack(entries)?;
            std::fs::create_dir_all(&into).with_context(|| format!("cannot make {}", into.display()))?;
            let file = into.join(name::zip(&version, &os, &arch));
            std::fs::write(&file, &zip).with_context(|| format!("cannot write {}", file.display()))?;
            println!("{}: {} bytes, the program {size}", file.display(), zip.len());
        }
        What::Seal { folder, version, manifest, key } => {
            let passphrase = std::env::var("RELEASE_KEY_PASSPHRASE").unwrap_or_default();
            let signer = key.map(|key| Signer::read(&key, &passphrase)).transpose()?;
            for file in seal(&folder, &version, &manifest, signer.as_ref())? {
                println!("{}", folder.join(file).display());
            }
            if signer.is_none() {
                println!("There is no signature: no key was given.");
            }
        }
    }
    Ok(())
}
