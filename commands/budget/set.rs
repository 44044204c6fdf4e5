//! `/budget set`: limits, shares, models, warnings and the time zone of a server, as many at once as wanted.

use ledger::{Change, Ledger, ModelKey, Period, Scope, Unit};
use poise::serenity_prelude::{AutocompleteChoice, CreateAutocompleteResponse, PartialChannel};
use store::id::{ChannelId, GuildId, UserId};

use super::asked::{self, Counted, Runs, Wish};
use super::{change, steered};
use crate::answer;
use crate::here::{self, house, seat};
use crate::sheet::Sheet;
use crate::texts::{Locale, say};
use crate::{Context, Error};

/// Choices of an autocompletion,
/// <https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete>.
const MOST_CHOICES: usize = 25;
/// Characters of a choice,
/// <https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-choice-structure>.
const LONGEST_CHOICE: usize = 100;

/// Everything that was asked for; what was not is `None`.
#[derive(Default)]
struct Wanted {
    limit: Option<(Scope, Period, Unit, Wish)>,
    zone: Option<chrono_tz::Tz>,
    percent: Option<Option<u8>>,
    models: Option<Option<Vec<ModelKey>>>,
    warnings: Option<Option<ChannelId>>,
}

/// Set what this server may spend, and how: any of these, as many at once as you like.
#[poise::command(slash_command)]
#[expect(
    clippy::too_many_arguments,
    reason = "each is an option of the command"
)]
pub(super) async fn set(
    ctx: Context<'_>,
    #[description = "A number such as 1.50 or 200000; none for no limit; default for the operator's"]
    amount: Option<String>,
    #[description = "US dollars or tokens (dollars, if you say nothing)"] unit: Option<Counted>,
    #[description = "A day or a month (a day, if you say nothing)"] period: Option<Runs>,
    #[description = "The amount is for this channel and its threads only"]
    #[channel_types("Text", "News", "Forum", "Voice")]
    channel: Option<PartialChannel>,
    #[description = "The server's time zone, such as Europe/Berlin, in which its days begin"]
    #[autocomplete = "complete_zone"]
    time_zone: Option<String>,
    #[description = "The most that one member may use, in percent; 100 is no share, 0 the operator's default"]
    #[min = 0]
    #[max = 100]
    member_percent: Option<u8>,
    #[description = "The models that may be used here, with commas between them; or all"]
    #[autocomplete = "complete_models"]
    models: Option<String>,
    #[description = "Where to warn at 80 and 95 percent"]
    #[channel_types("Text", "News")]
    warning_channel: Option<PartialChannel>,
    #[description = "Whether to warn at all: true warns in this channel, false nowhere"]
    warnings: Option<bool>,
) -> Result<(), Error> {
    let guild = steered(ctx)?;
    let locale = Locale::of(ctx.locale());
    let mut wanted = Wanted {
        zone: time_zone
            .map(|name| asked::zone(locale, &name))
            .transpose()?,
        percent: member_percent.map(|percent| Some(percent).filter(|percent| *percent > 0)),
        models: models
            .map(|typed| asked::models(locale, &typed, &asked::configured(house(ctx))))
            .transpose()?,
        ..Wanted::default()
    };
    let is_half = amount.is_none() && (unit.is_some() || period.is_some() || channel.is_some());
    if is_half {
        return Err(Error::User(say!(locale, "budget-set-amount-missing")));
    }
    if let Some(typed) = amount {
        let unit = unit.unwrap_or(Counted::Usd).into();
        let scope = match channel {
            Some(channel) => Scope::Channel {
                guild,
                channel: channel.id.get().into(),
            },
            None => Scope::Guild(guild),
        };
        let wish = asked::amount(locale, &typed, unit)?;
        wanted.limit = Some((scope, period.unwrap_or(Runs::Day).into(), unit, wish));
    }
    let here = seat(ctx);
    let chosen = warning_channel.map(|channel| ChannelId::from(channel.id.get()));
    wanted.warnings = match (chosen, warnings) {
        (_, Some(false)) => Some(None),
        (Some(channel), _) => Some(Some(channel)),
        (None, Some(true)) => Some(Some(here.channel)),
        (None, None) => None,
    };
    if let Some(Some(channel)) = wanted.warnings
        && !here::may_write(ctx, channel)
    {
        let channel = format!("<#{channel}>");
        return Err(Error::User(
            say!(locale, "warnings-not-there", channel: channel),
        ));
    }
    if wanted.is_empty() {
        return Err(Error::User(say!(locale, "budget-set-nothing")));
    }
    ctx.defer().await?;
    let ledger = &house(ctx).ledger;
    let before = ledger.changes(guild).await?.len();
    let opened = apply(ledger, guild, wanted, here.user).await?;
    let mut made = ledger.changes(guild).await?;
    made.truncate(made.len().saturating_sub(before));
    // Another admin may have changed something in the same moment.
    made.retain(|change| change.by == here.user);
    answer::say(ctx, answer(locale, &made, opened)).await?;
    Ok(())
}

