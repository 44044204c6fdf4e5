//! What a guild's admins decide beside its limits: a pause, shares, which models, and where warnings go. Every change
//! leaves a row in the history.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use store::StoreError;
use store::guild_budgets::{self as rows, GuildBudgetRow};
use store::id::{ChannelId, GuildId, UserId};
use store::limits::{self, Change};
use store::windows::Connection;

use crate::config::LedgerConfig;
use crate::ledger::Ledger;
use crate::refusal::{LedgerError, Refusal};
use crate::scope::Scope;
use crate::terms::ModelKey;

/// What a guild's admins have decided. `None` is the default: no pause, the operator's member percent, every model, and
/// no warnings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuildBudget {
    /// Since when nothing is spent in the guild.
    pub paused: Option<DateTime<Utc>>,
    /// The most that one member may use of a window, in percent; 100 takes no shares at all.
    pub member_percent: Option<u8>,
    /// The only models that may be asked, whatever for.
    pub allowed_models: Option<Vec<ModelKey>>,
    /// Where the guild is told that its budget is nearly used up.
    pub warning_channel: Option<ChannelId>,
}

impl GuildBudget {
    fn of(row: GuildBudgetRow) -> Self {
        let models = |pairs: Vec<(String, String)>| {
            let model = |(provider, model)| ModelKey { provider, model };
            pairs.into_iter().map(model).collect()
        };
        Self {
            paused: row.paused_at,
            member_percent: row.member_percent,
            allowed_models: row.allowed_models.map(models),
            warning_channel: row.warning_channel,
        }
    }

    fn row(&self) -> GuildBudgetRow {
        let pair = |model: &ModelKey| (model.provider.clone(), model.model.clone());
        GuildBudgetRow {
            time_zone: None,
            paused_at: self.paused,
            member_percent: self.member_percent,
            allowed_models: self
                .allowed_models
                .as_ref()
                .map(|models| models.iter().map(pair).collect()),
            warning_channel: self.warning_channel,
        }
    }

