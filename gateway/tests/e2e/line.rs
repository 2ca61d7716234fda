//! A line to a port of this machine on which everything can go wrong that goes wrong with lines.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

/// What happens to bytes on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing.
    Fair,
    /// They get lost, and nobody hears of it, not even of an end.
    Hole,
    /// They come so much later.
    Slow(Duration),
    /// What TCP makes of lost packets: for a while nothing comes, then all of it.
    Bursts(Duration),
}

/// How connections that stand are ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// As if both sides had closed them.
    Cut,
    /// By a reset.
    Reset,
    /// Never: they stay a hole, whatever the weather.
    Buried,
}

#[derive(Debug, Clone, Copy)]
struct State {
    weather: Weather,
    /// Connections that are older than this one have ended so.
    born: usize,
    end: End,
}

/// A line.
pub(crate) struct Line {
    pub(crate) port: u16,
    to: u16,
    state: Arc<watch::Sender<State>>,
    /// Connections that were taken so far.
    taken: Arc<AtomicUsize>,
    listening: Option<tokio::task::JoinHandle<()>>,
}

impl Line {
    /// A line to a port, in fair weather.
    pub(crate) fn to(port: u16) -> Self {
        let state = State { weather: Weather::Fair, born: 0, end: End::Cut };
        let mut line = Self {
            port: 0,
            to: port,
            state: Arc::new(watch::Sender::new(state)),
            taken: Arc::default(),
            listening: None,
        };
        line.back();
        line
    }

    /// As an origin.
    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on the weather is so.
    pub(crate) fn weather(&self, weather: Weather) {
        self.state.send_modify(|state| state.weather = weather);
    }

    fn end(&self, end: End) {
        self.state.send_modify(|state| {
            state.born = self.taken.load(Ordering::SeqCst);
            state.end = end;
        });
    }

    /// Ends every connection.
    pub(crate) fn cut(&self) {
        self.end(End::Cut);
    }

    /// Resets every connection.
    pub(crate) fn reset(&self) {
        self.end(End::Reset);
    }

    /// Every connection is a hole for ever; new ones are not.
    pub(crate) fn bury(&self) {
        self.end(End::Buried);
    }

    /// Nobody listens any more, and every connection ends.
    pub(crate) async fn away(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            let _ = listening.await;
        }
        self.cut();
    }

    /// Somebody listens again, on the same port.
    pub(crate) fn back(&mut self) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(([127, 0, 0, 1], self.port).into()).unwrap();
        let listener = socket.listen(64).unwrap();
        self.port = listener.local_addr().unwrap().port();
        self.listening =
            Some(tokio::spawn(take(listener, self.to, Arc::clone(&self.state), Arc::clone(&self.taken))));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

async fn take(listener: TcpListener, to: u16, state: Arc<watch::Sender<State>>, taken: Arc<AtomicUsize>) {
    while let Ok((near, _)) = listener.accept().await {
        let number = taken.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(carry(near, to, number, state.subscribe()));
    }
}

/// One connection, until it ends by itself or is ended.
async fn carry(mut near: TcpStream, to: u16, number: usize, mut state: watch::Receiver<State>) {
    let Ok(mut far) = TcpStream::connect(("127.0.0.1", to)).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let (there, back) = (state.clone(), state.clone());
    let end = {
        let ((from, back_to), (back_from, to)) = (near.split(), far.split());
        let both = async {
            tokio::join!(one_way(from, to, number, there), one_way(back_from, back_to, number, back))
        };
        tokio::select! {
            _ = both => return,
            end = ended(number, &mut state) => end,
        }
    };
    if end == End::Reset {
        let _ = (near.set_zero_linger(), far.set_zero_linger());
    }
}

/// Waits until a connection is ended, and says how.
async fn ended(number: usize, state: &mut watch::Receiver<State>) -> End {
    let end = state.wait_for(|state| number < state.born).await.map_or(End::Cut, |state| state.end);
    if end == End::Buried {
        std::future::pending::<()>().await;
    }
    end
}

async fn one_way(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    number: usize,
    mut state: watch::Receiver<State>,
) {
    let (sender, mut pieces) = mpsc::channel::<(Instant, Bytes)>(64);
    let begin = Instant::now();
    let weather = state.clone();
    let reading = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = from.read(&mut buffer).await.unwrap_or_default();
            let now = Instant::now();
            let due = match weather.borrow().weather {
                Weather::Fair | Weather::Hole => now,
                Weather::Slow(by) => now + by,
                Weather::Bursts(every) => {
                    let past = (now - begin).as_nanos() % every.as_nanos();
                    now + every - Duration::from_nanos(u64::try_from(past).unwrap())
                }
            };
            // An empty piece is the end.
            let piece = Bytes::copy_from_slice(&buffer[..read]);
            if sender.send((due, piece)).await.is_err() || read == 0 {
                return;
            }
        }
    };
    let writing = async {
        while let Some((due, piece)) = pieces.recv().await {
            sleep_until(due).await;
            let open = |state: &State| {
                state.weather != Weather::Hole && !(state.end == End::Buried && number < state.born)
            };
            if state.wait_for(open).await.is_err() || piece.is_empty() || to.write_all(&piece).await.is_err()
            {
                break;
            }
        }
        pieces.close();
        let _ = to.shutdown().await;
    };
    tokio::join!(reading, writing);
}
