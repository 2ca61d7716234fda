//! The agent with systems that are not ours: `npm test -- "agent with real systems"` brings them and says where they are.

mod mariadb;
mod ntlm;
mod postgres;
mod server;
mod sqlserver;
mod squid;

use drawbridge_contract::link::messages::{Call, CallKind, Failure};
use drawbridge_contract::link::proof::unhex;
use drawbridge_contract::link::sealed::{Credentials, Purpose, seal};
use drawbridge_contract::link::sql::SqlError;
use drawbridge_domain::id::{ConnectionId, GatewayId, ReplicaId, RequestId};
use serde_json::Value;

use crate::peer::{Link, Peer};

fn call(target: &str, kind: CallKind, credentials: Option<String>) -> Call {
    Call {
        request: RequestId::new(3, [0; 10]),
        connection: ConnectionId::new(4, [0; 10]),
        target: target.to_owned(),
        deadline: 30_000,
        kind,
        http: None,
        credentials,
    }
}

/// What a question brings: the body, or what the database has against it.
type Told = Result<Result<Value, SqlError>, Failure>;

/// Asks a database.
async fn ask(link: &mut Link, call: &Call, question: &Value) -> Told {
    let (head, body) = link.call(call, question.to_string().as_bytes()).await?;
    Ok(match head.sql.unwrap().error {
        Some(error) => {
            assert!(body.is_empty());
            Err(error)
        }
        None => Ok(serde_json::from_slice(&body).unwrap()),
    })
}

/// A question that is answered.
async fn told(link: &mut Link, call: &Call, question: Value) -> Value {
    ask(link, call, &question).await.unwrap().unwrap()
}

/// A question that the database has something against.
async fn against(link: &mut Link, call: &Call, question: Value) -> SqlError {
    ask(link, call, &question).await.unwrap().unwrap_err()
}

/// Credentials as a browser seals them for the agent at the other end.
fn sealed(link: &Link, peer: &Peer, target: &str, username: &str, password: &str) -> String {
    let key = unhex(link.hello().sealing.as_ref().unwrap()).unwrap();
    let (gateway, replica) = (GatewayId::new(1, [0; 10]), ReplicaId::new(2, [0; 10]));
    let server = peer.origin();
    let purpose = Purpose { server: &server, gateway: &gateway, replica: &replica, target };
    let credentials =
        Credentials { username: Some(username.to_owned()), password: Some(password.to_owned()), token: None };
    seal(&key, &purpose, &credentials, |bytes| getrandom::fill(bytes).unwrap()).unwrap()
}
