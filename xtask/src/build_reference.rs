//! The API's reference at `/docs`: a page of its own beside the console, with the console's look and nothing of its
//! weight.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::build_app::{esbuild, put};
use crate::layout::Layout;
use crate::process;

/// Builds the page; the hashed files that it names.
pub(crate) fn build(layout: &Layout, out: &Path, work: &Path, theme: &str) -> Result<Vec<String>> {
    let bundled = |source: &str, ending: &str| -> Result<String> {
        let place = work.join(format!("reference{ending}"));
        let mut command = esbuild(layout)?;
        command.arg(layout.at(source)).args(["--bundle", "--minify", "--format=esm", "--platform=browser"]);
        command.arg(format!("--outfile={}", place.display()));
        process::quiet(&mut command, "esbuild (reference)")?;
        put(out, "reference", ending, &fs::read(place)?)
    };
    let style = bundled("app/reference/style.css", ".css")?;
    let script = bundled("app/reference/main.js", ".js")?;
    let page = fs::read_to_string(layout.at("app/reference/index.html"))
        .context("app/reference/index.html is missing")?;
    let page = page.replace("{{theme}}", theme).replace("{{style}}", &style).replace("{{script}}", &script);
    fs::write(out.join("docs.html"), page).context("cannot write docs.html")?;
    Ok(vec![style, script])
}
