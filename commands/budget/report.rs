//! The words of `/budget show`.

use std::collections::HashMap;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use ledger::{
    BudgetView, Gauge, PicoUsd, ReplyCost, Scope, ShareView, Spend, Stance, Unit, WindowView,
};
use store::id::{ChannelId, PersonaId};

use super::amounts::{grouped, in_words, period_in_words, scope_in_words, spend_in_words};
use crate::sheet::Sheet;
use crate::texts::{Locale, say};

/// Replies whose cost is shown one by one.
const REPLIES_SHOWN: usize = 6;
/// Personas, members, purposes and models that are named.
const NAMED: usize = 6;
/// From here on, in percent, admins see that a limit is nearly used up.
const NEARLY: i64 = 80;

/// Where the server's warnings go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Warnings {
    /// Nowhere: no channel was chosen.
    Nowhere,
    /// To this channel.
    To(ChannelId),
    /// The chosen channel is gone, or the bot may not write there.
    Lost(ChannelId),
}

/// What the report tells of.
pub(super) struct Report<'a> {
    pub(super) locale: Locale,
    pub(super) view: &'a BudgetView,
    pub(super) names: &'a HashMap<PersonaId, String>,
    /// Since when everything is closed because a backup was restored.
    pub(super) restored: Option<DateTime<Utc>>,
    /// What is left in percent when background work stops, and when replies get short.
    pub(super) ladder: (u8, u8),
    /// What only those who manage the server see; `None` for everybody else.
    pub(super) warnings: Option<Warnings>,
    /// Whether the budget is a server's.
    pub(super) of_server: bool,
}

impl Report<'_> {
    /// The message.
    pub(super) fn text(&self) -> String {
        let (locale, view) = (self.locale, self.view);
        let mut sheet = Sheet::default();
        sheet.line(&say!(locale, "budget-title"));
        if let Some(since) = view.settings.paused {
            sheet.line(&say!(locale, "budget-is-paused", since: since.timestamp().to_string()));
        }
        if let Some(since) = self.restored {
            sheet.line(&say!(locale, "budget-restored", since: since.timestamp().to_string()));
        }
        for window in view.windows.iter().filter(|window| is_of_interest(window)) {
            sheet.line(&self.window(window));
        }
        for share in &view.shares {
            sheet.line(&self.share(share));
        }
        sheet.line(&self.stance());
        self.spenders(&mut sheet);
        self.for_admins(&mut sheet);
        if view.replies.is_empty() {
            sheet.line(&format!("\n{}", say!(locale, "budget-no-replies")));
        }
        let replies: Vec<String> = view
            .replies
            .iter()
            .take(REPLIES_SHOWN)
            .map(|reply| self.cost(reply))
            .collect();
        sheet.section(&say!(locale, "budget-replies"), &replies);
        sheet.text()
    }

    fn window(&self, window: &WindowView) -> String {
        let locale = self.locale;
        let gauges: Vec<String> = gauges(window)
            .filter(|(_, gauge)| gauge.limit.is_some() || gauge.posted + gauge.pending > 0)
            .map(|(unit, gauge)| amount(locale, unit, &gauge))
            .collect();
        let mut line = say!(
            locale, "budget-window",
            scope: scope_in_words(locale, window.scope),
            period: period_in_words(locale, window.period),
            amounts: gauges.join(" · "),
            reset: window.resets_at.timestamp().to_string(),
        );
        if window.frozen.is_some() {
            let _ = write!(line, "\n{}", say!(locale, "budget-frozen"));
        }
        line
    }

    fn share(&self, share: &ShareView) -> String {
        let (locale, unit) = (self.locale, share.unit);
        say!(
            locale, "budget-share",
            period: period_in_words(locale, share.period),
            used: in_words(locale, unit, share.used),
            open: in_words(locale, unit, share.open.max(0)),
            cap: in_words(locale, unit, share.cap),
            members: share.members,
        )
    }

    fn stance(&self) -> String {
        let id = match self.view.stance {
            Stance::Full => "stance-full",
            Stance::NoBackground => "stance-no-background",
            Stance::ToThePoint => "stance-to-the-point",
        };
        let (background, short) = self.ladder;
        say!(self.locale, id, background: background, short: short)
    }

    /// By whom and by what: one line each.
    fn spenders(&self, sheet: &mut Sheet) {
        let (locale, view) = (self.locale, self.view);
        let personas = listed(
            locale,
            view.by_persona.iter().enumerate().map(|(at, one)| {
                let name = match one.persona {
                    Some(id) => self.name(id),
                    None => say!(locale, "nobody"),
                };
                // The picture numbers them in this order.
                (format!("{} {name}", at + 1), one.month)
            }),
        );
        let purposes = listed(
            locale,
            view.by_purpose
                .iter()
                .map(|one| (purpose(locale, &one.purpose), one.month)),
        );
        let models = listed(
            locale,
            view.by_model
                .iter()
                .map(|one| (one.model.clone(), one.month)),
        );
        let lines: Vec<String> = [
            ("by-persona", personas),
            ("by-purpose", purposes),
            ("by-model", models),
        ]
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(id, list)| say!(locale, id, list: list))
        .collect();
        sheet.section(&say!(locale, "budget-spent-on"), &lines);
    }

    fn for_admins(&self, sheet: &mut Sheet) {
        let (Some(warnings), true) = (self.warnings, self.of_server) else {
            return;
        };
        let (locale, view) = (self.locale, self.view);
        let mut lines = Vec::new();
        let members = listed(
            locale,
            view.by_member
                .iter()
                .map(|one| (format!("<@{}>", one.member), one.month)),
        );
        if !members.is_empty() {
            lines.push(say!(locale, "by-member", list: members));
        }
        for window in &view.windows {
            if let (Scope::Guild(_), Some(percent)) = (window.scope, used(window)) {
                let period = period_in_words(locale, window.period);
                lines.push(say!(locale, "budget-nearly", percent: percent, period: period));
            }
        }
        lines.push(match warnings {
            Warnings::Nowhere => say!(locale, "warnings-nowhere"),
            Warnings::To(channel) => {
                say!(locale, "warnings-to", channel: format!("<#{channel}>"))
            }
            Warnings::Lost(channel) => {
                say!(locale, "warnings-lost", channel: format!("<#{channel}>"))
            }
        });
        let models = match &view.settings.allowed_models {
            None => say!(locale, "all-models"),
            Some(models) => models
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        };
        lines.push(say!(locale, "budget-rules", percent: view.member_percent, models: models));
        sheet.section(&say!(locale, "budget-for-admins"), &lines);
    }

    fn cost(&self, reply: &ReplyCost) -> String {
        let locale = self.locale;
        let who = reply
            .persona
            .map_or_else(|| "—".to_owned(), |id| self.name(id));
        let tokens = match (reply.input, reply.output) {
            (Some(input), Some(output)) => {
                say!(locale, "cost-reported", input: grouped(input), output: grouped(output))
            }
            _ if reply.prompt_alone => say!(locale, "cost-prompt", tokens: grouped(reply.tokens)),
            _ => say!(locale, "cost-held", tokens: grouped(reply.tokens)),
        };
        let price = match reply.usd {
            PicoUsd::ZERO => say!(locale, "cost-free"),
            usd => usd.to_string(),
        };
        say!(
            locale, "budget-reply",
            at: reply.at.timestamp().to_string(),
            persona: who,
            tokens: tokens,
            price: price,
            model: reply.model.model.as_str(),
        )
    }

    fn name(&self, id: PersonaId) -> String {
        self.names
            .get(&id)
            .cloned()
            .unwrap_or_else(|| "—".to_owned())
    }
}

