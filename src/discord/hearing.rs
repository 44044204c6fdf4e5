//! Serenity's messages as the turn sees them.

use std::sync::Arc;

use companion::incoming::{Attachment, Author, Incoming, Replied};
use serenity::cache::Cache;
use serenity::client::Context;
use serenity::http::Http;
use serenity::model::channel::{Channel, Message, MessageType};
use serenity::model::id::UserId;
use serenity::model::user::User;
use store::id::{ChannelId, GuildId};

/// What a channel is, as far as the turn needs to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Surface {
    /// The channel that a thread hangs from.
    parent: Option<ChannelId>,
    /// Of a thread: its parent's mark.
    age_restricted: bool,
}

/// Whether this message is something that somebody said, and not "a member joined" or an answer to a command.
pub fn is_talk(message: &Message) -> bool {
    matches!(
        message.kind,
        MessageType::Regular | MessageType::InlineReply
    )
}

/// Whether the turn takes this message in: talk of a person, and of a bot or webhook where `bots` are heard. What the bot
/// and its personas say themselves never is.
pub fn is_heard(ctx: &Context, message: &Message, bots: bool) -> bool {
    let is_automated = message.author.bot || message.webhook_id.is_some();
    if !is_talk(message) || (is_automated && !bots) {
        return false;
    }
    // Discord names the application behind a message through its webhook.
    let through_us =
        message.application_id.is_some() && message.application_id == ctx.http.application_id();
    !through_us && message.author.id != ctx.cache.current_user().id
}

/// Turns a message of the gateway, or of the REST API, into what the turn takes in. Of the latter Discord does not tell
/// the server; `guild` does.
pub async fn incoming(
    cache: &Arc<Cache>,
    http: &Http,
    guild: Option<GuildId>,
    message: &Message,
) -> Incoming {
    let me = cache.current_user().id;
    let guild = message.guild_id.map(|id| GuildId::from(id.get())).or(guild);
    let surface = surface(cache, http, guild, message).await;
    let nick = message
        .member
        .as_ref()
        .and_then(|member| member.nick.clone());
    Incoming {
        id: message.id.get().into(),
        guild,
        channel: message.channel_id.get().into(),
        parent: surface.parent,
        author: Author {
            id: message.author.id.get().into(),
            name: nick.unwrap_or_else(|| message.author.display_name().to_owned()),
            automated: message.author.bot || message.webhook_id.is_some(),
        },
        text: readable(&message.content, &message.mentions, me),
        mentions_bot: message.mentions.iter().any(|user| user.id == me),
        mentions_others: message
            .mentions
            .iter()
            .any(|user| user.id != me && !replied_to(message, user.id)),
        reply_to: message.message_reference.as_ref().and_then(|reference| {
            let replied = message.referenced_message.as_ref();
            Some(Replied {
                id: reference.message_id?.get().into(),
                automated: replied
                    .is_none_or(|replied| replied.author.bot || replied.webhook_id.is_some()),
            })
        }),
        attachments: message
            .attachments
            .iter()
            .map(|file| Attachment {
                filename: file.filename.clone(),
                content_type: file.content_type.clone(),
                description: file.description.clone(),
            })
            .collect(),
        at: message.timestamp.to_utc(),
        age_restricted: surface.age_restricted,
    }
}

/// A reply mentions its addressee unless that was switched off; that says nothing which the reply does not say.
fn replied_to(message: &Message, user: UserId) -> bool {
    message
        .referenced_message
        .as_ref()
        .is_some_and(|replied| replied.author.id == user)
}

/// The text with mentions written as names. The bot's own mention at the beginning is how one calls it, not what one
/// says to it.
pub fn readable(content: &str, mentions: &[User], me: UserId) -> String {
    let mut text = content.trim();
    for own in [format!("<@{me}>"), format!("<@!{me}>")] {
        text = text.strip_prefix(own.as_str()).unwrap_or(text).trim_start();
    }
    let mut text = text.to_owned();
    for user in mentions {
        let name = format!("@{}", user.display_name());
        text = text
            .replace(&format!("<@{}>", user.id), &name)
            .replace(&format!("<@!{}>", user.id), &name);
    }
    text
}

/// Looks in the cache, and asks Discord about a channel that is not there (a thread that the bot has not joined).
async fn surface(
    cache: &Arc<Cache>,
    http: &Http,
    guild: Option<GuildId>,
    message: &Message,
) -> Surface {
    let Some(guild) = guild else {
        return Surface::default();
    };
    if let Some(known) = cached(cache, guild, message.channel_id) {
        return known;
    }
    match http.get_channel(message.channel_id).await {
        Ok(Channel::Guild(channel)) if channel.thread_metadata.is_some() => {
            let parent = channel.parent_id;
            let of_parent = parent.and_then(|parent| cached(cache, guild, parent));
            Surface {
                parent: parent.map(|id| id.get().into()),
                age_restricted: of_parent.is_some_and(|parent| parent.age_restricted),
            }
        }
        Ok(Channel::Guild(channel)) => Surface {
            parent: None,
            age_restricted: channel.nsfw,
        },
        Ok(_) => Surface::default(),
        Err(error) => {
            tracing::debug!(%error, channel = %message.channel_id, "an unknown channel could not be looked up");
            Surface::default()
        }
    }
}

fn cached(cache: &Cache, guild: GuildId, id: serenity::model::id::ChannelId) -> Option<Surface> {
    let guild = cache.guild(serenity::model::id::GuildId::new(guild.get()))?;
    if let Some(channel) = guild.channels.get(&id) {
        return Some(Surface {
            parent: None,
            age_restricted: channel.nsfw,
        });
    }
    let thread = guild.threads.iter().find(|thread| thread.id == id)?;
    let parent = thread
        .parent_id
        .and_then(|parent| guild.channels.get(&parent));
    Some(Surface {
        parent: thread.parent_id.map(|id| id.get().into()),
        age_restricted: parent.is_some_and(|parent| parent.nsfw),
    })
}
