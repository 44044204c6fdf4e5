//! IDENTIFY and RESUME: who is let in, and what it is told first.

use std::collections::VecDeque;

use serde_json::{Value, json};
use twilight_model::gateway::payload::incoming::Ready;
use twilight_model::gateway::payload::outgoing::{Identify, Resume};
use twilight_model::gateway::{CloseCode, Intents, ShardId};
use twilight_model::guild::UnavailableGuild;
use twilight_model::oauth::{ApplicationFlags, PartialApplication};

use super::connection::{Connection, Verdict};
use super::session::{Dispatch, Filling, Order, Session};
use crate::rest::me::as_current;
use crate::state::webhook::secret;
use crate::state::{Observed, World};

/// How many characters a session's id has.
const SESSION_ID_LENGTH: usize = 32;

/// IDENTIFY: a new session, READY, and the servers of its shard.
pub fn identify(connection: &mut Connection, payload: &Value) -> Verdict {
    if connection.session.is_some() {
        return Err(CloseCode::AlreadyAuthenticated);
    }
    let identify = read_identify(payload)?.d;
    let mut world = connection.hub.world();
    if world.bot.token != identify.token.trim_start_matches("Bot ") {
        return Err(CloseCode::AuthenticationFailed);
    }
    check_intents(payload, identify.intents, world.bot.flags)?;
    let shard = identify.shard.unwrap_or(ShardId::ONE);
    world.sessions.identified += 1;
    let id = secret(SESSION_ID_LENGTH);
    world.sessions.by_id.insert(
        id.clone(),
        Session {
            intents: identify.intents,
            shard: [shard.number(), shard.total()],
            sequence: 0,
            sent: VecDeque::new(),
            link: Some(connection.orders.clone()),
            filling: Filling {
                presences: identify.intents.contains(Intents::GUILD_PRESENCES),
                large_threshold: identify.large_threshold,
            },
        },
    );
    greet(&mut world, &id, shard, &connection.hub.gateway_url());
    world.tell(Observed::SessionReady {
        shard: shard.number(),
        resumed: false,
    });
    drop(world);
    connection.session = Some(id);
    Ok(())
}

/// twilight writes every field that it could read; a client may leave those out that have a default.
fn read_identify(payload: &Value) -> Result<Identify, CloseCode> {
    let mut payload = payload.clone();
    for (field, default) in [
        ("compress", json!(false)),
        ("large_threshold", json!(50)),
        ("presence", Value::Null),
    ] {
        if payload["d"][field].is_null() {
            payload["d"][field] = default;
        }
    }
    // Which machine the client runs on is of no interest, and not every client tells all of it.
    payload["d"]["properties"] = json!({"browser": "", "device": "", "os": ""});
    // A presence has no effect here, and clients leave out fields that twilight wants.
    payload["d"]["presence"] = Value::Null;
    let shard = &payload["d"]["shard"];
    if let Some([number, count]) = shard.as_array().map(Vec::as_slice)
        && number.as_u64() >= count.as_u64()
    {
        return Err(CloseCode::InvalidShard);
    }
    serde_json::from_value(payload).map_err(|_| CloseCode::DecodeError)
}

/// twilight drops intents that it does not know, hence the look at the number itself.
fn check_intents(payload: &Value, intents: Intents, flags: ApplicationFlags) -> Verdict {
    if payload["d"]["intents"].as_u64() != Some(intents.bits()) {
        return Err(CloseCode::InvalidIntents);
    }
    let switches = [
        (
            Intents::MESSAGE_CONTENT,
            ApplicationFlags::GATEWAY_MESSAGE_CONTENT
                | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED,
        ),
        (
            Intents::GUILD_MEMBERS,
            ApplicationFlags::GATEWAY_GUILD_MEMBERS
                | ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED,
        ),
        (
            Intents::GUILD_PRESENCES,
            ApplicationFlags::GATEWAY_PRESENCE | ApplicationFlags::GATEWAY_PRESENCE_LIMITED,
        ),
    ];
    for (intent, switch) in switches {
        if intents.contains(intent) && !flags.intersects(switch) {
            return Err(CloseCode::DisallowedIntents);
        }
    }
    Ok(())
}