/// Names with what they cost, the first few of them.
fn listed(locale: Locale, all: impl Iterator<Item = (String, Spend)>) -> String {
    let spent = all.filter(|(_, spend)| spend.calls > 0);
    let told: Vec<String> = spent
        .take(NAMED)
        .map(|(name, spend)| format!("{name} {}", spend_in_words(locale, &spend)))
        .collect();
    told.join(" · ")
}

/// What a call was for.
fn purpose(locale: Locale, key: &str) -> String {
    match key {
        "reply" => say!(locale, "purpose-reply"),
        "summary" => say!(locale, "purpose-summary"),
        "facts" => say!(locale, "purpose-facts"),
        "embedding" => say!(locale, "purpose-embedding"),
        "recall" => say!(locale, "purpose-recall"),
        "probe" => say!(locale, "purpose-probe"),
        other => other.to_owned(),
    }
}

fn gauges(window: &WindowView) -> impl Iterator<Item = (Unit, Gauge)> {
    [(Unit::Usd, window.usd), (Unit::Tokens, window.tokens)].into_iter()
}

/// A window without a limit in which nothing was spent says nothing.
fn is_of_interest(window: &WindowView) -> bool {
    let says = |gauge: Gauge| gauge.limit.is_some() || gauge.posted + gauge.pending > 0;
    gauges(window).any(|(_, gauge)| says(gauge)) || window.frozen.is_some()
}

/// How much of the tighter limit is used, in percent, if that is nearly all.
fn used(window: &WindowView) -> Option<i64> {
    let percent = |gauge: Gauge| {
        let limit = gauge.limit.filter(|limit| *limit > 0)?;
        i64::try_from(i128::from(gauge.posted) * 100 / i128::from(limit)).ok()
    };
    let most = gauges(window).filter_map(|(_, gauge)| percent(gauge)).max();
    most.filter(|percent| *percent >= NEARLY)
}

fn amount(locale: Locale, unit: Unit, gauge: &Gauge) -> String {
    let spent = in_words(locale, unit, gauge.posted);
    let mut text = match gauge.limit {
        Some(limit) => {
            let left = in_words(locale, unit, gauge.left().unwrap_or(0));
            say!(locale, "budget-of", spent: spent, limit: in_words(locale, unit, limit), left: left)
        }
        None => say!(locale, "budget-unlimited", spent: spent),
    };
    if gauge.pending > 0 {
        let pending = in_words(locale, unit, gauge.pending);
        let _ = write!(
            text,
            " {}",
            say!(locale, "budget-pending", pending: pending)
        );
    }
    text
}
