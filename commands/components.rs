//! Buttons. What a button does is written in its id, so that it still works after a restart.

use companion::House;
use companion::cast::Seat;
use poise::serenity_prelude::{
    self as serenity, ComponentInteraction, FullEvent, Interaction, Permissions,
};
use store::id::{FactId, PersonaId, ScopeId};

use crate::answer;
use crate::budget::history;
use crate::error::for_person;
use crate::here::{parent_of, permission_names};
use crate::memory::forget::What;
use crate::memory::{beyond, facts, pins, show};
use crate::texts::{Locale, format, say};
use crate::{Data, Error};

/// Whether somebody is sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sure {
    Yes,
    No,
}

impl Sure {
    const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }

    /// Whatever is not a yes is a no.
    fn read(word: &str) -> Self {
        match word {
            "yes" => Self::Yes,
            _ => Self::No,
        }
    }
}

/// What a pressed button asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// Another page of `/memory show`.
    Show { persona: PersonaId, page: u32 },
    /// Another page of `/memory facts`.
    Facts { persona: PersonaId, page: u32 },
    /// Another page of `/memory pins`.
    Pins { persona: PersonaId, page: u32 },
    /// A pin of a page of `/memory pins` is to be taken away.
    Unpin {
        persona: PersonaId,
        fact: FactId,
        page: u32,
    },
    /// The answer to `/privacy forget-me`'s question.
    ForgetMe { sure: Sure },
    /// The answer to `/memory forget`'s question.
    Forget {
        persona: PersonaId,
        what: What,
        sure: Sure,
    },
    /// Another page of `/budget history`.
    History { page: u32 },
}

impl Press {
    /// As a button's id; at most 100 characters,
    /// <https://discord.com/developers/docs/components/reference#anatomy-of-a-component-custom-id>.
    pub(crate) fn id(self) -> String {
        match self {
            Self::Show { persona, page } => format!("memory:show:{persona}:{page}"),
            Self::Facts { persona, page } => format!("memory:facts:{persona}:{page}"),
            Self::Pins { persona, page } => format!("memory:pins:{persona}:{page}"),
            Self::Unpin {
                persona,
                fact,
                page,
            } => format!("memory:unpin:{persona}:{fact}:{page}"),
            Self::ForgetMe { sure } => format!("privacy:forget-me:{}", sure.word()),
            Self::Forget {
                persona,
                what,
                sure,
            } => {
                let what = if what == What::Mine {
                    "mine"
                } else {
                    "channel"
                };
                let sure = sure.word();
                format!("memory:forget:{persona}:{what}:{sure}")
            }
            Self::History { page } => format!("budget:history:{page}"),
        }
    }

    /// Reads a button's id; `None` where it is none of ours.
    fn read(id: &str) -> Option<Self> {
        let parts: Vec<&str> = id.split(':').collect();
        match parts.as_slice() {
            ["memory", "show", persona, page] => Some(Self::Show {
                persona: PersonaId(persona.parse().ok()?),
                page: page.parse().ok()?,
            }),
            ["memory", "facts", persona, page] => Some(Self::Facts {
                persona: PersonaId(persona.parse().ok()?),
                page: page.parse().ok()?,
            }),
            ["memory", "pins", persona, page] => Some(Self::Pins {
                persona: PersonaId(persona.parse().ok()?),
                page: page.parse().ok()?,
            }),
            ["memory", "unpin", persona, fact, page] => Some(Self::Unpin {
                persona: PersonaId(persona.parse().ok()?),
                fact: FactId(fact.parse().ok()?),
                page: page.parse().ok()?,
            }),
            ["privacy", "forget-me", sure] => Some(Self::ForgetMe {
                sure: Sure::read(sure),
            }),
            ["memory", "forget", persona, what, sure] => Some(Self::Forget {
                persona: PersonaId(persona.parse().ok()?),
                what: match *what {
                    "mine" => What::Mine,
                    "channel" => What::Channel,
                    _ => return None,
                },
                sure: Sure::read(sure),
            }),
            ["budget", "history", page] => Some(Self::History {
                page: page.parse().ok()?,
            }),
            _ => None,
        }
    }
}

/// The buttons to the pages before and after one of `pages`; none where there is only one. Pages count from 0.
pub(crate) fn turning(
    press: impl Fn(u32) -> Press,
    number: u32,
    pages: u64,
) -> Vec<serenity::CreateActionRow> {
    if pages <= 1 {
        return vec![];
    }
    let button = |page: u32, label: &str, there: bool| {
        serenity::CreateButton::new(press(page).id())
            .label(label)
            .style(serenity::ButtonStyle::Secondary)
            .disabled(!there)
    };
    vec![serenity::CreateActionRow::Buttons(vec![
        button(number.saturating_sub(1), "◀", number > 0),
        button(number + 1, "▶", u64::from(number) + 1 < pages),
    ])]
}

/// Answers a pressed button of ours.
pub(crate) async fn handle(
    ctx: &serenity::Context,
    event: &FullEvent,
    data: &Data,
) -> Result<(), Error> {
    let FullEvent::InteractionCreate {
        interaction: Interaction::Component(pressed),
    } = event
    else {
        return Ok(());
    };
    let Some(press) = Press::read(&pressed.data.custom_id) else {
        return Ok(());
    };
    // First of all, so that a slow disk never costs Discord's three seconds.
    pressed.defer(ctx).await?;
    let locale = Locale::of(Some(&pressed.locale));
    let (text, buttons) = match act(ctx, pressed, press, data, locale).await {
        Ok(answer) => answer,
        Err(error) => (for_person(&error, locale), vec![]),
    };
    let response = serenity::EditInteractionResponse::new()
        .content(text)
        .components(buttons);
    answer::taken(pressed.edit_response(ctx, response).await.map(drop))
}

