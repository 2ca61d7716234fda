//! Makes a connection: name, socket, proxy, TLS, each with its own fault.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::{Address, NetFault, Proxy, Stream, Tls};

/// How long one address has to answer. Short: a link that cannot come about has to be tried again soon.
const CONNECT_MOST: Duration = Duration::from_secs(4);
/// How long proxy and TLS each have.
const STEP_MOST: Duration = Duration::from_secs(8);

/// A connection to an address, through the proxy if there is one, with TLS if the address says so.
pub(crate) async fn dial(to: &Address, proxy: Option<&Proxy>, tls: &Tls) -> Result<Stream, NetFault> {
    dial_seen(to, proxy, tls).await.map(|(stream, _)| stream)
}

/// The same, and the hash of the other side's certificate.
pub(crate) async fn dial_seen(
    to: &Address,
    proxy: Option<&Proxy>,
    tls: &Tls,
) -> Result<(Stream, Option<Vec<u8>>), NetFault> {
    let first = proxy.map_or(to, |proxy| &proxy.address);
    let mut stream: Stream = Box::new(tcp(&first.host, first.port).await?);
    if let Some(proxy) = proxy {
        if proxy.address.tls {
            (stream, _) = step("TLS with the proxy", tls.over(&proxy.address.host, stream)).await?;
        }
        step("the proxy", proxy.pass(&mut stream, to)).await?;
    }
    if to.tls {
        return step("TLS", tls.over(&to.host, stream)).await;
    }
    Ok((stream, None))
}

async fn step<T>(what: &str, doing: impl Future<Output = Result<T, NetFault>>) -> Result<T, NetFault> {
    let late = |_| NetFault::Unreachable(format!("{what} did not answer within {} s", STEP_MOST.as_secs()));
    timeout(STEP_MOST, doing).await.map_err(late)?
}

/// A socket to the first of a name's addresses that answers.
pub(crate) async fn tcp(host: &str, port: u16) -> Result<TcpStream, NetFault> {
    let mut last = NetFault::Name(format!("{host} has no address"));
    for address in names(host, port).await? {
        last = match timeout(CONNECT_MOST, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small frames must not wait for others. A socket that cannot do it still works.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(fault)) => NetFault::Unreachable(format!("{host} ({address}) cannot be reached: {fault}")),
            Err(_) => NetFault::Unreachable(format!(
                "{host} ({address}) does not answer within {} s; a firewall may be in between",
                CONNECT_MOST.as_secs()
            )),
        };
    }
    Err(last)
}

/// The addresses of a name.
pub(crate) async fn names(host: &str, port: u16) -> Result<Vec<SocketAddr>, NetFault> {
    match timeout(STEP_MOST, lookup_host((host, port))).await {
        Ok(Ok(found)) => Ok(found.collect()),
        Ok(Err(fault)) => Err(NetFault::Name(format!("the name {host} cannot be resolved: {fault}"))),
        Err(_) => Err(NetFault::Name(format!("the name {host} cannot be resolved: no answer from the DNS"))),
    }
}
