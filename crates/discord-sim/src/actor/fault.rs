//! Things that go wrong, on order.

use std::time::Duration;

use serde_json::{Value, json};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use super::sim::Sim;
use crate::config::Privileged;
use crate::gateway::alteration::Alteration;
use crate::gateway::session::Order;
use crate::interactions::Refusal;
use crate::rest::fault::{Fault, Lasting};
use crate::rest::reply::{Reply, Scope};

impl Sim {
    /// Requests that fit get this fault. A pattern is a method and a path below `/api/v10`: `POST /channels/*/messages`;
    /// `*` is one segment (or any method), `**` at the end the rest, so `* /**` is every request.
    pub fn order(&self, pattern: &str, fault: Fault, lasting: Lasting) {
        let hub = self.hub();
        hub.faults
            .order(pattern, fault, lasting, hub.clock.now_ms());
    }

    /// The next request that fits gets this answer, and has no effect.
    pub fn fail_next(&self, pattern: &str, status: u16, body: Value) {
        self.fail_times(pattern, status, body, 1);
    }

    /// [`Sim::fail_next`] for the next `times` requests.
    pub fn fail_times(&self, pattern: &str, status: u16, body: Value, times: usize) {
        let fault = Fault::Answer(Reply::json(status, body));
        self.order(pattern, fault, Lasting::Times(times));
    }

    /// The next request that fits has its effect, but its answer is this.
    pub fn fail_next_after_effect(&self, pattern: &str, status: u16, body: Value) {
        let fault = Fault::AnswerAfter(Reply::json(status, body));
        self.order(pattern, fault, Lasting::Times(1));
    }

    /// The next request that fits has its effect, and the connection ends without an answer.
    pub fn lose_next_answer(&self, pattern: &str) {
        self.order(pattern, Fault::CutAfter, Lasting::Times(1));
    }

    /// The next request that fits meets a 429 with this delay.
    pub fn rate_limit_next(&self, pattern: &str, retry_after: Duration) {
        let fault = Fault::Answer(Reply::limit(retry_after, Scope::User));
        self.order(pattern, fault, Lasting::Times(1));
    }

    /// For this long, Cloudflare answers the requests that fit with its own page (429, error 1015) instead of Discord,
    /// with the whole time of the block in `Retry-After`.
    pub fn block_by_cloudflare(&self, pattern: &str, time: Duration) {
        let fault = Fault::Answer(Reply::cloudflare_block(time));
        self.order(pattern, fault, Lasting::For(time));
    }

    /// All requests that fit wait this long before they have their effect, until [`Sim::clear_faults`].
    pub fn delay(&self, pattern: &str, by: Duration) {
        self.order(pattern, Fault::Delay(by), Lasting::Always);
    }

    /// All requests that fit have their effect at once and are answered this much later, until [`Sim::clear_faults`].
    pub fn answer_late(&self, pattern: &str, by: Duration) {
        self.order(pattern, Fault::Late(by), Lasting::Always);
    }

    /// How many requests of the last ten minutes were answered 401, 403 or 429. Discord locks a bot out at 10,000.
    #[must_use]
    pub fn invalid_requests(&self) -> usize {
        let hub = self.hub();
        hub.limits.invalid_requests(hub.clock.now_ms())
    }

    /// Forgets the orders of the methods above.
    pub fn clear_faults(&self) {
        self.hub().faults.clear();
    }

    /// The next event is sent twice, with two sequence numbers.
    pub fn duplicate_next_event(&self) {
        self.hub().world().sessions.duplicates += 1;
    }

    /// From now on events are altered on their way to the bot: their payload, or `false` loses one.
    pub fn alter_events(&self, alter: impl Fn(&str, &mut Value) -> bool + Send + Sync + 'static) {
        self.hub().world().sessions.alteration = Some(Alteration::new(alter));
    }

    /// The event that created this message is sent again.
    pub fn replay(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
    ) -> Result<(), Refusal> {
        let mut world = self.hub().world();
        let stored = world
            .message(channel.into(), message)
            .map_err(|_| Refusal::NoMessage)?
            .clone();
        world.announce(&stored);
        Ok(())
    }

    /// Asks every session to reconnect (op 7).
    pub fn send_reconnect(&self) {
        self.order_all(&Order::Send(json!({"op": 7, "d": null}).to_string()));
    }

    /// Declares every session invalid (op 9).
    pub fn invalidate_sessions(&self, resumable: bool) {
        self.order_all(&Order::Send(json!({"op": 9, "d": resumable}).to_string()));
        if !resumable {
            self.hub().world().sessions.by_id.clear();
        }
    }

    /// Ends every connection: with a close code, or without a word.
    pub fn drop_connections(&self, code: Option<u16>) {
        self.order_all(&code.map_or(Order::Drop, Order::Close));
    }

    /// While muted, events are kept for a resume but not sent: what happens meanwhile is missed.
    pub fn mute_gateway(&self, muted: bool) {
        self.hub().world().sessions.muted = muted;
    }

    /// While deaf, heartbeats stay unanswered: the client must notice that the connection is dead.
    pub fn ignore_heartbeats(&self, deaf: bool) {
        self.hub().world().sessions.deaf = deaf;
    }

    /// Switches privileged intents of the application on and off, for sessions to come.
    pub fn set_privileged(&self, privileged: Privileged) {
        self.hub().world().bot.flags = privileged.flags();
    }

    /// Gives the bot a new token, which makes the old one wrong.
    pub fn reset_token(&self, token: &str) {
        token.clone_into(&mut self.hub().world().bot.token);
    }

    /// Skips time in the simulated world: tokens and limits expire.
    pub fn advance(&self, by: Duration) {
        self.hub().clock.advance(by);
    }

    fn order_all(&self, order: &Order) {
        let world = self.hub().world();
        for session in world.sessions.by_id.values() {
            if let Some(link) = &session.link {
                // A connection that just ended needs no order.
                let _ = link.send(order.clone());
            }
        }
    }
}
