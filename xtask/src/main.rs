//! Build, start, check, test, bench.

fn main() {}
