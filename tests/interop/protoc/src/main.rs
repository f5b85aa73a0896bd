//! Stands in for `protoc` where a build script wants a descriptor set: `protoc -I FOLDER -o FILE FILE.proto…`.

use std::error::Error;
use std::path::PathBuf;

use prost::Message;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut folders, mut files, mut out) = (Vec::new(), Vec::new(), None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--version" => {
                println!("libprotoc 3.21.12");
                return Ok(());
            }
            "-o" => out = Some(PathBuf::from(args.next().ok_or("-o needs a file")?)),
            "-I" => folders.push(args.next().ok_or("-I needs a folder")?),
            // Always on here, or without meaning here.
            "--include_imports" | "--include_source_info" | "--experimental_allow_proto3_optional" => {}
            other if other.starts_with('-') => return Err(format!("unknown option {other}").into()),
            file => files.push(file.to_owned()),
        }
    }
    let set = protox::compile(files, folders)?;
    std::fs::write(out.ok_or("no file to write is named")?, set.encode_to_vec())?;
    Ok(())
}
