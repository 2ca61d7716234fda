//! What is built from the sources, each under its name, and several at once.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Result, anyhow};

use crate::build_gateway::{self, Which};
use crate::layout::Layout;
use crate::{build_app, build_worker, say};

/// Something that is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Product {
    /// The console as deployed.
    Console,
    /// Every primitive of the console on one page.
    Gallery,
    /// The Worker as deployed.
    Worker,
    /// The Worker with the sandbox provider's connector.
    Sandbox,
    /// The gateway's agent for this machine, beside the console's files.
    Gateway,
    /// The gateway's agent for every system that can be built for here.
    Gateways,
}

use Product::{Console, Gallery, Gateway, Gateways, Sandbox, Worker};

/// Each row is built by one thread. Cargo compiles for one of them at a time; what the linker and the tools after it do
/// takes as long again, on one processor.
const LANES: [&[Product]; 3] = [&[Console, Gallery], &[Sandbox, Worker], &[Gateway, Gateways]];

/// Held by whoever makes a product.
static MAKING: [Mutex<()>; 6] = [const { Mutex::new(()) }; 6];

impl Product {
    /// Builds it unless nothing has changed. Whoever wants it while another makes it waits for that one.
    pub(crate) fn ensure(self, layout: &Layout) -> Result<()> {
        let _making = self.making();
        match self {
            Console => {
                build_app::CONSOLE.ensure(layout)?;
                // Its folder was made anew.
                build_gateway::publish(layout)
            }
            Gallery => build_app::GALLERY.ensure(layout),
            Worker => build_worker::PRODUCTION.ensure(layout),
            Sandbox => build_worker::SANDBOX.ensure(layout),
            Gateway => Self::agent(layout, Which::Own),
            Gateways => {
                // One at a time: both may make the same program.
                let _other = Gateway.making();
                Self::agent(layout, Which::All)
            }
        }
    }

    /// Nobody else makes it meanwhile.
    fn making(self) -> Option<MutexGuard<'static, ()>> {
        MAKING.get(self as usize).map(|lock| lock.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn agent(layout: &Layout, which: Which) -> Result<()> {
        build_gateway::ensure(layout, which)?;
        // Not while the console's folder is put in its place.
        let _console = Console.making();
        build_gateway::publish(layout)
    }
}

/// Builds all of these.
pub(crate) fn ensure(layout: &Layout, wanted: &[Product]) -> Result<()> {
    thread::scope(|scope| {
        let threads: Vec<_> = LANES
            .map(|lane| {
                scope.spawn(move || chosen(lane, wanted).try_for_each(|product| product.ensure(layout)))
            })
            .into_iter()
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(anyhow!("a build was not run to its end")))
        })
    })
}

/// Builds these quietly while `work` is done. What fails is tried again by whoever [wants it](Product::ensure), and then
/// told.
pub(crate) fn ahead<T>(layout: &Layout, wanted: &[Product], work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        for lane in LANES {
            scope.spawn(move || {
                say::hush();
                chosen(lane, wanted).for_each(|product| drop(product.ensure(layout)));
            });
        }
        work()
    })
}

fn chosen(lane: &[Product], wanted: &[Product]) -> impl Iterator<Item = Product> {
    lane.iter().copied().filter(|product| wanted.contains(product))
}
