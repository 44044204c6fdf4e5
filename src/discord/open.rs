//! Which channels of a server everybody in it can read. Plain decisions on what the cache knows.

use serenity::model::Permissions;
use serenity::model::channel::{
    ChannelType, GuildChannel, PermissionOverwrite, PermissionOverwriteType,
};
use serenity::model::guild::Guild;
use serenity::model::id::{GuildId, RoleId};
use store::id::ChannelId;

/// What it takes to have read what was said in a channel.
const READ: Permissions = Permissions::VIEW_CHANNEL.union(Permissions::READ_MESSAGE_HISTORY);

/// The channels, and the public threads in them, that everybody can read and that are not age-restricted. A thread that
/// the cache does not have (an archived one) is not among them.
pub fn open_channels(guild: &Guild) -> Vec<ChannelId> {
    let everybody = guild.roles.get(&RoleId::new(guild.id.get()));
    let everybody = everybody.map_or(Permissions::empty(), |role| role.permissions);
    let is_open = |channel: &GuildChannel| {
        let holds_text = matches!(
            channel.kind,
            ChannelType::Text | ChannelType::News | ChannelType::Forum
        );
        holds_text
            && !channel.nsfw
            && can_everybody_read(guild.id, everybody, &channel.permission_overwrites)
    };
    let channels = guild.channels.values().filter(|channel| is_open(channel));
    let threads = guild.threads.iter().filter(|thread| {
        let is_public = matches!(
            thread.kind,
            ChannelType::PublicThread | ChannelType::NewsThread
        );
        let parent = thread.parent_id.and_then(|id| guild.channels.get(&id));
        is_public && parent.is_some_and(is_open)
    });
    let ids = channels.chain(threads).map(|channel| channel.id.get());
    ids.map(ChannelId::from).collect()
}

/// Whether everybody can read a channel: everybody's role may, and no other role and no member is denied it.
fn can_everybody_read(
    guild: GuildId,
    everybody: Permissions,
    overwrites: &[PermissionOverwrite],
) -> bool {
    let of_everybody = PermissionOverwriteType::Role(RoleId::new(guild.get()));
    let granted = overwrites
        .iter()
        .filter(|overwrite| overwrite.kind == of_everybody)
        .fold(everybody, |all, overwrite| all | overwrite.allow);
    let is_denied = overwrites
        .iter()
        .any(|overwrite| overwrite.deny.intersects(READ));
    !is_denied && (granted.administrator() || granted.contains(READ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serenity::model::id::UserId;

    fn overwrite(
        kind: PermissionOverwriteType,
        allow: Permissions,
        deny: Permissions,
    ) -> PermissionOverwrite {
        PermissionOverwrite { allow, deny, kind }
    }

    #[test]
    fn a_channel_is_open_only_where_nobody_at_all_is_kept_out() {
        let role = |id| PermissionOverwriteType::Role(RoleId::new(id));
        let (everybody, other) = (role(1), role(2));
        let member = PermissionOverwriteType::Member(UserId::new(3));
        let (none, view) = (Permissions::empty(), Permissions::VIEW_CHANNEL);
        let history = Permissions::READ_MESSAGE_HISTORY;
        let read = |base, overwrites: &[PermissionOverwrite]| {
            can_everybody_read(GuildId::new(1), base, overwrites)
        };
        assert!(read(READ, &[]));
        assert!(!read(view, &[]), "who came later cannot read it");
        assert!(!read(none, &[]), "a server that one has to be let into");
        assert!(read(none, &[overwrite(everybody, READ, none)]));
        assert!(read(
            READ,
            &[overwrite(member, none, Permissions::SEND_MESSAGES)]
        ));
        assert!(!read(none, &[overwrite(other, READ, none)]));
        for kept_out in [everybody, other, member] {
            assert!(!read(READ, &[overwrite(kept_out, none, view)]));
            assert!(!read(READ, &[overwrite(kept_out, none, history)]));
        }
    }
}
