//! TLS as TDS has it (MS-TDS 2.2.6.5): agreed on in the first message, its handshake within packets.
//!
//! The driver knows nothing of it: it speaks over a stream that is encrypted already, and gets the server's first answer
//! as if the server could not encrypt. So TLS is the agent's own everywhere, with the same authorities.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use drawbridge_contract::link::FailureCode;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};

use crate::config::Encryption;
use crate::net::{Stream, Tls, Wire};
use crate::targets::Fault;

/// The length of a packet's head.
const HEAD: usize = 8;
/// A packet of the first message, and of a TLS handshake.
const PRELOGIN: u8 = 0x12;
/// How an answer's packets begin.
const ANSWER: u8 = 0x04;
/// The last packet of a message.
const LAST: u8 = 0x01;
/// The largest packet that is sent before a size is agreed on.
const PACKET_MOST: usize = 4096;
/// The place of the byte about encryption among the options, and what it says.
const ENCRYPTION: u8 = 1;
const ENCRYPT_ON: u8 = 1;
const NOT_SUPPORTED: u8 = 2;
const ENCRYPT_REQUIRED: u8 = 3;

/// A stream over which the driver may speak.
pub(super) async fn open<S: Wire + 'static>(
    stream: S,
    host: &str,
    tls: &Tls,
    encryption: Encryption,
) -> Result<Stream, Fault> {
    match encryption {
        Encryption::Off => Ok(Box::new(stream)),
        Encryption::Strict => {
            let (mut stream, _) = tls.agreeing(b"tds/8.0").over(host, stream).await?;
            let answer = first(&mut stream, ENCRYPT_REQUIRED).await?;
            Ok(Box::new(Known { stream, answer: told(&answer)?, swallowed: Vec::new() }))
        }
        Encryption::Required => {
            let mut stream = stream;
            let answer = first(&mut stream, ENCRYPT_ON).await?;
            if !matches!(option(&answer).map(|(_, said)| said), Some(ENCRYPT_ON | ENCRYPT_REQUIRED)) {
                return Err(Fault::before(FailureCode::TargetTls, "the database does not encrypt"));
            }
            let plain = Arc::new(AtomicBool::new(false));
            let wrapped = Wrapped {
                stream,
                plain: Arc::clone(&plain),
                left: 0,
                head: Vec::new(),
                out: BytesMut::new(),
            };
            let (stream, _) = tls.over(host, wrapped).await?;
            plain.store(true, Ordering::Release);
            Ok(Box::new(Known { stream, answer: told(&answer)?, swallowed: Vec::new() }))
        }
    }
}

fn broke(fault: io::Error) -> Fault {
    Fault::before(
        FailureCode::TargetUnreachable,
        format!("the database broke off at its first message: {fault}"),
    )
}

fn nonsense() -> Fault {
    Fault::before(FailureCode::TargetUnreachable, "what listens there does not speak TDS")
}

/// Says the first message and reads what is answered: the whole packet.
async fn first<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, encryption: u8) -> Result<Vec<u8>, Fault> {
    // Version, encryption, instance, thread, several results at a time: each with its place and length.
    let options: [(u8, &[u8]); 5] =
        [(0, &[0; 6]), (ENCRYPTION, &[encryption]), (2, &[0]), (3, &[0; 4]), (4, &[0])];
    let (mut table, mut data) = (Vec::new(), Vec::<u8>::new());
    let begin = options.len() * 5 + 1;
    for (option, value) in options {
        table.push(option);
        table.extend(u16::try_from(begin + data.len()).unwrap_or_default().to_be_bytes());
        table.extend(u16::try_from(value.len()).unwrap_or_default().to_be_bytes());
        data.extend(value);
    }
    table.push(0xff);
    table.extend(data);
    stream.write_all(&packet(&table)).await.map_err(broke)?;
    stream.flush().await.map_err(broke)?;
    let mut head = [0; HEAD];
    stream.read_exact(&mut head).await.map_err(broke)?;
    let [kind, status, high, low, ..] = head;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if kind != ANSWER || status & LAST == 0 || !(HEAD..=PACKET_MOST).contains(&length) {
        return Err(nonsense());
    }
    let mut whole = head.to_vec();
    whole.resize(length, 0);
    stream.read_exact(whole.get_mut(HEAD..).unwrap_or_default()).await.map_err(broke)?;
    option(&whole).ok_or_else(nonsense)?;
    Ok(whole)
}

