//! The windows that a call counts in, made and brought up to date when they are needed.
//!
//! A hold counts in every window of its scopes that its moment is part of. That is one a scope and period, the one of
//! the time zone in force, and for a while more after the zone was changed: the old zone's window goes on until its
//! end, and the new zone's window starts with every hold that already falls into it. So changing the zone neither
//! forgets what was spent nor gives a second budget: between two moments at which a full budget can be spent again
//! lies a whole day of some zone that was in force, as it does without any change.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use store::StoreError;
use store::id::{ChannelId, GuildId};
use store::windows::{self as rows, Connection, NewWindow, Window};

use crate::calendar::{Span, span};
use crate::config::LedgerConfig;
use crate::guild::decided;
use crate::scope::{Period, Scope, Unit};
use crate::standing::Standing;

/// The time zone of a guild's days; the instance's where it has chosen none, and for everything that is no guild's.
pub(crate) async fn zone(
    conn: &mut Connection,
    config: &LedgerConfig,
    guild: Option<GuildId>,
) -> Result<Tz, StoreError> {
    Ok(decided(conn, config, guild).await?.0)
}

/// The windows of these scopes in the zones in force. A scope without a guild follows the instance's zone, and a channel
/// has a window only while it has a limit. (It keeps one that it had until that one ends.)
pub(crate) fn in_force(
    standing: &Standing<'_>,
    guild_zone: Tz,
    scopes: &[Scope],
    now: DateTime<Utc>,
) -> Vec<(Scope, Period, Span)> {
    let zone = |scope: &Scope| scope.guild().map_or(standing.config.zone, |_| guild_zone);
    let has_one = |scope: &Scope, period| {
        !matches!(scope, Scope::Channel { .. }) || standing.is_limited(scope, period)
    };
    scopes
        .iter()
        .flat_map(|scope| {
            Period::ALL.map(|period| (*scope, period, span(period, zone(scope), now)))
        })
        .filter(|(scope, period, _)| has_one(scope, *period))
        .collect()
}

/// Whether the window of this scope, period and span is among these.
pub(crate) fn is_among(open: &[Window], (scope, period, span): &(Scope, Period, Span)) -> bool {
    let key = scope.key();
    open.iter()
        .any(|w| w.scope == key && w.period == period.key() && w.starts_at == span.start)
}

/// Every window that a call of these scopes counts in now, with the limits that stand. All scopes are of one guild.
pub(crate) async fn at(
    conn: &mut Connection,
    standing: &Standing<'_>,
    guild_zone: Tz,
    scopes: &[Scope],
    now: DateTime<Utc>,
) -> Result<Vec<Window>, StoreError> {
    let keys: Vec<String> = scopes.iter().map(Scope::key).collect();
    let mut open = rows::at(conn, &keys, now).await?;
    let mut changed = false;
    for wanted in in_force(standing, guild_zone, scopes, now) {
        if is_among(&open, &wanted) {
            continue;
        }
        let (scope, period, span) = wanted;
        let new = NewWindow {
            scope: scope.key(),
            channel: channel(&scope),
            period: period.key().to_owned(),
            starts_at: span.start,
            ends_at: span.end,
            usd: standing.limit(&scope, period, Unit::Usd),
            tokens: standing.limit(&scope, period, Unit::Tokens),
        };
        rows::create(conn, &new).await?;
        changed = true;
    }
    for window in &open {
        changed |= bring_up_to_date(conn, window, scopes, standing).await?;
    }
    if changed {
        open = rows::at(conn, &keys, now).await?;
    }
    Ok(open)
}

fn channel(scope: &Scope) -> Option<ChannelId> {
    match scope {
        Scope::Channel { channel, .. } => Some(*channel),
        _ => None,
    }
}

/// Gives a window the limits that stand, if they have changed since it was made.
async fn bring_up_to_date(
    conn: &mut Connection,
    window: &Window,
    scopes: &[Scope],
    standing: &Standing<'_>,
) -> Result<bool, StoreError> {
    let Some((scope, period)) = identify(window, scopes) else {
        return Ok(false);
    };
    let usd = standing.limit(&scope, period, Unit::Usd);
    let tokens = standing.limit(&scope, period, Unit::Tokens);
    if usd != window.usd.set {
        rows::limit_usd(conn, window.id, usd).await?;
    }
    if tokens != window.tokens.set {
        rows::limit_tokens(conn, window.id, tokens).await?;
    }
    Ok(usd != window.usd.set || tokens != window.tokens.set)
}

/// Which of these scopes a window belongs to, and its period.
pub(crate) fn identify(window: &Window, scopes: &[Scope]) -> Option<(Scope, Period)> {
    let scope = scopes.iter().find(|scope| scope.key() == window.scope)?;
    Some((*scope, Period::of(&window.period)?))
}
