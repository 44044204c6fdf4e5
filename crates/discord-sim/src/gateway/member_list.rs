//! REQUEST_GUILD_MEMBERS: the list of members, in chunks (developer documentation, Gateway Events › Request Guild
//! Members).

use serde_json::{Value, json};
use twilight_model::gateway::payload::incoming::MemberChunk;
use twilight_model::gateway::payload::outgoing::RequestGuildMembers;
use twilight_model::gateway::payload::outgoing::request_guild_members::{
    RequestGuildMemberId, RequestGuildMembersInfo,
};
use twilight_model::gateway::{CloseCode, Intents};
use twilight_model::guild::Member;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use super::connection::{Connection, Verdict};
use super::session::Dispatch;
use crate::state::GuildState;

/// How many members are in a chunk.
const CHUNK: usize = 1_000;
/// How many come for a beginning of a name, or for ids.
const MOST_FOUND: usize = 100;

/// Answers with GUILD_MEMBERS_CHUNKs. Nobody is ever online here, so presences stay empty. The whole list takes the
/// members intent; without it, nothing comes.
pub fn answer(connection: &Connection, payload: &Value) -> Verdict {
    let request: RequestGuildMembers =
        serde_json::from_value(payload.clone()).map_err(|_| CloseCode::DecodeError)?;
    let request = request.d;
    let mut world = connection.hub.world();
    let Some(id) = connection.session.as_ref() else {
        return Ok(());
    };
    let intents = world.sessions.by_id.get(id).map(|it| it.intents);
    let lists = intents.is_some_and(|it| it.contains(Intents::GUILD_MEMBERS));
    let whole = request.user_ids.is_none() && request.query.as_deref().is_none_or(str::is_empty);
    if whole && !lists {
        return Ok(());
    }
    let Some(state) = world.guilds.get(&request.guild_id) else {
        return Ok(());
    };
    let (members, not_found) = find(state, &request, whole);
    // An empty list is one chunk as well.
    let chunks: Vec<Vec<Member>> = match members.is_empty() {
        true => vec![Vec::new()],
        false => members.chunks(CHUNK).map(<[Member]>::to_vec).collect(),
    };
    let chunk_count = u32::try_from(chunks.len()).unwrap_or(u32::MAX);
    for (chunk_index, members) in (0..).zip(chunks) {
        let mut payload = json!(MemberChunk {
            chunk_count,
            chunk_index,
            guild_id: request.guild_id,
            members,
            nonce: request.nonce.clone(),
            not_found: not_found.clone(),
            presences: Vec::new(),
        });
        world.wardrobe.dress(&mut payload);
        let event = Dispatch {
            name: "GUILD_MEMBERS_CHUNK",
            payload,
            needed: Intents::empty(),
            guild: None,
            withheld: false,
        };
        if let Some(session) = world.sessions.by_id.get_mut(id) {
            session.push(&event, false);
        }
    }
    Ok(())
}

/// Whom the request asks for, and which of its ids are nobody's.
fn find(
    state: &GuildState,
    request: &RequestGuildMembersInfo,
    whole: bool,
) -> (Vec<Member>, Vec<Id<UserMarker>>) {
    if let Some(ids) = &request.user_ids {
        let ids = match ids {
            RequestGuildMemberId::One(id) => std::slice::from_ref(id),
            RequestGuildMemberId::Multiple(ids) => ids.as_slice(),
        };
        let asked = ids.iter().take(MOST_FOUND);
        let (known, unknown): (Vec<_>, Vec<_>) =
            asked.partition(|id| state.members.contains_key(id));
        let members = known.iter().filter_map(|id| state.members.get(id));
        return (members.cloned().collect(), unknown);
    }
    let start = request.query.as_deref().unwrap_or_default().to_lowercase();
    let named = state.members.values().filter(|member| {
        let name = member.nick.as_ref().unwrap_or(&member.user.name);
        name.to_lowercase().starts_with(&start)
    });
    let wanted = match request.limit {
        None | Some(0) => usize::MAX,
        Some(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let most = if whole { usize::MAX } else { MOST_FOUND };
    (named.take(wanted.min(most)).cloned().collect(), Vec::new())
}
