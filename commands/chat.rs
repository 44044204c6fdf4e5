//! `/chat mode`: when personas answer.

use poise::serenity_prelude::Permissions;
use store::settings::{ChatMode, ModePlace};

use crate::answer;
use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Command, Context, Error};

/// When personas answer here.
#[poise::command(
    slash_command,
    subcommands("mode"),
    subcommand_required,
    default_member_permissions = "MANAGE_CHANNELS",
    install_context = "Guild",
    interaction_context = "Guild"
)]
pub(crate) async fn chat(_: Context<'_>) -> Result<(), Error> {
    // Discord does not let the bare command be used.
    Ok(())
}

/// When personas answer, as the choices read.
#[derive(Clone, Copy, Debug, poise::ChoiceParameter)]
enum Mode {
    #[name = "mention"]
    #[name_localized("zh-CN", "点名才答")]
    Mention,
    #[name = "active"]
    #[name_localized("zh-CN", "有话就答")]
    Active,
    #[name = "off"]
    #[name_localized("zh-CN", "不说话")]
    Off,
    #[name = "inherit"]
    #[name_localized("zh-CN", "跟随上级")]
    Inherit,
}

/// Where a mode is set.
#[derive(Clone, Copy, Debug, poise::ChoiceParameter)]
enum Reach {
    #[name = "this channel"]
    #[name_localized("zh-CN", "这个频道")]
    Channel,
    #[name = "this server"]
    #[name_localized("zh-CN", "整个服务器")]
    Server,
}

/// Set when personas answer: when called (mention), always (active), or never (off).
#[poise::command(slash_command)]
async fn mode(
    ctx: Context<'_>,
    #[description = "mention: when called · active: every message · off: never · inherit: as the server"]
    mode: Mode,
    #[description = "Where (this channel, if you say nothing)"] reach: Option<Reach>,
) -> Result<(), Error> {
    let guild = here::require_server(ctx)?;
    let channel = seat(ctx).channel;
    let place = match reach.unwrap_or(Reach::Channel) {
        Reach::Channel => {
            here::require(ctx, Permissions::MANAGE_CHANNELS)?;
            ModePlace::Channel {
                guild: Some(guild),
                channel,
            }
        }
        Reach::Server => {
            here::require(ctx, Permissions::MANAGE_GUILD)?;
            ModePlace::Server(guild)
        }
    };
    let chosen = match mode {
        Mode::Mention => Some(ChatMode::Mention),
        Mode::Active => Some(ChatMode::Active),
        Mode::Off => Some(ChatMode::Off),
        Mode::Inherit => None,
    };
    ctx.defer().await?;
    house(ctx).store.set_chat_mode(place, chosen).await?;
    let now = house(ctx)
        .store
        .chat_mode(Some(guild), channel, seat(ctx).parent)
        .await?;
    let id = match now.map(|(mode, _)| mode).unwrap_or_default() {
        ChatMode::Mention => "mode-mention",
        ChatMode::Active => "mode-active",
        ChatMode::Off => "mode-off",
    };
    let origin = match now.map(|(_, place)| place) {
        Some(ModePlace::Channel { channel: set, .. }) if set == channel => {
            tell!(ctx, "whom-channel")
        }
        Some(ModePlace::Channel { channel: set, .. }) => {
            tell!(ctx, "whom-parent", channel: format!("<#{set}>"))
        }
        Some(ModePlace::Server(_)) => tell!(ctx, "whom-server"),
        None => tell!(ctx, "mode-nowhere"),
    };
    answer::say(ctx, tell!(ctx, id, origin: origin)).await?;
    Ok(())
}

pub(crate) fn commands() -> Vec<Command> {
    vec![chat()]
}
