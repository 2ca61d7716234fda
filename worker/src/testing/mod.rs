//! The ports for native tests: SQLite with the same migrations, a clock that is set, random bytes from a seed, a
//! provider that answers what the test says.

mod authorities;
pub(crate) mod chain;
mod credentials;
mod fakes;
mod gateways;
mod harness;
mod interrupt;
mod signatures;
mod sqlite;

pub(crate) use authorities::TestAuthorities;
pub(crate) use credentials::NewToken;
pub(crate) use fakes::{FakeOutward, SeededRandom, TestClock, TestFeeds, TestKeepers, TestLog, in_pieces};
pub(crate) use gateways::TestGateways;
pub(crate) use harness::{Browser, Harness, ORIGIN, PASSWORD, SETUP_CODE, TestAnswer, Typed, set_up_body};
pub(crate) use interrupt::Interrupt;
pub(crate) use signatures::{PureSignatures, Signer};
pub(crate) use sqlite::Sqlite;
