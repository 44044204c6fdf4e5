//! `/memory forget`: asks once, then forgets for good.

use ::memory::ForgetWhat;
use poise::serenity_prelude::{self as serenity, Permissions};

use super::facts::{complete_fact, own};
use crate::answer;
use crate::components::{Press, Sure};
use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Context, Error};

/// What is to be forgotten, as the choices read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poise::ChoiceParameter)]
pub(crate) enum What {
    /// What one person said, and the answers.
    #[name = "what I said"]
    #[name_localized("zh-CN", "我说过的话")]
    Mine,
    /// Everything in this channel.
    #[name = "this whole channel"]
    #[name_localized("zh-CN", "整个频道")]
    Channel,
}

impl What {
    /// What the memory is asked to forget.
    pub(crate) fn of(self, user: store::id::UserId) -> ForgetWhat {
        match self {
            Self::Mine => ForgetWhat::Person(user),
            Self::Channel => ForgetWhat::All,
        }
    }
}

/// Make a persona forget what you said here, or this whole channel.
#[poise::command(slash_command)]
pub(super) async fn forget(
    ctx: Context<'_>,
    #[description = "What to forget (what you said, if you say nothing)"] what: Option<What>,
    #[description = "Whose memory (whoever speaks here, if you say nothing)"]
    #[autocomplete = "here::complete_persona"]
    persona: Option<String>,
    #[description = "One thing that it knows of you"]
    #[autocomplete = "complete_fact"]
    fact: Option<String>,
) -> Result<(), Error> {
    if let Some(fact) = fact {
        return forget_one(ctx, &fact).await;
    }
    let what = what.unwrap_or(What::Mine);
    if what == What::Channel && seat(ctx).guild.is_some() {
        here::require(ctx, Permissions::MANAGE_CHANNELS)?;
    }
    let persona = here::named_or_speaking(ctx, persona.as_deref()).await?;
    let question = match what {
        What::Mine => tell!(ctx, "forget-mine-sure", name: persona.name.as_str()),
        What::Channel => tell!(ctx, "forget-channel-sure", name: persona.name.as_str()),
    };
    let press = |sure| {
        Press::Forget {
            persona: persona.id,
            what,
            sure,
        }
        .id()
    };
    let buttons = serenity::CreateActionRow::Buttons(vec![
        serenity::CreateButton::new(press(Sure::Yes))
            .label(tell!(ctx, "forget-yes"))
            .style(serenity::ButtonStyle::Danger),
        serenity::CreateButton::new(press(Sure::No))
            .label(tell!(ctx, "forget-no"))
            .style(serenity::ButtonStyle::Secondary),
    ]);
    let reply = poise::CreateReply::default()
        .content(question)
        .components(vec![buttons])
        .ephemeral(true);
    answer::send(ctx, reply).await?;
    Ok(())
}

async fn forget_one(ctx: Context<'_>, fact: &str) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let (scope, known) = own(ctx, fact).await?;
    house(ctx).memory.forget_fact(&scope, known.id).await?;
    here::answer_quietly(ctx, tell!(ctx, "fact-dropped", fact: known.text)).await
}
