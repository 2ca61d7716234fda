//! Prints the OpenAPI document.

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

fn main() -> Result<(), serde_json::Error> {
    println!("{}", serde_json::to_string_pretty(&drawbridge_contract::openapi::document())?);
    Ok(())
}