    /// Refuses where the guild rests, or where its admins have not allowed this model.
    pub(crate) fn check(&self, model: &ModelKey) -> Result<(), Refusal> {
        if let Some(since) = self.paused {
            return Err(Refusal::Paused { since });
        }
        match &self.allowed_models {
            Some(allowed) if !allowed.contains(model) => Err(Refusal::ModelNotAllowed {
                model: model.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// The most that one member may use, in percent.
    pub(crate) fn percent(&self, config: &LedgerConfig) -> u8 {
        self.member_percent
            .unwrap_or(config.member_share_percent)
            .min(100)
    }
}

/// What a guild has decided, and the time zone of its days. Nothing where there is no guild.
pub(crate) async fn decided(
    conn: &mut Connection,
    config: &LedgerConfig,
    guild: Option<GuildId>,
) -> Result<(Tz, GuildBudget), StoreError> {
    let Some(guild) = guild else {
        return Ok((config.zone, GuildBudget::default()));
    };
    let mut row = rows::read(conn, guild).await?;
    let zone = row.time_zone.take().and_then(|name| name.parse().ok());
    Ok((zone.unwrap_or(config.zone), GuildBudget::of(row)))
}

/// One thing that was decided.
enum Decision {
    Paused(bool),
    MemberPercent(Option<u8>),
    AllowedModels(Option<Vec<ModelKey>>),
    WarningChannel(Option<ChannelId>),
}

impl Ledger {
    /// What the guild's admins have decided beside its limits.
    pub async fn settings(&self, guild: GuildId) -> Result<GuildBudget, LedgerError> {
        self.store
            .read(move |conn| {
                Box::pin(async move { Ok(GuildBudget::of(rows::read(conn, guild).await?)) })
            })
            .await
    }

    /// Lets nothing be spent in a guild any more, or lets it be spent again. Calls that run go on. Says whether that
    /// changed anything; if not, the history is left alone. So it is with the other decisions.
    pub async fn set_paused(
        &self,
        guild: GuildId,
        paused: bool,
        by: UserId,
    ) -> Result<bool, LedgerError> {
        self.decide(guild, Decision::Paused(paused), by).await
    }

    /// Sets the most that one member may use of a window of the guild, from 1 to 100 percent; 100 takes no shares: first
    /// come, first served. `None` is the operator's default.
    pub async fn set_member_percent(
        &self,
        guild: GuildId,
        percent: Option<u8>,
        by: UserId,
    ) -> Result<bool, LedgerError> {
        if percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return Err(LedgerError::BadPercent);
        }
        self.decide(guild, Decision::MemberPercent(percent), by)
            .await
    }

    /// Says which models may be asked for the guild; `None` is all. It holds for every purpose: for a model that makes
    /// vectors, too.
    pub async fn set_allowed_models(
        &self,
        guild: GuildId,
        models: Option<Vec<ModelKey>>,
        by: UserId,
    ) -> Result<bool, LedgerError> {
        self.decide(guild, Decision::AllowedModels(models), by)
            .await
    }

    /// Says where the guild is warned when its budget is nearly used up; `None` is nowhere.
    pub async fn set_warning_channel(
        &self,
        guild: GuildId,
        channel: Option<ChannelId>,
        by: UserId,
    ) -> Result<bool, LedgerError> {
        self.decide(guild, Decision::WarningChannel(channel), by)
            .await
    }

    async fn decide(
        &self,
        guild: GuildId,
        decision: Decision,
        by: UserId,
    ) -> Result<bool, LedgerError> {
        let now = self.clock.now();
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    let mut budget = GuildBudget::of(rows::read(conn, guild).await?);
                    let Some((what, before, after)) = budget.take_in(decision, now) else {
                        return Ok(false);
                    };
                    rows::write(conn, guild, &budget.row()).await?;
                    let change = Change {
                        scope: Scope::Guild(guild).key(),
                        what: what.to_owned(),
                        period: None,
                        unit: None,
                        before,
                        after,
                        by,
                        at: now,
                    };
                    limits::record(conn, &change).await?;
                    Ok(true)
                })
            })
            .await
    }
}

/// What was changed, from what, and to what.
type Told = (&'static str, Option<String>, Option<String>);

impl GuildBudget {
    /// Makes a decision part of this; `None` if it was so already.
    fn take_in(&mut self, decision: Decision, now: DateTime<Utc>) -> Option<Told> {
        let before = self.clone();
        match decision {
            Decision::Paused(false) => self.paused = None,
            Decision::Paused(true) => self.paused = self.paused.or(Some(now)),
            Decision::MemberPercent(percent) => self.member_percent = percent,
            Decision::AllowedModels(ref models) => self.allowed_models.clone_from(models),
            Decision::WarningChannel(channel) => self.warning_channel = channel,
        }
        if before == *self {
            return None;
        }
        let told = match decision {
            Decision::Paused(_) => ("pause", before.tell_pause(), self.tell_pause()),
            Decision::MemberPercent(_) => (
                "member_percent",
                before.member_percent.map(|p| p.to_string()),
                self.member_percent.map(|p| p.to_string()),
            ),
            Decision::AllowedModels(_) => ("models", before.tell_models(), self.tell_models()),
            Decision::WarningChannel(_) => (
                "warning_channel",
                before.warning_channel.map(|c| c.to_string()),
                self.warning_channel.map(|c| c.to_string()),
            ),
        };
        Some(told)
    }

    fn tell_pause(&self) -> Option<String> {
        let word = if self.paused.is_some() {
            "paused"
        } else {
            "open"
        };
        Some(word.to_owned())
    }

    fn tell_models(&self) -> Option<String> {
        let models = self.allowed_models.as_ref()?;
        let names: Vec<String> = models.iter().map(ToString::to_string).collect();
        Some(names.join(", "))
    }
}
