//! Where a command was used, and what its user may do there.

use ::persona::roster::{Lookup, find, rank};
use companion::cast::{Candidate, Persona, Seat};
use companion::house::House;
use poise::serenity_prelude as serenity;
use serenity::Permissions;
use std::sync::Arc;

use crate::answer;
use crate::texts::tell;
use crate::{Context, Error};

/// The house.
pub(crate) fn house<'a>(ctx: Context<'a>) -> &'a House {
    ctx.data().companion.house()
}

/// Where the command was used. In a server that has not installed the bot, a person who brought it along sits in a
/// place of their own: nothing of that server is read or kept.
pub(crate) fn seat(ctx: Context<'_>) -> Seat {
    let guild = ctx.guild_id().filter(|_| bot_lives_here(ctx));
    let cached = guild.and_then(|guild| {
        let guild = ctx.serenity_context().cache.guild(guild)?;
        guild
            .threads
            .iter()
            .find(|thread| thread.id == ctx.channel_id())?
            .parent_id
    });
    // The cache lacks threads that the bot has not joined; the interaction says where it was used.
    let told = match ctx {
        poise::Context::Application(app) => app.interaction.channel.as_ref(),
        poise::Context::Prefix(_) => None,
    };
    let parent = cached.or_else(|| guild.and(told).and_then(parent_of));
    Seat {
        guild: guild.map(|id| id.get().into()),
        channel: ctx.channel_id().get().into(),
        parent: parent.map(|id| id.get().into()),
        user: ctx.author().id.get().into(),
    }
}

/// The channel that a thread hangs from; `None` where this is no thread.
pub(crate) fn parent_of(channel: &serenity::PartialChannel) -> Option<serenity::ChannelId> {
    channel.thread_metadata.as_ref()?;
    channel.parent_id
}

/// Whether the bot itself is where the command was used, and can speak there with its own messages.
pub(crate) fn bot_lives_here(ctx: Context<'_>) -> bool {
    match ctx.guild_id() {
        Some(guild) => ctx.serenity_context().cache.guild(guild).is_some(),
        None => match ctx {
            poise::Context::Application(app) => {
                app.interaction.context != Some(serenity::InteractionContext::PrivateChannel)
            }
            poise::Context::Prefix(_) => true,
        },
    }
}

/// How the user is called here.
pub(crate) fn name(ctx: Context<'_>) -> String {
    let nick = match ctx {
        poise::Context::Application(app) => app
            .interaction
            .member
            .as_ref()
            .and_then(|member| member.nick.clone()),
        poise::Context::Prefix(_) => None,
    };
    nick.unwrap_or_else(|| ctx.author().display_name().to_owned())
}

/// Whether the channel (or the thread's parent) is age-restricted.
pub(crate) fn age_restricted(ctx: Context<'_>, seat: Seat) -> bool {
    let Some(guild) = ctx
        .guild_id()
        .and_then(|guild| ctx.serenity_context().cache.guild(guild))
    else {
        return false;
    };
    let channel = seat.parent.unwrap_or(seat.channel);
    guild
        .channels
        .get(&serenity::ChannelId::new(channel.get()))
        .is_some_and(|channel| channel.nsfw)
}

/// Whether the user has these permissions here, as Discord computed them for this interaction. In direct messages
/// everybody may do everything to what is theirs.
pub(crate) fn may(ctx: Context<'_>, wanted: Permissions) -> bool {
    let poise::Context::Application(app) = ctx else {
        return false;
    };
    match &app.interaction.member {
        Some(member) => {
            let has = member.permissions.unwrap_or_default();
            has.contains(wanted) || has.administrator()
        }
        None => true,
    }
}

/// Refuses, with the permission's name, where the user does not have it. Discord checks default permissions only for
/// whole commands, and a server may have changed them.
pub(crate) fn require(ctx: Context<'_>, wanted: Permissions) -> Result<(), Error> {
    if may(ctx, wanted) {
        return Ok(());
    }
    let names = permission_names(wanted);
    Err(Error::User(
        tell!(ctx, "missing-permission", permission: names),
    ))
}

/// Permissions as Discord's own settings call them.
pub(crate) fn permission_names(permissions: Permissions) -> String {
    let as_shown = |name| match name {
        "Manage Guild" => "Manage Server",
        other => other,
    };
    let names = permissions.get_permission_names().into_iter();
    names.map(as_shown).collect::<Vec<_>>().join(", ")
}

/// Whether the bot itself may write in a channel of this server.
pub(crate) fn may_write(ctx: Context<'_>, channel: store::id::ChannelId) -> bool {
    let cache = &ctx.serenity_context().cache;
    let me = cache.current_user().id;
    let Some(guild) = ctx.guild_id().and_then(|guild| cache.guild(guild)) else {
        return false;
    };
    let channel = serenity::ChannelId::new(channel.get());
    let (Some(channel), Some(me)) = (guild.channels.get(&channel), guild.members.get(&me)) else {
        return false;
    };
    let has = guild.user_permissions_in(channel, me);
    has.administrator() || has.contains(Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES)
}

