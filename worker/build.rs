//! Puts the connectors' definitions beside the program, without the white space that people read them with: a tenth of
//! their weight in the Worker.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let from = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../connectors");
    let into = Path::new(&env::var("OUT_DIR")?).join("connectors");
    println!("cargo::rerun-if-changed={}", from.display());
    fs::create_dir_all(&into)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|of| of == "json")) else {
            continue;
        };
        let definition: Value = serde_json::from_slice(&fs::read(&path)?)?;
        fs::write(into.join(name), definition.to_string())?;
    }
    Ok(())
}
