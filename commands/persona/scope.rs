//! For whom a persona is chosen, in words and as the house knows it.

use companion::cast::{Inherited, Seat};
use poise::serenity_prelude::Permissions;
use store::choices::ChoiceScope;

use crate::Context;
use crate::texts::tell;

/// For whom a persona is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poise::ChoiceParameter)]
pub(crate) enum Scope {
    /// One person.
    #[name = "for me"]
    #[name_localized("zh-CN", "只对我")]
    Me,
    /// Everybody in the channel.
    #[name = "this channel"]
    #[name_localized("zh-CN", "这个频道")]
    Channel,
    /// Everybody in the server.
    #[name = "this server"]
    #[name_localized("zh-CN", "整个服务器")]
    Server,
}

impl Scope {
    /// What somebody needs to choose for others.
    pub(crate) fn permission(self) -> Permissions {
        match self {
            Self::Me => Permissions::empty(),
            Self::Channel => Permissions::MANAGE_CHANNELS,
            Self::Server => Permissions::MANAGE_GUILD,
        }
    }

    /// The scope as the house knows it. In direct messages there is nobody else to choose for.
    pub(crate) fn at(self, seat: Seat) -> ChoiceScope {
        let Seat {
            guild,
            channel,
            user,
            ..
        } = seat;
        match (self, guild) {
            (Self::Me, _) | (_, None) => ChoiceScope::Me { guild, user },
            (Self::Channel, Some(_)) => ChoiceScope::Channel { guild, channel },
            (Self::Server, Some(guild)) => ChoiceScope::Server { guild },
        }
    }
}

/// For whom a choice holds: "for you", "in this channel".
pub(crate) fn whom(ctx: Context<'_>, scope: ChoiceScope) -> String {
    match scope {
        ChoiceScope::Me { .. } => tell!(ctx, "whom-you"),
        ChoiceScope::Channel { channel, .. } if channel.get() == ctx.channel_id().get() => {
            tell!(ctx, "whom-channel")
        }
        ChoiceScope::Channel { channel, .. } => {
            tell!(ctx, "whom-parent", channel: format!("<#{channel}>"))
        }
        ChoiceScope::Server { .. } => tell!(ctx, "whom-server"),
    }
}

/// Where it comes from that a persona speaks: "chosen in this channel", "nobody has chosen yet".
pub(crate) fn origin(ctx: Context<'_>, from: Inherited) -> String {
    match from {
        Inherited::From(scope) => tell!(ctx, "origin-chosen", whom: whom(ctx, scope)),
        Inherited::Default => tell!(ctx, "origin-default"),
    }
}
