//! `materialize-emulator`: an environment in memory, for tests and for trying the provider.

use clap::Parser;
use emulator::wire::{Options, spawn};

/// Materialize on the PostgreSQL wire protocol, in memory
#[derive(Parser)]
#[command(name = "materialize-emulator", version)]
struct Flags {
    #[command(flatten)]
    options: Options,
}

fn main() -> std::io::Result<()> {
    let mut running = spawn(Flags::parse().options)?;
    println!("listening on {}", running.addr);
    if let Some(control) = running.control {
        println!("control on {control}");
    }
    running.wait();
    Ok(())
}
