//! Compiles the wire's protocol definitions, without an installed `protoc`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::var_os("CARGO_CFG_UNIX").is_none() {
        return Err("this provider listens on a Unix socket only: build it for Linux, macOS or another Unix".into());
    }
    let files = ["tfplugin6.proto", "goplugin.proto", "health.proto"];
    for file in files {
        println!("cargo::rerun-if-changed=src/plugin/{file}");
    }
    let descriptors = protox::compile(files, ["src/plugin"])?;
    tonic_prost_build::configure().build_client(true).build_transport(false).compile_fds(descriptors)?;
    Ok(())
}
