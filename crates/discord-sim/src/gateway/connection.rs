//! One connection: hello, heartbeats, what the bot says, and what it is told.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;
use twilight_model::gateway::{CloseCode, OpCode};

use super::compression::Packer;
use super::session::Order;
use super::{Wish, handshake, member_list};
use crate::Hub;
use crate::state::Observed;

/// The largest payload that a bot may send.
const MAX_PAYLOAD: usize = 4_096;
/// How many payloads a bot may send in [`SEND_WINDOW`].
const MAX_SENDS: usize = 120;
const SEND_WINDOW: Duration = Duration::from_secs(60);
/// How many heartbeats may be missed before the connection counts as dead.
const PATIENCE: u32 = 2;

/// What is known of one connection.
pub struct Connection {
    /// The simulator.
    pub hub: Arc<Hub>,
    /// How others reach this connection.
    pub orders: mpsc::UnboundedSender<Order>,
    /// The session, once there is one.
    pub session: Option<String>,
}

/// What becomes of the connection after a payload.
pub type Verdict = Result<(), CloseCode>;

/// Serves one connection until its end.
pub async fn run(hub: Arc<Hub>, wish: Wish, socket: WebSocket) {
    let (orders, inbox) = mpsc::unbounded_channel();
    let mut connection = Connection {
        hub,
        orders,
        session: None,
    };
    let clean = talk(&mut connection, &wish, socket, inbox).await;
    connection.detach(clean);
}

/// Returns whether the client closed so that its session ends (1000 or 1001).
async fn talk(
    connection: &mut Connection,
    wish: &Wish,
    mut socket: WebSocket,
    mut inbox: mpsc::UnboundedReceiver<Order>,
) -> bool {
    let mut packer = Packer::new(wish.compress.as_deref());
    if let Some(code) = refusal(wish) {
        close(&mut socket, code as u16).await;
        return false;
    }
    let interval = connection.hub.config.heartbeat_interval_ms;
    connection.send(json!({"op": 10, "d": {"heartbeat_interval": interval}}));
    let patience = Duration::from_millis(interval) * PATIENCE;
    let mut deadline = Instant::now() + patience;
    let mut sends: Vec<Instant> = Vec::new();
    loop {
        tokio::select! {
            order = inbox.recv() => match order {
                Some(Order::Send(text)) => {
                    let Some(frame) = packer.frame(text) else { return false };
                    if socket.send(frame).await.is_err() {
                        return false;
                    }
                }
                Some(Order::Close(code)) => {
                    close(&mut socket, code).await;
                    return false;
                }
                Some(Order::Drop) | None => return false,
            },
            frame = socket.next() => {
                let text = match frame {
                    Some(Ok(Message::Text(text))) => text.to_string(),
                    Some(Ok(Message::Binary(bytes))) => String::from_utf8_lossy(&bytes).into_owned(),
                    Some(Ok(Message::Close(frame))) => {
                        return frame.is_some_and(|frame| matches!(frame.code, 1000 | 1001));
                    }
                    Some(Ok(_)) => continue,
                    Some(Err(_)) | None => return false,
                };
                sends.retain(|at| at.elapsed() < SEND_WINDOW);
                sends.push(Instant::now());
                let verdict = if sends.len() > MAX_SENDS {
                    Err(CloseCode::RateLimited)
                } else {
                    connection.hear(&text, &mut deadline, patience)
                };
                if let Err(code) = verdict {
                    close(&mut socket, code as u16).await;
                    return false;
                }
            }
            () = tokio::time::sleep_until(deadline) => {
                close(&mut socket, CloseCode::SessionTimedOut as u16).await;
                return false;
            }
        }
    }
}

fn refusal(wish: &Wish) -> Option<CloseCode> {
    if wish.v.is_some_and(|version| !matches!(version, 9 | 10)) {
        return Some(CloseCode::InvalidApiVersion);
    }
    let encoding = wish.encoding.as_deref().unwrap_or("json");
    (encoding != "json").then_some(CloseCode::DecodeError)
}

async fn close(socket: &mut WebSocket, code: u16) {
    let reason = CloseCode::try_from(code).map_or_else(|_| String::new(), |code| code.to_string());
    // The client may be gone already, and then there is nobody to tell.
    let _ = socket
        .send(Message::Close(Some(CloseFrame {
            code,
            reason: reason.into(),
        })))
        .await;
    let _ = socket.flush().await;
}

impl Connection {
    /// Sends a payload in its turn.
    pub fn send(&self, payload: Value) {
        let _ = self.orders.send(Order::Send(payload.to_string()));
    }

    fn hear(&mut self, text: &str, deadline: &mut Instant, patience: Duration) -> Verdict {
        if text.len() > MAX_PAYLOAD {
            return Err(CloseCode::DecodeError);
        }
        let payload: Value = serde_json::from_str(text).map_err(|_| CloseCode::DecodeError)?;
        let op = payload["op"].as_u64().and_then(|op| u8::try_from(op).ok());
        let op = op.ok_or(CloseCode::DecodeError)?;
        match OpCode::from(op) {
            Some(OpCode::Heartbeat) => {
                *deadline = Instant::now() + patience;
                if !self.hub.world().sessions.deaf {
                    self.send(json!({"op": 11}));
                }
                Ok(())
            }
            Some(OpCode::Identify) => handshake::identify(self, &payload),
            Some(OpCode::Resume) => handshake::resume(self, &payload),
            Some(OpCode::RequestGuildMembers) if self.session.is_some() => {
                member_list::answer(self, &payload)
            }
            // Presence and voice are heard, and have no effect here.
            Some(OpCode::PresenceUpdate | OpCode::VoiceStateUpdate) if self.session.is_some() => {
                Ok(())
            }
            Some(op) if op.is_sent() => Err(CloseCode::NotAuthenticated),
            _ => Err(CloseCode::UnknownOpcode),
        }
    }

    /// The connection is over. Its session waits for a resume, unless the client ended it.
    fn detach(&self, clean: bool) {
        let Some(id) = &self.session else { return };
        let mut world = self.hub.world();
        let Some(session) = world.sessions.by_id.get_mut(id) else {
            return;
        };
        let mine = session
            .link
            .as_ref()
            .is_some_and(|link| link.same_channel(&self.orders));
        if !mine {
            return;
        }
        session.link = None;
        if clean {
            world.sessions.by_id.remove(id);
        }
        world.tell(Observed::SessionLost);
    }
}
