//! `materialize-emulator`: an environment in memory, for tests and for trying the provider.

use clap::Parser;
use emulator::cloud::CloudOptions;
use emulator::wire::{Options, spawn};

/// Materialize on the PostgreSQL wire protocol, in memory
#[derive(Parser)]
#[command(name = "materialize-emulator", version)]
struct Flags {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    cloud: CloudOptions,
}

fn main() -> std::io::Result<()> {
    let Flags { options, cloud } = Flags::parse();
    if cloud.cloud.is_some() {
        return emulator::cloud::run(cloud, options);
    }
    let mut running = spawn(options)?;
    println!("listening on {}", running.addr);
    if let Some(control) = running.control {
        println!("control on {control}");
    }
    running.wait();
    Ok(())
}
