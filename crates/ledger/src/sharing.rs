//! Sharing: whether a call stays within what its guild's members have agreed to share, see [`crate::fair`].

use chrono::{DateTime, TimeDelta, Utc};
use store::StoreError;
use store::id::{GuildId, UserId};
use store::shares::{self as rows, Taken};
use store::windows::{Connection, Fill, Window};

use crate::ask::Purpose;
use crate::calendar::Span;
use crate::fair::{Beyond, Shares};
use crate::hold::Size;
use crate::refusal::Refusal;
use crate::scope::{Period, Scope, Spender, Unit};
use crate::standing::Standing;

/// For how long somebody counts among those who share.
const ACTIVE: TimeDelta = TimeDelta::days(7);

/// Who shares a guild's budget, from where one of them stands.
pub(crate) struct Circle {
    pub(crate) guild: GuildId,
    /// The one who asks; nobody for background work.
    pub(crate) member: Option<UserId>,
    /// The most that one of them may take, in percent.
    pub(crate) percent: u8,
    /// How many they are, with the one who asks.
    pub(crate) members: i64,
    /// Whoever was active after this moment is one of them.
    since: DateTime<Utc>,
}

/// A guild's window in one unit, as it is shared.
pub(crate) struct Shared<'a> {
    pub(crate) window: &'a Window,
    pub(crate) period: Period,
    pub(crate) unit: Unit,
    pub(crate) shares: Shares,
    /// What the member has taken of it.
    pub(crate) own: i64,
    /// What was taken out of the pool for others.
    pub(crate) pooled: i64,
}

/// What the one who asks has taken.
#[derive(Clone, Copy, Default)]
struct Own {
    usd: i64,
    tokens: i64,
}

impl Shared<'_> {
    pub(crate) fn span(&self) -> Span {
        Span {
            start: self.window.starts_at,
            end: self.window.ends_at,
        }
    }
}

impl Circle {
    /// Who shares in what this person asks for, where one member may take at most `percent`; `None` where nothing is
    /// shared.
    pub(crate) async fn of(
        conn: &mut Connection,
        percent: u8,
        spender: &Spender,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(guild) = spender.guild.filter(|_| percent < 100) else {
            return Ok(None);
        };
        let since = now - ACTIVE;
        let member = (!purpose.is_background()).then_some(spender.member);
        let others = rows::others(conn, guild, member, since).await?;
        let members = others + i64::from(member.is_some());
        Ok((members > 1).then_some(Self {
            guild,
            member,
            percent,
            members,
            since,
        }))
    }

    /// Every limited window of the guild as it is shared. `enough` says of a window which need not be looked at more
    /// closely, given the most that can have been taken out of its pool.
    pub(crate) async fn shared<'a>(
        &self,
        conn: &mut Connection,
        standing: &Standing<'_>,
        windows: &'a [Window],
        enough: impl Fn(&Shared<'_>) -> bool,
    ) -> Result<Vec<Shared<'a>>, StoreError> {
        let mut all = Vec::new();
        for window in windows {
            let Some(own) = self.own_of(window, windows) else {
                continue;
            };
            let Some(period) = Period::of(&window.period) else {
                continue;
            };
            let mut shared: Vec<Shared<'a>> = Unit::ALL
                .into_iter()
                .filter_map(|unit| self.share(standing, window, own, period, unit))
                .collect();
            if !shared.iter().all(&enough) {
                let floor = |unit| {
                    let of = shared.iter().find(|one| one.unit == unit);
                    of.map_or(0, |one| self.floor_of_others(one, window))
                };
                let floors = (floor(Unit::Usd), floor(Unit::Tokens));
                let (guild, member, since) = (self.guild, self.member, self.since);
                let taken = rows::taken(conn, guild, member, since, window, floors).await?;
                for one in &mut shared {
                    one.pooled = pooled(one, &taken);
                }
            }
            all.extend(shared);
        }
        Ok(all)
    }

    /// What the one who asks has taken of a window, if it is one of the guild that is shared. It is not where they have
    /// no window of their own beside it: then the guild's time zone was changed before they first spoke, and the window
    /// of the zone in force is the one that is shared.
    fn own_of(&self, window: &Window, windows: &[Window]) -> Option<Own> {
        let guild = self.guild;
        if window.scope != Scope::Guild(guild).key() {
            return None;
        }
        let Some(member) = self.member else {
            return Some(Own::default());
        };
        let key = Scope::Member { guild, member }.key();
        let own = windows.iter().find(|own| {
            own.scope == key && own.period == window.period && own.starts_at == window.starts_at
        })?;
        Some(Own {
            usd: used(own.usd),
            tokens: used(own.tokens),
        })
    }

    fn share<'a>(
        &self,
        standing: &Standing<'_>,
        window: &'a Window,
        own: Own,
        period: Period,
        unit: Unit,
    ) -> Option<Shared<'a>> {
        let whole = fill(window, unit);
        let limit = whole.set?;
        let own = match unit {
            Unit::Usd => own.usd,
            Unit::Tokens => own.tokens,
        };
        let mut shares = Shares::of(limit, self.percent, self.members);
        // An admin who has set a limit for this member has said what they may take.
        let guild = self.guild;
        let scope = self.member.map(|member| Scope::Member { guild, member });
        if let Some(cap) = scope.and_then(|scope| standing.set_by_somebody(&scope, period, unit)) {
            shares = shares.with_cap(cap.unwrap_or(limit).min(limit));
        }
        Some(Shared {
            window,
            period,
            unit,
            shares,
            own,
            // At most this, until it is looked at more closely.
            pooled: (used(whole) - own).max(0),
        })
    }

    /// The floor of members for whom nothing was set.
    fn floor_of_others(&self, one: &Shared<'_>, window: &Window) -> i64 {
        let limit = fill(window, one.unit).set.unwrap_or(i64::MAX);
        Shares::of(limit, self.percent, self.members).floor
    }
}

