//! REQUEST_GUILD_MEMBERS: the list of members, in one chunk.

use serde_json::{Value, json};
use twilight_model::gateway::payload::incoming::MemberChunk;
use twilight_model::gateway::payload::outgoing::RequestGuildMembers;
use twilight_model::gateway::payload::outgoing::request_guild_members::RequestGuildMemberId;
use twilight_model::gateway::{CloseCode, Intents};

use super::connection::{Connection, Verdict};
use super::session::Dispatch;

/// Answers with GUILD_MEMBERS_CHUNK. Nobody is ever online here, so presences stay empty.
pub fn answer(connection: &Connection, payload: &Value) -> Verdict {
    let request: RequestGuildMembers =
        serde_json::from_value(payload.clone()).map_err(|_| CloseCode::DecodeError)?;
    let request = request.d;
    let mut world = connection.hub.world();
    let Some(state) = world.guilds.get(&request.guild_id) else {
        return Ok(());
    };
    let (mut members, mut not_found) = (Vec::new(), Vec::new());
    match request.user_ids {
        Some(ids) => {
            let ids = match ids {
                RequestGuildMemberId::One(id) => vec![id],
                RequestGuildMemberId::Multiple(ids) => ids,
            };
            for id in ids {
                match state.members.get(&id) {
                    Some(member) => members.push(member.clone()),
                    None => not_found.push(id),
                }
            }
        }
        None => {
            let start = request.query.unwrap_or_default().to_lowercase();
            let named = state.members.values().filter(|member| {
                let name = member.nick.as_ref().unwrap_or(&member.user.name);
                name.to_lowercase().starts_with(&start)
            });
            let limit = match request.limit {
                None | Some(0) => usize::MAX,
                Some(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
            };
            members.extend(named.take(limit).cloned());
        }
    }
    let chunk = MemberChunk {
        chunk_count: 1,
        chunk_index: 0,
        guild_id: request.guild_id,
        members,
        nonce: request.nonce,
        not_found,
        presences: Vec::new(),
    };
    let mut payload = json!(chunk);
    world.wardrobe.dress(&mut payload);
    let session = connection.session.as_ref();
    if let Some(session) = session.and_then(|id| world.sessions.by_id.get_mut(id)) {
        session.push(
            &Dispatch {
                name: "GUILD_MEMBERS_CHUNK",
                payload,
                needed: Intents::empty(),
                guild: None,
                withheld: false,
            },
            false,
        );
    }
    Ok(())
}
