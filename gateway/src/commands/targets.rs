//! `targets`: what calls may reach, and whether it can be reached from here.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::{FAILED, FINE, say};
use crate::agent::Loaded;
use crate::targets::Target;

/// How long a test may take.
const MOST: Duration = Duration::from_secs(15);

/// Lists them. A configuration with a mistake is told with its line.
pub(crate) fn list(file: &Path) -> Result<u8, String> {
    let loaded = Loaded::read(file)?;
    let mut any = false;
    for (name, target) in loaded.targets.all() {
        any = true;
        say(&format!("{name}  {}  {}", target.kind().code(), target.place()));
    }
    if !any {
        say(&format!("There are none: calls reach nothing. Add some to {}.", file.display()));
    }
    Ok(FINE)
}

/// Tests one or all.
pub(crate) async fn test(file: &Path, wanted: Option<&str>) -> Result<u8, String> {
    let loaded = Loaded::read(file)?;
    if let Some(name) = wanted.filter(|name| loaded.targets.get(name).is_none()) {
        return Err(format!("there is no target {name}"));
    }
    let mut code = FINE;
    for (name, target) in loaded.targets.all().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name))
    {
        match one(target).await {
            Ok(words) => say(&format!("ok      {name}: {words}")),
            Err(why) => {
                say(&format!("failed  {name}: {why}"));
                code = FAILED;
            }
        }
    }
    Ok(code)
}

/// Tests one target: its secrets, then the way to it. To a database whose login is kept here it signs in.
pub(super) async fn one(target: &Target) -> Result<String, String> {
    target.secrets()?;
    let begin = Instant::now();
    let looked = async {
        target.probe().await?;
        match target {
            Target::Sql(database) if target.signs_in() => database.check(MOST).await.map(Some),
            _ => Ok(None),
        }
    };
    match timeout(MOST, looked).await {
        Ok(Ok(None)) => Ok(format!("can be reached ({} ms)", begin.elapsed().as_millis())),
        Ok(Ok(Some(words))) => Ok(format!("{words} ({} ms)", begin.elapsed().as_millis())),
        Ok(Err(fault)) => Err(format!("{} ({})", fault.detail, fault.code.words())),
        Err(_) => Err("no answer in time".to_owned()),
    }
}