impl Wanted {
    fn is_empty(&self) -> bool {
        self.limit.is_none()
            && self.zone.is_none()
            && self.percent.is_none()
            && self.models.is_none()
            && self.warnings.is_none()
    }
}

/// Changes everything that is wanted. Says whether replies were closed and are open again.
async fn apply(ledger: &Ledger, guild: GuildId, wanted: Wanted, by: UserId) -> Result<bool, Error> {
    if let Some(zone) = wanted.zone {
        ledger.set_zone(guild, zone, by).await?;
    }
    if let Some((scope, period, unit, wish)) = wanted.limit {
        match wish {
            Wish::Limit(limit) => ledger.set_limit(scope, period, unit, limit, by).await?,
            Wish::Default => ledger.reset_limit(scope, period, unit, by).await?,
        }
    }
    if let Some(percent) = wanted.percent {
        ledger.set_member_percent(guild, percent, by).await?;
    }
    if let Some(models) = wanted.models {
        ledger.set_allowed_models(guild, models, by).await?;
    }
    if let Some(channel) = wanted.warnings {
        ledger.set_warning_channel(guild, channel, by).await?;
    }
    // Setting is how an admin says that a breach, or a restored backup, was seen.
    let mut opened = ledger.acknowledge(Scope::Guild(guild), by).await?;
    if let Some((scope @ Scope::Channel { .. }, ..)) = wanted.limit {
        opened |= ledger.acknowledge(scope, by).await?;
    }
    Ok(opened)
}

/// What changed, from what to what, and what to do next.
fn answer(locale: Locale, made: &[Change], opened: bool) -> String {
    let mut sheet = Sheet::default();
    let told: Vec<String> = made
        .iter()
        .rev()
        .filter(|change| change.what != "acknowledge")
        .map(|change| format!("• {}", change::in_words(locale, change)))
        .collect();
    match told.is_empty() {
        true => sheet.line(&say!(locale, "budget-set-already")),
        false => sheet.line(&say!(locale, "budget-set")),
    };
    for line in &told {
        sheet.line(line);
    }
    if opened {
        sheet.line(&say!(locale, "budget-opened"));
    }
    sheet.line(&say!(locale, "budget-set-next"));
    sheet.text()
}

async fn complete_zone(_: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    offer(asked::zones_like(typed))
}

async fn complete_models(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    offer(asked::models_like(typed, &asked::configured(house(ctx))))
}

fn offer(names: Vec<String>) -> CreateAutocompleteResponse {
    let choices = names
        .into_iter()
        .filter(|name| name.chars().count() <= LONGEST_CHOICE)
        .take(MOST_CHOICES)
        .map(|name| AutocompleteChoice::new(name.clone(), name));
    here::offer(choices.collect())
}
