//! Reports: what `/budget show` shows, and the proof that the windows say what their holds say.

use chrono_tz::Tz;
use store::breaches;
use store::id::GuildId;
use store::limits::{self, Change};
use store::spend::{self, Difference, Paid, Since, Total, Whose};
use store::windows::{self as rows, Connection, Fill, Window};

use crate::ask::Purpose;
use crate::calendar::{Span, span};
use crate::guild::decided;
use crate::ledger::Ledger;
use crate::money::PicoUsd;
use crate::refusal::LedgerError;
use crate::scope::{Period, Scope, Spender, Unit};
use crate::sharing::{Circle, Shared};
use crate::stance::stance;
use crate::standing::Standing;
use crate::terms::ModelKey;
use crate::view::{
    BudgetView, Gauge, MemberTotal, ModelTotal, PersonaTotal, PurposeTotal, ReplyCost, ShareView,
    Spend, WindowView,
};
use crate::windows;

/// How many replies a view lists.
const REPLIES: u32 = 10;

impl Ledger {
    /// The budget as this person sees it from where they are. Nothing is written, so it works on a full disk too.
    pub async fn view(&self, spender: &Spender) -> Result<BudgetView, LedgerError> {
        let (ledger, spender) = (self.clone(), *spender);
        self.store
            .read(move |conn| Box::pin(ledger.look(conn, spender)))
            .await
    }

    /// Recomputes every window from its holds and returns those that differ. There should be none, always.
    pub async fn verify(&self) -> Result<Vec<Difference>, LedgerError> {
        Ok(self
            .store
            .read(|conn| Box::pin(spend::differences(conn)))
            .await?)
    }

    /// Every change that somebody made to the budget of this scope, the newest first.
    pub async fn history(&self, scope: Scope) -> Result<Vec<Change>, LedgerError> {
        let key = scope.key();
        self.store
            .read(move |conn| Box::pin(async move { Ok(limits::history(conn, &key).await?) }))
            .await
    }

    /// Every change that somebody made to the budget of a guild, or of a channel or member in it, the newest first.
    pub async fn changes(&self, guild: GuildId) -> Result<Vec<Change>, LedgerError> {
        self.store
            .read(move |conn| {
                Box::pin(async move { Ok(limits::history_of_guild(conn, guild).await?) })
            })
            .await
    }

    async fn look(
        self,
        conn: &mut Connection,
        spender: Spender,
    ) -> Result<BudgetView, LedgerError> {
        let now = self.clock.now();
        let (zone, settings) = decided(conn, &self.config, spender.guild).await?;
        let since = Since {
            day: span(Period::Day, zone, now).start,
            month: span(Period::Month, zone, now).start,
        };
        let whose = spender
            .guild
            .map_or(Whose::Direct(spender.member), Whose::Guild);
        let replies = spend::last_replies(conn, whose, REPLIES).await?;
        let by_persona = spend::by_persona(conn, whose, since).await?;
        let by_member = spend::by_member(conn, whose, since).await?;
        let by_purpose = spend::by_purpose(conn, whose, since).await?;
        let by_model = spend::by_model(conn, whose, since).await?;
        let persona = |(persona, total)| PersonaTotal {
            persona,
            day: day(&total),
            month: month(&total),
        };
        let member = |(member, total)| MemberTotal {
            member,
            day: day(&total),
            month: month(&total),
        };
        let purpose = |(purpose, total)| PurposeTotal {
            purpose,
            day: day(&total),
            month: month(&total),
        };
        let model = |(model, total)| ModelTotal {
            model,
            day: day(&total),
            month: month(&total),
        };
        let windows = self.windows(conn, &spender.scopes(), zone).await?;
        let member_percent = settings.percent(&self.config);
        let circle = Circle::of(conn, member_percent, &spender, Purpose::Reply, now).await?;
        let shares = match circle {
            Some(circle) => self.shares(conn, &circle, &spender, &windows).await?,
            None => Vec::new(),
        };
        Ok(BudgetView {
            stance: stance(&self.config, &windows),
            windows,
            replies: replies.into_iter().map(reply).collect(),
            by_persona: by_persona.into_iter().map(persona).collect(),
            by_member: by_member.into_iter().map(member).collect(),
            by_purpose: by_purpose.into_iter().map(purpose).collect(),
            by_model: by_model.into_iter().map(model).collect(),
            shares,
            member_percent,
            settings,
        })
    }

