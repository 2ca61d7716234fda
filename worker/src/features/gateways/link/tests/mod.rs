//! Agents as a test wants them.
