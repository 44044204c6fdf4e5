//! Reactions to messages.

use serde_json::{Value, json};
use twilight_model::channel::message::{EmojiReactionType, Reaction, ReactionCountDetails};
use twilight_model::gateway::GatewayReaction;
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{
    ReactionAdd, ReactionRemove, ReactionRemoveAll, ReactionRemoveEmoji,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use super::World;
use super::event::Audience;
use super::message::StoredMessage;
use super::observed::Observed;
use crate::rest::error::{ApiError, ApiResult};

/// An emoji as a path writes it: the character itself, or `name:id`.
#[must_use]
pub fn emoji_of(written: &str) -> EmojiReactionType {
    if let Some((name, id)) = written.rsplit_once(':')
        && let Ok(id) = id.parse()
    {
        return EmojiReactionType::Custom {
            animated: false,
            id,
            name: Some(name.trim_start_matches("a:").to_owned()),
        };
    }
    EmojiReactionType::Unicode {
        name: written.to_owned(),
    }
}

/// twilight leaves out the kind of a reaction (0 is normal) and the id of an emoji that has none, and writes null where
/// Discord leaves a field out; discord.py stumbles over each.
fn complete_reaction(json: &mut Value) {
    json["type"] = json!(0);
    complete_emoji(&mut json["emoji"]);
    if let Some(object) = json.as_object_mut() {
        object.retain(|_, value| !value.is_null());
    }
}

/// An emoji of Unicode has `"id": null`.
pub(super) fn complete_emoji(emoji: &mut Value) {
    if emoji.get("id").is_none() {
        emoji["id"] = Value::Null;
    }
}

impl World {
    /// Adds one reaction. A second one of the same person and emoji changes nothing.
    pub fn react(
        &mut self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        user: Id<UserMarker>,
        emoji: &str,
    ) -> ApiResult<()> {
        self.message(channel, message)?;
        let stored = self.stored(channel, message)?;
        let author = stored.message.author.id;
        let reactors = stored.reactors.entry(emoji.to_owned()).or_default();
        if reactors.contains(&user) {
            return Ok(());
        }
        reactors.push(user);
        let mut reaction = self.recount(channel, message, user, emoji)?;
        reaction.message_author_id = Some(author);
        self.emit_patched(
            Audience::Channel(channel),
            &DispatchEvent::ReactionAdd(Box::new(ReactionAdd(reaction))),
            complete_reaction,
        );
        self.tell(Observed::ReactionChanged { channel, message });
        Ok(())
    }

    /// Takes one reaction back.
    pub fn unreact(
        &mut self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        user: Id<UserMarker>,
        emoji: &str,
    ) -> ApiResult<()> {
        self.message(channel, message)?;
        let stored = self.stored(channel, message)?;
        let Some(reactors) = stored.reactors.get_mut(emoji) else {
            return Ok(());
        };
        reactors.retain(|other| *other != user);
        if reactors.is_empty() {
            stored.reactors.remove(emoji);
        }
        let reaction = self.recount(channel, message, user, emoji)?;
        self.emit_patched(
            Audience::Channel(channel),
            &DispatchEvent::ReactionRemove(Box::new(ReactionRemove(reaction))),
            complete_reaction,
        );
        self.tell(Observed::ReactionChanged { channel, message });
        Ok(())
    }

    /// Takes back everybody's reactions: all, or those with one emoji.
    pub fn clear_reactions(
        &mut self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        emoji: Option<&str>,
    ) -> ApiResult<()> {
        self.message(channel, message)?;
        let guild_id = self.guild_of(channel);
        let stored = self.stored(channel, message)?;
        match emoji {
            Some(emoji) => {
                let gone = emoji_of(emoji);
                stored.reactors.remove(emoji);
                stored.message.reactions.retain(|it| it.emoji != gone);
            }
            None => {
                stored.reactors.clear();
                stored.message.reactions.clear();
            }
        }
        let event = match (emoji, guild_id) {
            (Some(emoji), Some(guild_id)) => {
                DispatchEvent::ReactionRemoveEmoji(ReactionRemoveEmoji {
                    channel_id: channel,
                    emoji: emoji_of(emoji),
                    guild_id,
                    message_id: message,
                })
            }
            _ => DispatchEvent::ReactionRemoveAll(ReactionRemoveAll {
                channel_id: channel,
                message_id: message,
                guild_id,
            }),
        };
        self.emit(Audience::Channel(channel), &event);
        self.tell(Observed::ReactionChanged { channel, message });
        Ok(())
    }

    fn stored(
        &mut self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
    ) -> ApiResult<&mut StoredMessage> {
        self.channel_mut(channel)?
            .messages
            .get_mut(&message)
            .ok_or_else(ApiError::unknown_message)
    }

    /// Counts the message's reactions anew, and describes this one for an event.
    fn recount(
        &mut self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        user: Id<UserMarker>,
        emoji: &str,
    ) -> ApiResult<GatewayReaction> {
        let bot = self.bot_id();
        let guild_id = self.guild_of(channel);
        let member = guild_id
            .and_then(|guild| self.guilds.get(&guild))
            .and_then(|guild| guild.members.get(&user).cloned());
        let stored = self.stored(channel, message)?;
        stored.message.reactions = stored
            .reactors
            .iter()
            .map(|(emoji, users)| Reaction {
                burst_colors: Vec::new(),
                count: users.len() as u64,
                count_details: ReactionCountDetails {
                    burst: 0,
                    normal: users.len() as u64,
                },
                emoji: emoji_of(emoji),
                me: users.contains(&bot),
                me_burst: false,
            })
            .collect();
        Ok(GatewayReaction {
            burst: false,
            burst_colors: Vec::new(),
            channel_id: channel,
            emoji: emoji_of(emoji),
            guild_id,
            member,
            message_author_id: None,
            message_id: message,
            user_id: user,
        })
    }
}
