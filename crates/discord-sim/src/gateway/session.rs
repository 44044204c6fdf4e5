//! The bot's sessions: what each was sent, so that it can be replayed, and the connection it has at the moment.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;
use tokio::sync::mpsc;
use twilight_model::gateway::Intents;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::alteration::Alteration;
use crate::state::event::withhold;

/// How many events a session keeps for a resume.
const REPLAY_LENGTH: usize = 4_096;

/// An event before it has a sequence number.
#[derive(Clone, Debug)]
pub struct Dispatch<'a> {
    /// Such as `MESSAGE_CREATE`.
    pub name: &'a str,
    /// The `d` of the payload.
    pub payload: Value,
    /// One of these intents is needed; empty for none.
    pub needed: Intents,
    /// Which server, which decides the shard.
    pub guild: Option<Id<GuildMarker>>,
    /// Whether the content is withheld from sessions without the message-content intent.
    pub withheld: bool,
}

/// What a connection is told to do.
#[derive(Clone, Debug)]
pub enum Order {
    /// Send this text.
    Send(String),
    /// Close with this code.
    Close(u16),
    /// Drop the connection without a word.
    Drop,
}

/// How much of a server's members GUILD_CREATE brings to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filling {
    /// Whether the session has the presences intent.
    pub presences: bool,
    /// From how many members on a server is large: 50 to 250, as IDENTIFY says (developer documentation, Gateway
    /// Events › Identify).
    pub large_threshold: u64,
}

/// One session of the bot.
#[derive(Debug)]
pub struct Session {
    /// What it may hear.
    pub intents: Intents,
    /// Its number and how many there are.
    pub shard: [u32; 2],
    /// The number of the last event.
    pub sequence: u64,
    /// The last events with their numbers.
    pub sent: VecDeque<(u64, String)>,
    /// The connection, while there is one.
    pub link: Option<mpsc::UnboundedSender<Order>>,
    /// What it is told of members.
    pub filling: Filling,
}

/// All sessions.
#[derive(Debug, Default)]
pub struct Sessions {
    /// By session id.
    pub by_id: BTreeMap<String, Session>,
    /// How many further copies of the next event are sent (a fault).
    pub duplicates: u32,
    /// Whether events are lost on their way (a fault): kept for a resume, but not sent.
    pub muted: bool,
    /// Whether heartbeats stay unanswered (a fault).
    pub deaf: bool,
    /// What is done to events on their way (a fault).
    pub alteration: Option<Alteration>,
    /// How many IDENTIFYs there were.
    pub identified: u32,
}

impl Sessions {
    /// Gives an event to each session that may have it.
    pub fn dispatch(&mut self, event: &Dispatch<'_>) {
        let copies = 1 + std::mem::take(&mut self.duplicates);
        let altered = match &self.alteration {
            Some(alteration) => match alteration.apply(event.name, &event.payload) {
                Some(payload) => payload,
                None => return,
            },
            None => event.payload.clone(),
        };
        let event = &Dispatch {
            payload: altered,
            ..event.clone()
        };
        let muted = self.muted;
        for session in self.by_id.values_mut() {
            if session.wants(event) {
                for _ in 0..copies {
                    session.push(event, muted);
                }
            }
        }
    }
}

impl Sessions {
    /// Gives an event to one session, if it may have it.
    pub fn dispatch_to(&mut self, id: &str, event: &Dispatch<'_>) {
        let muted = self.muted;
        if let Some(session) = self.by_id.get_mut(id)
            && session.wants(event)
        {
            session.push(event, muted);
        }
    }
}

impl Session {
    /// Whether this event is for this session.
    #[must_use]
    pub fn wants(&self, event: &Dispatch<'_>) -> bool {
        let [number, count] = self.shard;
        let shard = match event.guild {
            Some(guild) => (guild.get() >> 22) % u64::from(count.max(1)),
            None => 0,
        };
        let intended = event.needed.is_empty() || self.intents.intersects(event.needed);
        shard == u64::from(number) && intended
    }

    /// Numbers the event, keeps it and sends it.
    pub fn push(&mut self, event: &Dispatch<'_>, muted: bool) {
        let withheld = event.withheld && !self.intents.contains(Intents::MESSAGE_CONTENT);
        let body = if withheld {
            let mut payload = event.payload.clone();
            withhold(&mut payload);
            payload.to_string()
        } else {
            event.payload.to_string()
        };
        self.sequence += 1;
        let text = format!(
            r#"{{"op":0,"s":{},"t":"{}","d":{body}}}"#,
            self.sequence, event.name
        );
        if self.sent.len() == REPLAY_LENGTH {
            self.sent.pop_front();
        }
        self.sent.push_back((self.sequence, text.clone()));
        if let Some(link) = &self.link
            && !muted
        {
            // A connection that just ended is no loss: the event waits for the resume.
            let _ = link.send(Order::Send(text));
        }
    }
}
