//! Posts in forums: `/channels/{id}/threads` with a message in it.

use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::channel::ChannelType;
use twilight_model::channel::thread::AutoArchiveDuration;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::ChannelMarker;

use super::body::Incoming;
use super::channels::{check_archive, check_name};
use super::draft;
use super::error::{ApiError, ApiResult};
use crate::state::World;
use crate::state::message::Author;
use crate::state::thread::ThreadPlan;

#[derive(Debug, Deserialize)]
struct Post {
    name: String,
    auto_archive_duration: Option<AutoArchiveDuration>,
    message: Value,
}

/// Takes SEND_MESSAGES alone (developer documentation, Threads › Creating Threads in Forum and Media Channels), and
/// answers the thread with its first message in it.
pub fn start(world: &mut World, forum: Id<ChannelMarker>, incoming: &Incoming) -> ApiResult<Value> {
    world.require(forum, Permissions::SEND_MESSAGES)?;
    let post: Post = incoming.parse()?;
    check_name(&post.name)?;
    world.screen_title(forum, world.bot_id(), &post.name)?;
    let auto_archive = post
        .auto_archive_duration
        .unwrap_or(AutoArchiveDuration::Day);
    check_archive(auto_archive)?;
    let inner = Incoming {
        json: post.message,
        files: incoming.files.clone(),
    };
    let mut first = draft::parse(&inner)?;
    draft::keep_flags(&mut first.flags, draft::FLAGS_OF_A_MESSAGE);
    if first.is_empty() {
        return Err(ApiError::empty_message());
    }
    world.screen(forum, world.bot_id(), &first.content)?;
    let author = Author::account(world.bot.user.clone());
    let plan = ThreadPlan {
        name: post.name,
        kind: ChannelType::PublicThread,
        message: None,
        auto_archive,
        owner: world.bot_id(),
    };
    let (thread, first) = world.add_post(forum, plan, author, first)?;
    let mut json = json!(world.channel_for_bot(thread.id)?);
    json["message"] = world.message_json(&first);
    Ok(json)
}
