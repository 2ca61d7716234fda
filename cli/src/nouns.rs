//! The commands, a file for each noun.

pub(crate) mod apps;
pub(crate) mod audit;
pub(crate) mod completion;
pub(crate) mod connections;
pub(crate) mod connectors;
mod credentials;
pub(crate) mod gateways;
pub(crate) mod groups;
pub(crate) mod login;
pub(crate) mod oauth_clients;
pub(crate) mod profiles;
pub(crate) mod tokens;
pub(crate) mod users;

use crate::args::Command;
use crate::fault::Fault;
use crate::session::Session;

/// Carries out a command that asks the server.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::Whoami => login::who(session),
        Command::Connections(command) => connections::run(command, session),
        Command::Connectors(command) => connectors::run(command, session),
        Command::OAuthClients(command) => oauth_clients::run(command, session),
        Command::Apps(command) => apps::run(command, session),
        Command::Tokens(command) => tokens::run(command, session),
        Command::Gateways(command) => gateways::run(command, session),
        Command::Users(command) => users::run(command, session),
        Command::Groups(command) => groups::run(command, session),
        Command::Audit(command) => audit::run(command, session),
        // These ask no server, or ask it before there is a session.
        Command::Login(_) | Command::Logout | Command::Profiles(_) | Command::Completion(_) => Ok(()),
    }
}
