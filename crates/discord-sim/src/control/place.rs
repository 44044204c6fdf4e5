//! Servers, channels, threads and posts, as those who run a server make, change and delete them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::channel::ChannelType;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use super::deed::Done;
use super::{ControlError, channel, guild, shown, user};
use crate::Sim;
use crate::actor::{ChannelSpec, Person};
use crate::state::guild::INVITED_BOT;
use crate::state::kind::is_forum;

#[derive(Debug, Deserialize)]
pub(super) struct NewGuild {
    name: String,
}

pub(super) async fn add_guild(State(sim): State<Sim>, Json(wish): Json<NewGuild>) -> Json<Value> {
    let mut world = sim.hub().world();
    let owner = world.add_user(&format!("owner of {}", wish.name)).id;
    let id = world.add_guild(&wish.name, owner);
    world.invite_bot(id, INVITED_BOT);
    Json(json!({ "id": id }))
}

/// A channel's kind, in the words of the client.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    #[default]
    Text,
    Voice,
    Category,
    Announcement,
    Stage,
    Forum,
}

impl From<Kind> for ChannelType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::GuildText,
            Kind::Voice => Self::GuildVoice,
            Kind::Category => Self::GuildCategory,
            Kind::Announcement => Self::GuildAnnouncement,
            Kind::Stage => Self::GuildStageVoice,
            Kind::Forum => Self::GuildForum,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct NewChannel {
    guild: String,
    name: String,
    #[serde(default)]
    kind: Kind,
    category: Option<String>,
    topic: Option<String>,
    #[serde(default)]
    nsfw: bool,
}

pub(super) async fn add_channel(State(sim): State<Sim>, Json(wish): Json<NewChannel>) -> Done {
    let place = guild(&sim.hub().world(), &wish.guild)?;
    let category = match &wish.category {
        Some(name) => Some(channel(&sim.hub().world(), name)?),
        None => None,
    };
    let handle = sim
        .guild(place)
        .ok_or_else(|| super::unknown("server", &wish.guild))?;
    let made = handle.add_channel(ChannelSpec {
        name: wish.name,
        nsfw: wish.nsfw,
        topic: wish.topic,
        kind: Some(wish.kind.into()),
        category,
        ..ChannelSpec::default()
    });
    Ok(Json(json!({ "id": made.id })))
}

/// What is done to a channel or thread, by the server's owner unless a `user` is named.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    channel: String,
    user: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
    message: Option<Id<MessageMarker>>,
    archived: Option<bool>,
    locked: Option<bool>,
}

impl Change {
    fn place(&self, sim: &Sim) -> Result<Id<ChannelMarker>, ControlError> {
        channel(&sim.hub().world(), &self.channel)
    }

    fn by(&self, sim: &Sim) -> Result<Person, ControlError> {
        let world = sim.hub().world();
        let (id, name) = match &self.user {
            Some(name) => user(&world, name)?,
            None => {
                let place = channel(&world, &self.channel)?;
                let guild = world.guild_of(place).and_then(|id| world.guilds.get(&id));
                let owner = guild.map(|guild| guild.guild.owner_id.to_string());
                user(&world, &owner.unwrap_or_default())?
            }
        };
        Ok(sim.person(id, &name))
    }
}

pub(super) async fn delete(State(sim): State<Sim>, Json(change): Json<Change>) -> Done {
    change.by(&sim)?.delete_channel(change.place(&sim)?)?;
    Ok(Json(json!({})))
}

/// A thread in a channel, on a message if one is named; in a forum a post with its first message.
pub(super) async fn start_thread(State(sim): State<Sim>, Json(change): Json<Change>) -> Done {
    let place = change.place(&sim)?;
    let by = change.by(&sim)?;
    let kind = {
        let world = sim.hub().world();
        world.channels.get(&place).map(|it| it.channel.kind)
    };
    if !kind.is_some_and(is_forum) {
        let thread = sim
            .channel(place)
            .start_thread(&by, &change.name, change.message)?;
        return Ok(Json(json!({ "id": thread.id })));
    }
    if change.text.is_empty() {
        return Err(ControlError(
            StatusCode::UNPROCESSABLE_ENTITY,
            "a post in a forum begins with a message: give its `text`".to_owned(),
        ));
    }
    let post = sim
        .channel(place)
        .start_post(&by, &change.name, &change.text)?;
    let world = sim.hub().world();
    let first = world.message(post.id, post.id.cast());
    let first = first.map(|stored| shown(&world, stored)).ok();
    Ok(Json(json!({ "id": post.id, "message": first })))
}

pub(super) async fn archive(State(sim): State<Sim>, Json(change): Json<Change>) -> Done {
    let thread = sim.channel(change.place(&sim)?);
    thread.archive(&change.by(&sim)?, change.archived.unwrap_or(true))?;
    Ok(Json(json!({})))
}

pub(super) async fn lock(State(sim): State<Sim>, Json(change): Json<Change>) -> Done {
    let thread = sim.channel(change.place(&sim)?);
    thread.lock(&change.by(&sim)?, change.locked.unwrap_or(true))?;
    Ok(Json(json!({})))
}