async fn act(
    ctx: &serenity::Context,
    pressed: &ComponentInteraction,
    press: Press,
    data: &Data,
    locale: Locale,
) -> Result<(String, Vec<serenity::CreateActionRow>), Error> {
    let (house, seat) = (data.companion.house(), seat(ctx, pressed));
    let scope = |persona| ScopeId {
        guild: seat.guild,
        channel: seat.channel,
        persona,
    };
    match press {
        Press::Show { persona, page } => {
            let name = name(house, persona).await?;
            let (mut text, buttons) =
                show::page(house, &scope(persona), seat.user, &name, page, locale).await?;
            beyond::mention_summary(&mut text, house, &scope(persona), locale).await?;
            let who = (persona, name.as_str());
            beyond::add(&mut text, &data.companion, seat, who, false, locale).await?;
            Ok((text, buttons))
        }
        Press::Facts { persona, page } => {
            let name = name(house, persona).await?;
            let (mut text, buttons) =
                facts::page(house, &scope(persona), seat.user, &name, page, locale).await?;
            beyond::mention_summary(&mut text, house, &scope(persona), locale).await?;
            let who = (persona, name.as_str());
            beyond::add(&mut text, &data.companion, seat, who, true, locale).await?;
            Ok((text, buttons))
        }
        Press::Pins { persona, page } | Press::Unpin { persona, page, .. } => {
            if !may(pressed, Permissions::MANAGE_CHANNELS) {
                return Err(Error::User(format(locale, "pins-not-yours", None)));
            }
            if let Press::Unpin { fact, .. } = press {
                pins::unpin(house, &scope(persona), fact).await?;
            }
            let name = name(house, persona).await?;
            pins::page(house, &scope(persona), &name, page, locale).await
        }
        Press::ForgetMe { sure: Sure::No } => Ok((format(locale, "forget-kept", None), vec![])),
        Press::ForgetMe { sure: Sure::Yes } => {
            let forgotten = data
                .companion
                .forget_person(seat.user, pressed.id.get().into())
                .await?;
            let mut args = fluent_bundle::FluentArgs::new();
            args.set("count", forgotten);
            Ok((format(locale, "forgotten-me", Some(&args)), vec![]))
        }
        Press::Forget { sure: Sure::No, .. } => Ok((format(locale, "forget-kept", None), vec![])),
        Press::Forget {
            persona,
            what,
            sure: Sure::Yes,
        } => {
            if what == What::Channel && !may(pressed, Permissions::MANAGE_CHANNELS) {
                return Err(Error::User(format(locale, "forget-not-yours", None)));
            }
            let forgotten = house
                .memory
                .forget(&scope(persona), what.of(seat.user))
                .await?;
            let mut args = fluent_bundle::FluentArgs::new();
            args.set("count", forgotten);
            Ok((format(locale, "forgotten", Some(&args)), vec![]))
        }
        Press::History { page } => {
            let guild = seat
                .guild
                .ok_or_else(|| Error::User(say!(locale, "only-in-a-server")))?;
            if !may(pressed, Permissions::MANAGE_GUILD) {
                let wanted = permission_names(Permissions::MANAGE_GUILD);
                return Err(Error::User(
                    say!(locale, "missing-permission", permission: wanted),
                ));
            }
            history::page(house, guild, page, locale).await
        }
    }
}

async fn name(house: &House, persona: PersonaId) -> Result<String, Error> {
    let persona = house.store.persona(persona).await?;
    Ok(persona.map(|persona| persona.name).unwrap_or_default())
}

/// The permission is looked at again: since the button was made it may have been taken away. In direct messages
/// everybody may do everything to what is theirs.
fn may(pressed: &ComponentInteraction, wanted: Permissions) -> bool {
    pressed.member.as_ref().is_none_or(|member| {
        let has = member.permissions.unwrap_or_default();
        has.contains(wanted) || has.administrator()
    })
}

/// As [`crate::here::seat`], for a button.
fn seat(ctx: &serenity::Context, pressed: &ComponentInteraction) -> Seat {
    let guild = pressed
        .guild_id
        .filter(|guild| ctx.cache.guild(*guild).is_some());
    Seat {
        guild: guild.map(|id| id.get().into()),
        channel: pressed.channel_id.get().into(),
        parent: guild
            .and(pressed.channel.as_ref())
            .and_then(parent_of)
            .map(|id| id.get().into()),
        user: pressed.user.id.get().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_reads_back_as_what_it_was_made_for() {
        let presses = [
            Press::Show {
                persona: PersonaId(7),
                page: 3,
            },
            Press::Forget {
                persona: PersonaId(i64::MAX),
                what: What::Channel,
                sure: Sure::Yes,
            },
            Press::Forget {
                persona: PersonaId(1),
                what: What::Mine,
                sure: Sure::No,
            },
            Press::History { page: u32::MAX },
            Press::Pins {
                persona: PersonaId(7),
                page: 1,
            },
            Press::Unpin {
                persona: PersonaId(i64::MAX),
                fact: FactId(i64::MAX),
                page: u32::MAX,
            },
        ];
        for press in presses {
            assert_eq!(Press::read(&press.id()), Some(press));
            assert!(press.id().len() <= 100);
        }
        assert_eq!(Press::read("somebody:else"), None);
    }
}
