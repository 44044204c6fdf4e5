//! Kinds of channels: what each has to say of itself, and in which one can write.

use twilight_model::channel::{Channel, ChannelType};
use twilight_model::guild::Permissions;

/// What a voice channel sends in a second unless somebody chooses otherwise.
const BITRATE: u32 = 64_000;
/// What falls with the permission to join a voice channel (developer documentation, Permissions › Implicit Permissions).
pub(super) const NEEDS_CONNECTING: Permissions =
    Permissions::MANAGE_CHANNELS.union(Permissions::MANAGE_ROLES);

/// Fills in what Discord tells of a channel of this kind and of no other (developer documentation, Channel › Channel
/// Object).
pub(super) fn fill(channel: &mut Channel) {
    match channel.kind {
        ChannelType::GuildVoice | ChannelType::GuildStageVoice => {
            channel.bitrate = Some(BITRATE);
            channel.user_limit = Some(0);
        }
        ChannelType::GuildForum | ChannelType::GuildMedia => {
            channel.available_tags = Some(Vec::new());
            channel.default_thread_rate_limit_per_user = Some(0);
        }
        ChannelType::GuildCategory => channel.rate_limit_per_user = None,
        _ => {}
    }
}

/// Whether messages stand in a channel of this kind. Forums have threads only, and categories have channels only; voice
/// and stage channels have a chat of their own, under the channel's id.
#[must_use]
pub fn takes_messages(kind: ChannelType) -> bool {
    !matches!(
        kind,
        ChannelType::GuildForum
            | ChannelType::GuildMedia
            | ChannelType::GuildCategory
            | ChannelType::GuildDirectory
    )
}

/// Whether people talk in it.
pub(super) fn is_voice(kind: ChannelType) -> bool {
    matches!(kind, ChannelType::GuildVoice | ChannelType::GuildStageVoice)
}

/// Channels in which there are threads only (developer documentation, Threads › Forums, › Media Channels).
#[must_use]
pub fn is_forum(kind: ChannelType) -> bool {
    matches!(kind, ChannelType::GuildForum | ChannelType::GuildMedia)
}

/// The kind of thread that hangs on a message in a channel of this kind, or that is a post there.
#[must_use]
pub fn kind_of_threads(kind: ChannelType) -> Option<ChannelType> {
    match kind {
        ChannelType::GuildText | ChannelType::GuildForum | ChannelType::GuildMedia => {
            Some(ChannelType::PublicThread)
        }
        ChannelType::GuildAnnouncement => Some(ChannelType::AnnouncementThread),
        _ => None,
    }
}