/// Refuses outside of a server that the bot lives in.
pub(crate) fn require_server(ctx: Context<'_>) -> Result<store::id::GuildId, Error> {
    seat(ctx)
        .guild
        .ok_or_else(|| Error::User(tell!(ctx, "only-in-a-server")))
}

/// Everybody whom a person here could mean.
pub(crate) async fn candidates(ctx: Context<'_>) -> Result<Vec<Candidate>, Error> {
    Ok(house(ctx).cast.candidates(seat(ctx).place()).await?)
}

/// The candidate that a typed name means, or an error that says which there are.
pub(crate) fn meant(
    ctx: Context<'_>,
    typed: &str,
    candidates: &[Candidate],
) -> Result<Candidate, Error> {
    let names: Vec<&str> = candidates
        .iter()
        .flat_map(|one| [one.name.as_str(), one.slug.as_str()])
        .collect();
    match find(typed, &names) {
        Lookup::One(index) => Ok(candidates[index / 2].clone()),
        Lookup::Several(several) => {
            let mut found: Vec<&Candidate> =
                several.iter().map(|index| &candidates[index / 2]).collect();
            found.dedup();
            match found.as_slice() {
                [one] => Ok((*one).clone()),
                _ => {
                    let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
                    Err(Error::User(
                        tell!(ctx, "persona-ambiguous", typed: typed, names: names.join(", ")),
                    ))
                }
            }
        }
        Lookup::None => {
            let names: Vec<&str> = candidates.iter().map(|one| one.name.as_str()).collect();
            Err(Error::User(
                tell!(ctx, "persona-unknown", typed: typed, names: names.join(", ")),
            ))
        }
    }
}

/// The persona that was named, or the one that speaks here.
pub(crate) async fn named_or_speaking(
    ctx: Context<'_>,
    typed: Option<&str>,
) -> Result<Arc<Persona>, Error> {
    let (cast, seat) = (&house(ctx).cast, seat(ctx));
    let found = match typed {
        Some(typed) => {
            let meant = meant(ctx, typed, &candidates(ctx).await?)?;
            cast.persona(meant.id, meant.version).await?
        }
        None => cast.speaking(seat).await?.map(|(persona, _)| persona),
    };
    found.ok_or_else(|| Error::User(tell!(ctx, "nobody-here")))
}

/// Names that fit what was typed so far, for autocompletion.
pub(crate) async fn complete_persona(
    ctx: Context<'_>,
    typed: &str,
) -> serenity::CreateAutocompleteResponse {
    offer(names_like(ctx, typed, |_| true).await)
}

/// Names of those that are not adopted yet.
pub(crate) async fn complete_adoptable(
    ctx: Context<'_>,
    typed: &str,
) -> serenity::CreateAutocompleteResponse {
    offer(names_like(ctx, typed, |one| !one.adopted).await)
}

/// Offers choices.
pub(crate) fn offer(
    choices: Vec<serenity::AutocompleteChoice>,
) -> serenity::CreateAutocompleteResponse {
    serenity::CreateAutocompleteResponse::new().set_choices(choices)
}

/// Names that fit what was typed so far, the best first.
pub(crate) async fn names_like(
    ctx: Context<'_>,
    typed: &str,
    wanted: impl Fn(&Candidate) -> bool,
) -> Vec<serenity::AutocompleteChoice> {
    /// <https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete>
    const MOST: usize = 25;
    let mut candidates = match candidates(ctx).await {
        Ok(candidates) => candidates,
        Err(error) => {
            tracing::warn!(%error, "names could not be completed");
            return vec![];
        }
    };
    candidates.retain(|one| wanted(one));
    let names: Vec<&str> = candidates
        .iter()
        .flat_map(|one| [one.name.as_str(), one.slug.as_str()])
        .collect();
    let mut places: Vec<usize> = rank(typed, &names)
        .into_iter()
        .map(|index| index / 2)
        .collect();
    let mut seen = std::collections::HashSet::new();
    places.retain(|place| seen.insert(*place));
    places
        .into_iter()
        .take(MOST)
        .map(|place| {
            let name = candidates[place].name.clone();
            serenity::AutocompleteChoice::new(name.clone(), name)
        })
        .collect()
}

/// Answers so that only the user sees it.
pub(crate) async fn answer_quietly(ctx: Context<'_>, text: String) -> Result<(), Error> {
    answer::send(
        ctx,
        poise::CreateReply::default().content(text).ephemeral(true),
    )
    .await?;
    Ok(())
}