fn greet(world: &mut World, id: &str, shard: ShardId, gateway: &str) {
    let bot = world.bot_id();
    let guilds: Vec<_> = world
        .guilds
        .iter()
        .filter(|(_, state)| state.members.contains_key(&bot))
        .map(|(id, _)| *id)
        .filter(|id| (id.get() >> 22) % u64::from(shard.total()) == u64::from(shard.number()))
        .collect();
    let ready = Ready {
        application: PartialApplication {
            flags: world.bot.flags,
            id: world.bot.application_id,
        },
        guilds: guilds
            .iter()
            .map(|id| UnavailableGuild {
                id: *id,
                unavailable: true,
            })
            .collect(),
        resume_gateway_url: gateway.to_owned(),
        session_id: id.to_owned(),
        shard: Some(shard),
        user: as_current(&world.bot.user),
        version: 10,
    };
    let mut ready = json!(ready);
    // Relics of the time before intents, which Discord still sends empty and some clients read.
    for relic in [
        "private_channels",
        "relationships",
        "presences",
        "guild_join_requests",
    ] {
        ready[relic] = json!([]);
    }
    ready["user_settings"] = json!({});
    ready["session_type"] = json!("normal");
    let Some(filling) = world.sessions.by_id.get(id).map(|session| session.filling) else {
        return;
    };
    let creates: Vec<Value> = guilds
        .into_iter()
        .filter_map(|guild| world.guild_create(guild, filling))
        .collect();
    let Some(session) = world.sessions.by_id.get_mut(id) else {
        return;
    };
    let intents = session.intents;
    let mut push = |name, payload| {
        let event = Dispatch {
            name,
            payload,
            needed: Intents::empty(),
            guild: None,
            withheld: false,
        };
        session.push(&event, false);
    };
    push("READY", ready);
    if intents.contains(Intents::GUILDS) {
        for payload in creates {
            push("GUILD_CREATE", payload);
        }
    }
}

/// RESUME: everything that the session missed, then RESUMED; or INVALID_SESSION.
pub fn resume(connection: &mut Connection, payload: &Value) -> Verdict {
    if connection.session.is_some() {
        return Err(CloseCode::AlreadyAuthenticated);
    }
    let resume: Resume =
        serde_json::from_value(payload.clone()).map_err(|_| CloseCode::DecodeError)?;
    let resume = resume.d;
    let mut world = connection.hub.world();
    if world.bot.token != resume.token.trim_start_matches("Bot ") {
        return Err(CloseCode::AuthenticationFailed);
    }
    let Some(session) = world.sessions.by_id.get_mut(&resume.session_id) else {
        drop(world);
        connection.send(json!({"op": 9, "d": false}));
        return Ok(());
    };
    if resume.seq > session.sequence {
        return Err(CloseCode::InvalidSequence);
    }
    let oldest = session.sent.front().map_or(1, |(number, _)| *number);
    if resume.seq + 1 < oldest {
        world.sessions.by_id.remove(&resume.session_id);
        drop(world);
        connection.send(json!({"op": 9, "d": false}));
        return Ok(());
    }
    if let Some(former) = session.link.replace(connection.orders.clone()) {
        let _ = former.send(Order::Drop);
    }
    for (number, text) in &session.sent {
        if *number > resume.seq {
            let _ = connection.orders.send(Order::Send(text.clone()));
        }
    }
    let shard = session.shard[0];
    session.push(
        &Dispatch {
            name: "RESUMED",
            payload: json!({}),
            needed: Intents::empty(),
            guild: None,
            withheld: false,
        },
        false,
    );
    world.tell(Observed::SessionReady {
        shard,
        resumed: true,
    });
    drop(world);
    connection.session = Some(resume.session_id);
    Ok(())
}