    /// The windows that a call would count in now: those that exist, and those that its hold would make.
    pub(crate) async fn windows(
        &self,
        conn: &mut Connection,
        scopes: &[Scope],
        zone: Tz,
    ) -> Result<Vec<WindowView>, LedgerError> {
        let now = self.clock.now();
        let keys: Vec<String> = scopes.iter().map(Scope::key).collect();
        let open = rows::at(conn, &keys, now).await?;
        let frozen = breaches::frozen(conn, &keys).await?;
        let standing = Standing::read(conn, &self.config, scopes).await?;
        let view = |scope: Scope, period, span: Span, usd: Fill, tokens: Fill| WindowView {
            scope,
            period,
            starts_at: span.start,
            resets_at: span.end,
            usd: gauge(usd, standing.limit(&scope, period, Unit::Usd)),
            tokens: gauge(tokens, standing.limit(&scope, period, Unit::Tokens)),
            frozen: frozen
                .iter()
                .find(|(key, _)| *key == scope.key())
                .map(|(_, at)| *at),
        };
        let mut views = Vec::new();
        for window in &open {
            if let Some((scope, period)) = windows::identify(window, scopes) {
                let span = Span {
                    start: window.starts_at,
                    end: window.ends_at,
                };
                views.push(view(scope, period, span, window.usd, window.tokens));
            }
        }
        for wanted in windows::in_force(&standing, zone, scopes, now) {
            if !windows::is_among(&open, &wanted) {
                let (scope, period, span) = wanted;
                views.push(view(scope, period, span, Fill::default(), Fill::default()));
            }
        }
        let width = |scope: Scope| scopes.iter().position(|s| *s == scope);
        views.sort_by_key(|view| (width(view.scope), view.period, view.resets_at));
        Ok(views)
    }

    /// What one member may take of these windows.
    async fn shares(
        &self,
        conn: &mut Connection,
        circle: &Circle,
        spender: &Spender,
        windows: &[WindowView],
    ) -> Result<Vec<ShareView>, LedgerError> {
        let now = self.clock.now();
        let standing = Standing::read(conn, &self.config, &spender.scopes()).await?;
        let windows: Vec<Window> = windows.iter().map(WindowView::row).collect();
        let view = |one: &Shared<'_>| ShareView {
            period: one.period,
            unit: one.unit,
            used: one.own,
            cap: one.shares.cap,
            floor: one.shares.floor,
            open: one.shares.open_to(one.own, one.pooled, one.span(), now),
            members: circle.members,
            resets_at: one.window.ends_at,
        };
        let shared = circle.shared(conn, &standing, &windows, |_| false).await?;
        Ok(shared.iter().map(view).collect())
    }
}

fn gauge(fill: Fill, limit: Option<i64>) -> Gauge {
    Gauge {
        posted: fill.posted,
        pending: fill.pending,
        limit,
        overrun: fill.overrun,
    }
}

fn reply(paid: Paid) -> ReplyCost {
    ReplyCost {
        at: paid.at,
        persona: paid.persona,
        member: paid.member,
        model: ModelKey {
            provider: paid.provider,
            model: paid.model,
        },
        input: paid.input,
        output: paid.output,
        tokens: paid.tokens,
        usd: PicoUsd(paid.usd),
        prompt_alone: paid.prompt_alone,
    }
}

fn day(total: &Total) -> Spend {
    Spend {
        calls: total.day_calls,
        tokens: total.day_tokens,
        usd: PicoUsd(total.day_usd),
    }
}

fn month(total: &Total) -> Spend {
    Spend {
        calls: total.month_calls,
        tokens: total.month_tokens,
        usd: PicoUsd(total.month_usd),
    }
}
