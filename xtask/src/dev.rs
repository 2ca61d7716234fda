//! `npm run dev`: like start, with quicker builds, again and again as the sources change.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use rustix::process::Signal;

use crate::inputs::Inputs;
use crate::launch::{self, Ports};
use crate::layout::Layout;
use crate::start::{self, Served};
use crate::{build_app, build_worker, process, say, setup};

/// How often the sources are looked at.
const PAUSE: Duration = Duration::from_millis(400);

/// Sets up, builds, starts; then rebuilds and reloads whatever changes until it is stopped.
pub(crate) fn dev(layout: &Layout) -> Result<()> {
    let ports = Ports::from_environment()?;
    setup::ensure(layout)?;
    build_app::CONSOLE_DEV.ensure(layout)?;
    build_worker::DEV.ensure(layout)?;
    let served =
        Served { console: build_app::CONSOLE_DEV.out, worker: build_worker::DEV.out, show_log: true };
    let mut running = start::run(layout, &ports, &served)?;
    say::line("Watching the sources. Reload the page after a change.");

    let mut console = Watch::new(layout, build_app::SOURCES);
    let mut worker = Watch::new(layout, build_worker::SOURCES);
    let mut sandbox = Watch::new(layout, &["tests/sandbox"]);
    let mut served_files = Watch::new(layout, &["wrangler.toml", "worker/migrations"]);
    while !process::stopping() {
        std::thread::sleep(PAUSE);
        running.check()?;
        let mut reload = served_files.changed(layout);
        if console.changed(layout) {
            reload |= attempt(build_app::CONSOLE_DEV.ensure(layout));
        }
        if worker.changed(layout) {
            reload |= attempt(build_worker::DEV.ensure(layout));
        }
        if reload && !process::stopping() {
            running.worker.group.signal(Signal::USR2)?;
            if attempt(running.worker.ready().map(drop)) {
                say::line("Reloaded.");
            }
        }
        if sandbox.changed(layout) {
            drop(running.sandbox.take());
            running.sandbox = launch::sandbox(layout, &ports, None)?.map(|(server, _)| server);
            say::line("Sandbox provider started again.");
        }
    }
    drop(running);
    say::line("\nStopped.");
    Ok(())
}

/// Says what failed and goes on: the next change may mend it.
fn attempt(result: Result<()>) -> bool {
    if let Err(error) = &result
        && !process::stopping()
    {
        say::line(&format!("{error:#}\nWaiting for the next change."));
    }
    result.is_ok()
}

/// The times of some files, and whether they have changed since one last looked.
struct Watch<'a> {
    paths: &'a [&'a str],
    seen: HashMap<PathBuf, Option<SystemTime>>,
}

impl<'a> Watch<'a> {
    fn new(layout: &Layout, paths: &'a [&'a str]) -> Self {
        let mut watch = Self { paths, seen: HashMap::new() };
        watch.changed(layout);
        watch
    }

    fn changed(&mut self, layout: &Layout) -> bool {
        // A file that goes while the folder is being read shows at the next look.
        let Ok(files) = (Inputs { paths: self.paths, salt: "" }).files(layout) else { return false };
        let time = |file: &PathBuf| std::fs::metadata(file).and_then(|data| data.modified()).ok();
        let now = files.into_iter().map(|file| (file.clone(), time(&file))).collect();
        let changed = self.seen != now;
        self.seen = now;
        changed
    }
}
