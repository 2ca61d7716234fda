//! `npm test`: every check, each reported, none skipped because another failed.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::checks::{ALL, Check, Outcome, When};
use crate::layout::Layout;
use crate::{process, products, say, setup};

/// Runs the checks of a kind whose names contain one of the words (all, if there is none); true if all hold.
pub(crate) fn test(layout: &Layout, most: When, words: &[&str]) -> Result<bool> {
    let wanted = |check: &&Check| {
        let named = words.iter().any(|word| check.name.to_lowercase().contains(&word.to_lowercase()));
        match most {
            _ if !words.is_empty() => named,
            When::Quick => check.when == When::Quick,
            When::Usual => check.when != When::Slow,
            When::Slow => true,
        }
    };
    let chosen: Vec<&Check> = ALL.iter().filter(wanted).collect();
    if chosen.is_empty() {
        let names: Vec<_> = ALL.iter().map(|check| check.name).collect();
        bail!("no check has a name with {}; there are: {}", words.join(" or "), names.join(", "));
    }
    setup::ensure(layout)?;
    let began = Instant::now();
    let (mut passed, mut failed) = (0, 0);
    let mut broken = Vec::new();
    let products: Vec<_> = chosen.iter().flat_map(|check| check.wants).copied().collect();
    products::ahead(layout, &products, || {
        for check in chosen {
            let outcome = run(layout, check)?;
            passed += outcome.passed;
            failed += outcome.failed;
            if outcome.failed > 0 {
                broken.push(check.name);
            }
        }
        anyhow::Ok(())
    })?;
    say::line("");
    if !broken.is_empty() {
        say::line(&format!("Failed: {}", broken.join(", ")));
    }
    say::line(&format!("All of it took {}", say::seconds(began.elapsed())));
    say::line(&format!("{passed} passed, {failed} failed"));
    Ok(failed == 0)
}

/// Runs one check, once what it wants is built, and reports it; what it cannot do counts as its failure.
fn run(layout: &Layout, check: &Check) -> Result<Outcome> {
    say::line(&format!("… {}", check.name));
    let began = Instant::now();
    let ready = check.wants.iter().try_for_each(|product| product.ensure(layout));
    let outcome = match ready.and_then(|()| (check.run)(layout)) {
        Ok(outcome) => outcome,
        Err(_) if process::stopping() => return Err(process::Stopped.into()),
        Err(error) => Outcome::of(&[format!("{error:#}")]),
    };
    let counted = match (outcome.passed, outcome.failed) {
        (0, 0) => "nothing to check yet".to_owned(),
        (passed, 0) => format!("{passed} passed"),
        (passed, failed) => format!("{passed} passed, {failed} failed"),
    };
    say::result(outcome.failed == 0, check.name, &counted, began.elapsed());
    say::detail(&outcome.text);
    Ok(outcome)
}
