//! Everything that has to be there before the first build.

use anyhow::Result;

use crate::layout::Layout;
use crate::{npm, tools};

/// Brings what is missing; takes a moment when nothing is.
pub(crate) fn ensure(layout: &Layout) -> Result<()> {
    npm::ensure(layout)?;
    tools::ensure(layout)
}
