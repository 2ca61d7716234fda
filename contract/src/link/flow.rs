//! Flow control: nobody sends more of a body than the other side has room for.
//!
//! Each direction of each call begins with [`WINDOW`] bytes of credit. Data uses it up; what the receiver has passed on
//! it gives back. A slow reader so stalls its own call and no other one.

use super::{CREDIT_MOST, WINDOW};

/// The other side broke the rules of flow control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowFault {
    /// More was sent than there was credit for.
    Overrun,
    /// More credit was given than may stand.
    Overflow,
}

/// The sender's half: how much may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing {
    credit: u32,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self { credit: WINDOW }
    }
}

impl Outgoing {
    /// What may be sent now.
    pub const fn credit(&self) -> u32 {
        self.credit
    }

    /// Takes as much credit as there is, at most `wanted` bytes, and tells how much it was.
    pub fn take(&mut self, wanted: usize) -> usize {
        let wanted = u32::try_from(wanted).unwrap_or(u32::MAX).min(self.credit);
        self.credit -= wanted;
        usize::try_from(wanted).unwrap_or_default()
    }

    /// The other side has room for more.
    pub fn grant(&mut self, bytes: u32) -> Result<(), FlowFault> {
        match self.credit.checked_add(bytes) {
            Some(credit) if credit <= CREDIT_MOST => {
                self.credit = credit;
                Ok(())
            }
            _ => Err(FlowFault::Overflow),
        }
    }
}

/// The receiver's half: how much may come, and when to give more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incoming {
    window: u32,
    /// What the other side may still send.
    allowed: u32,
    /// What was passed on and not given back yet.
    passed: u32,
}

impl Default for Incoming {
    fn default() -> Self {
        Self { window: WINDOW, allowed: WINDOW, passed: 0 }
    }
}

impl Incoming {
    /// A receiver with room for `window` bytes, and the credit to give at once. Never less than [`WINDOW`]: that is
    /// what the sender begins with.
    pub fn with_window(window: u32) -> (Self, Option<u32>) {
        let window = window.clamp(WINDOW, CREDIT_MOST);
        let more = window - WINDOW;
        (Self { window, allowed: window, passed: 0 }, (more > 0).then_some(more))
    }

    /// What the other side may still send.
    pub const fn allowed(&self) -> u32 {
        self.allowed
    }

    /// So much came.
    pub fn received(&mut self, bytes: usize) -> Result<(), FlowFault> {
        let left = u32::try_from(bytes).ok().and_then(|bytes| self.allowed.checked_sub(bytes));
        self.allowed = left.ok_or(FlowFault::Overrun)?;
        Ok(())
    }

    /// So much of what came was passed on. Answers with the credit to give; in large steps, so that small reads do not
    /// each cost a frame.
    pub fn passed_on(&mut self, bytes: usize) -> Option<u32> {
        let held = self.window - self.allowed - self.passed;
        self.passed += u32::try_from(bytes).unwrap_or(u32::MAX).min(held);
        if self.passed < self.window / 2 {
            return None;
        }
        let credit = std::mem::take(&mut self.passed);
        self.allowed += credit;
        Some(credit)
    }
}