/// Refuses what goes beyond the member's share, or, in the background, beyond what is not members' floors.
pub(crate) async fn check(
    conn: &mut Connection,
    circle: &Circle,
    standing: &Standing<'_>,
    windows: &[Window],
    size: &Size,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let beyond = |one: &Shared<'_>| {
        let needed = match one.unit {
            Unit::Usd => size.usd.0,
            Unit::Tokens => size.tokens,
        };
        let admitted = match purpose.is_background() {
            true => one.background(needed),
            false => one
                .shares
                .admit(one.own, needed, one.pooled, one.span(), now),
        };
        admitted
            .err()
            .filter(|_| needed > 0)
            .map(|beyond| (beyond, needed))
    };
    let shared = circle
        .shared(conn, standing, windows, |one| beyond(one).is_none())
        .await?;
    let in_the_way = shared.iter().filter_map(|one| Some((one, beyond(one)?)));
    let Some((one, (Beyond { left, opens_at }, needed))) =
        in_the_way.max_by_key(|(_, (beyond, _))| beyond.opens_at)
    else {
        return Ok(());
    };
    let (period, resets_at) = (one.period, one.window.ends_at);
    if purpose.is_background() {
        let scope = Scope::Guild(circle.guild);
        return Err(Refusal::BackgroundRests {
            scope,
            period,
            resets_at,
        });
    }
    Err(Refusal::Share {
        period,
        unit: one.unit,
        needed,
        left,
        opens_at,
        resets_at,
    })
}

impl Shared<'_> {
    /// Background work is nobody's: it comes out of the pool, opened or not, and never out of anybody's floor.
    fn background(&self, needed: i64) -> Result<(), Beyond> {
        let left = self.shares.pool - self.pooled;
        if needed <= left {
            return Ok(());
        }
        let (left, opens_at) = (left.max(0), self.window.ends_at);
        Err(Beyond { left, opens_at })
    }
}

/// What was taken out of the pool for others: what active members took beyond their floors, and all that is no active
/// member's.
fn pooled(one: &Shared<'_>, taken: &Taken) -> i64 {
    let (by_others, beyond) = match one.unit {
        Unit::Usd => (taken.usd, taken.usd_beyond),
        Unit::Tokens => (taken.tokens, taken.tokens_beyond),
    };
    let nobodys = used(fill(one.window, one.unit)) - by_others - one.own;
    beyond + nobodys.max(0)
}

fn fill(window: &Window, unit: Unit) -> Fill {
    match unit {
        Unit::Usd => window.usd,
        Unit::Tokens => window.tokens,
    }
}

/// What is taken: spent, or set aside.
fn used(fill: Fill) -> i64 {
    fill.posted + fill.pending
}
