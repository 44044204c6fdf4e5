//! Puts a body on the socket: paced by delta, cut at bytes, broken or left hanging where a fault says so.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;

use crate::fault::Fault;
use crate::reply::Reply;

/// A piece of the body. `paced` pieces wait for their turn, the others go out with what stands before them.
pub(crate) struct Frame {
    pub(crate) bytes: Vec<u8>,
    pub(crate) paced: bool,
}

/// One write to the socket, and the wait before it.
struct Write {
    wait: Duration,
    bytes: Bytes,
}

enum Last {
    End,
    Cut,
    Hang,
}

/// The streamed body of a reply.
pub(crate) fn streamed(reply: &Reply, frames: Vec<Frame>) -> Body {
    let (limit, last) = match reply.fault {
        Some(Fault::CutAfter(bytes)) => (bytes, Last::Cut),
        Some(Fault::HangAfter(bytes)) => (bytes, Last::Hang),
        _ => (usize::MAX, Last::End),
    };
    let writes = writes(reply, frames, limit);
    let state = (writes.into_iter(), last);
    Body::from_stream(stream::unfold(Some(state), async |state| {
        let (mut writes, last) = state?;
        if let Some(write) = writes.next() {
            if write.wait.is_zero() {
                // Lets the connection flush, so that one write is one packet's worth and a cut comes after its bytes.
                tokio::task::yield_now().await;
            } else {
                tokio::time::sleep(write.wait).await;
            }
            return Some((Ok(write.bytes), Some((writes, last))));
        }
        match last {
            Last::End => None,
            Last::Cut => {
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
            }
            Last::Hang => match std::future::pending::<Infallible>().await {},
        }
    }))
}

fn writes(reply: &Reply, frames: Vec<Frame>, limit: usize) -> Vec<Write> {
    let mut writes: Vec<Write> = Vec::new();
    let mut wait = reply.before_first;
    let mut left = limit;
    for frame in frames {
        if frame.paced && !writes.is_empty() {
            wait += reply.between;
        }
        let bytes = &frame.bytes[..frame.bytes.len().min(left)];
        left -= bytes.len();
        for piece in bytes.chunks(reply.wire_bytes.unwrap_or(usize::MAX)) {
            writes.push(Write {
                wait,
                bytes: Bytes::copy_from_slice(piece),
            });
            wait = Duration::ZERO;
        }
    }
    writes
}