fn packet(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + HEAD).unwrap_or_default().to_be_bytes();
    let mut packet = vec![PRELOGIN, LAST];
    packet.extend(length);
    packet.extend([0, 0, 1, 0]);
    packet.extend(data);
    packet
}

/// Where an answer says about encryption what it does.
fn option(answer: &[u8]) -> Option<(usize, u8)> {
    let body = answer.get(HEAD..)?;
    for entry in body.chunks(5) {
        let &[option, high, low, ..] = entry else { return None };
        match option {
            0xff => return None,
            ENCRYPTION => {
                let at = usize::from(u16::from_be_bytes([high, low]));
                return Some((at + HEAD, *body.get(at)?));
            }
            _ => {}
        }
    }
    None
}

/// The answer as the driver is to have it.
fn told(answer: &[u8]) -> Result<Bytes, Fault> {
    let mut told = answer.to_vec();
    let (at, _) = option(answer).ok_or_else(nonsense)?;
    *told.get_mut(at).ok_or_else(nonsense)? = NOT_SUPPORTED;
    Ok(told.into())
}

/// A stream whose bytes go in packets until its TLS handshake is over.
struct Wrapped<S> {
    stream: S,
    plain: Arc<AtomicBool>,
    /// How much of a packet is still to be read.
    left: usize,
    head: Vec<u8>,
    out: BytesMut,
}

impl<S: AsyncWrite + Unpin> Wrapped<S> {
    fn drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.out.is_empty() {
            let count = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.out))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.out.advance(count);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wrapped<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        // What is left of a packet is read as such even when the handshake is over meanwhile.
        if this.left == 0 && this.head.is_empty() && this.plain.load(Ordering::Acquire) {
            return Pin::new(&mut this.stream).poll_read(cx, buffer);
        }
        while this.left == 0 {
            let mut byte = [0];
            let mut one = ReadBuf::new(&mut byte);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut one))?;
            if one.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.head.extend(one.filled());
            if let &[_, _, high, low, ..] = this.head.as_slice()
                && this.head.len() == HEAD
            {
                let length = usize::from(u16::from_be_bytes([high, low]));
                this.left = length.checked_sub(HEAD).ok_or(io::ErrorKind::InvalidData)?;
                this.head.clear();
            }
        }
        let most = this.left.min(buffer.remaining());
        let mut part = vec![0; most];
        let mut read = ReadBuf::new(&mut part);
        ready!(Pin::new(&mut this.stream).poll_read(cx, &mut read))?;
        this.left -= read.filled().len();
        buffer.put_slice(read.filled());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wrapped<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        ready!(this.drain(cx))?;
        if this.plain.load(Ordering::Acquire) {
            return Pin::new(&mut this.stream).poll_write(cx, bytes);
        }
        let part = bytes.get(..bytes.len().min(PACKET_MOST - HEAD)).unwrap_or_default();
        this.out.extend(packet(part));
        Poll::Ready(Ok(part.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.drain(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.drain(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A stream on which the first message was said already: the driver's own is swallowed, and answered.
struct Known {
    stream: Stream,
    answer: Bytes,
    swallowed: Vec<u8>,
}

impl Known {
    /// How much of the driver's first message is still to come, as far as is known.
    fn missing(&self) -> usize {
        match self.swallowed.as_slice() {
            &[_, _, high, low, ..] => {
                usize::from(u16::from_be_bytes([high, low])).saturating_sub(self.swallowed.len())
            }
            short => HEAD - short.len(),
        }
    }
}

impl AsyncRead for Known {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.answer.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buffer);
        }
        let most = self.answer.len().min(buffer.remaining());
        let part = self.answer.split_to(most);
        buffer.put_slice(&part);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Known {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let missing = self.missing();
        if missing == 0 {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        }
        let part = bytes.get(..bytes.len().min(missing)).unwrap_or_default();
        self.swallowed.extend_from_slice(part);
        Poll::Ready(Ok(part.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
