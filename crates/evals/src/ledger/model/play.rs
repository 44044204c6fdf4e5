//! One play: random operations, done by the ledger and by the model.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::{America, Asia, Europe, Tz};
use futures_util::future::{BoxFuture, join_all};
use ledger::{
    Ask, Hold, Ledger, ModelTerms, Outcome, Period, Purpose, Scope, Spender, Unit, Usage,
};
use store::clock::{Clock as _, ManualClock};
use store::{Opening, Store};
use tempfile::TempDir;

use super::plain::{Both, Model};
use super::stage::{cost, open, spenders, terms};

const ADMIN: u64 = 99;
const ZONES: [Tz; 4] = [Tz::UTC, Europe::Berlin, America::Santiago, Asia::Kolkata];

/// A small generator (xorshift), so that a run is repeated by its seed.
pub struct Dice(pub u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }

    fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// An open hold, which of the model's it is, and whether its model's errors may be billed.
struct Open(Hold, usize, bool);

/// What a provider may answer in place of a reply.
const ERRORS: [Option<u16>; 16] = [
    None, // a web page, an error without a status
    Some(302),
    Some(400),
    Some(402),
    Some(408),
    Some(409),
    Some(418),
    Some(422),
    Some(429),
    Some(500),
    Some(502),
    Some(503),
    Some(504),
    Some(520),
    Some(529),
    Some(200),
];

/// What an operation was, and what came of it.
enum Done {
    Held(Option<usize>, Option<Hold>),
    Closed(Both, anyhow::Result<Both>),
    Steered(anyhow::Result<()>),
}

/// How often what was done.
#[derive(Default)]
pub struct Tally(pub HashMap<&'static str, u64>);

impl Tally {
    fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort();
        let all: Vec<_> = all
            .iter()
            .map(|(what, many)| format!("{what} {many}"))
            .collect();
        f.write_str(&all.join(", "))
    }
}

pub struct Play {
    _folder: TempDir,
    store: Store,
    clock: Arc<ManualClock>,
    ledger: Ledger,
    terms: ModelTerms,
    model: Model,
    open: Vec<Open>,
    dice: Dice,
    pub tally: Tally,
    /// The operations of the batch that is played, in words.
    pub batch: Vec<String>,
}

impl Play {
    pub async fn new(dice: Dice, volatile: bool) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no folder for the database can be made")?;
        let opening = Opening {
            volatile,
            ..Opening::default()
        };
        let store = Store::open_with(folder.path().join("model.db"), opening).await?;
        let begin = "2026-05-15T12:00:00Z".parse::<DateTime<Utc>>()?;
        let clock = Arc::new(ManualClock::new(begin));
        let ledger = open(&store, &clock).await?;
        Ok(Self {
            _folder: folder,
            store,
            clock,
            ledger,
            terms: terms(1),
            model: Model::default(),
            open: Vec::new(),
            dice,
            tally: Tally::default(),
            batch: Vec::new(),
        })
    }

    /// Plays so many operations, which share a commit, and compares.
    pub async fn round(&mut self, operations: u64) -> anyhow::Result<()> {
        self.batch.clear();
        let begun: Vec<_> = (0..operations).map(|_| self.operation()).collect();
        for (n, done) in join_all(begun).await.into_iter().enumerate() {
            self.judge(done)
                .with_context(|| format!("operation {} of the batch", n + 1))?;
        }
        self.between().await?;
        self.compare().await?;
        // Windows that ended long ago are proven from their holds only; looking through all of them takes ever longer.
        let old = self.clock.now() - TimeDelta::days(7);
        self.model.windows.retain(|_, window| window.0 > old);
        Ok(())
    }

    fn operation(&mut self) -> BoxFuture<'static, Done> {
        match self.dice.below(100) {
            56..98 if !self.open.is_empty() => self.settle(),
            98.. => self.steer(),
            _ => self.hold(),
        }
    }

    fn hold(&mut self) -> BoxFuture<'static, Done> {
        let (who, input, cap) = (
            self.dice.one_of(&spenders()),
            1 + self.dice.below(100),
            1 + self.dice.below(100),
        );
        let amount = cost(&self.terms, input, cap);
        let expected = self.model.hold(who, self.clock.now(), amount);
        self.tally.count(if expected.is_some() {
            "holds"
        } else {
            "refusals"
        });
        self.batch
            .push(format!("hold {amount:?} {who:?}: {expected:?}"));
        let (ledger, terms) = (self.ledger.clone(), self.terms.clone());
        let ask = Ask {
            input_bound: input,
            cap: cap as u32,
            purpose: Purpose::Reply,
            turn: None,
            persona: None,
        };
        Box::pin(async move { Done::Held(expected, ledger.hold(&who, &terms, ask).await.ok()) })
    }

    fn settle(&mut self) -> BoxFuture<'static, Done> {
        let at = self.dice.below(self.open.len() as u64) as usize;
        let Open(hold, number, cautious) = self.open.swap_remove(at);
        let full = self.model.holds[number].amount();
        // At the price of its own time, whatever has changed since: an input token costs what it did then.
        let price = (full[0] - 2 * i64::from(hold.cap())) / hold.input_bound() as i64;
        let bound = hold.input_bound() as i64;
        let (outcome, expected) = match self.dice.below(12) {
            0 => (Outcome::NothingSent, [0; 2]),
            1..4 => {
                let status = self.dice.one_of(&ERRORS);
                let outcome = status.map_or(Outcome::NotRun, |status| Outcome::Rejected { status });
                self.tally.count("errors");
                (
                    outcome,
                    error(status, cautious, [bound * price, bound], full),
                )
            }
            4 => (Outcome::Unknown, full),
            _ => {
                let input = 1 + self.dice.below(hold.input_bound());
                let output = 1 + self.dice.below(u64::from(hold.cap()));
                let usage = Usage {
                    input,
                    output,
                    ..Usage::default()
                };
                (
                    Outcome::Complete(usage),
                    [
                        input as i64 * price + output as i64 * 2,
                        (input + output) as i64,
                    ],
                )
            }
        };
        self.tally.count(if expected == [0; 2] {
            "voids"
        } else {
            "settlements"
        });
        self.batch.push(format!("settle {number} at {expected:?}"));
        self.model.close(number, expected);
        let ledger = self.ledger.clone();
        Box::pin(async move {
            let receipt = ledger.settle(hold, outcome).await;
            Done::Closed(
                expected,
                receipt.map(|r| [r.usd.0, r.tokens]).map_err(Into::into),
            )
        })
    }

    fn steer(&mut self) -> BoxFuture<'static, Done> {
        let (ledger, now) = (self.ledger.clone(), self.clock.now());
        if self.dice.below(4) == 0 {
            let (guild, zone) = (1 + self.dice.below(2), self.dice.one_of(&ZONES));
            let scope = Scope::Guild(guild.into());
            self.tally.count("zone changes");
            self.batch.push(format!("zone of {scope:?} {zone}"));
            self.model.zones.insert(scope, zone);
            self.model.touch(scope, now);
            return Box::pin(async move {
                Done::Steered(
                    ledger
                        .set_zone(guild.into(), zone, ADMIN.into())
                        .await
                        .map_err(Into::into),
                )
            });
        }
        let scope = self.dice.one_of(&self.dice_scopes());
        let (period, unit) = (self.dice.one_of(&Period::ALL), self.dice.below(2) as usize);
        let most = if period == Period::Day {
            30_000
        } else {
            400_000
        };
        let amount = (self.dice.below(3) > 0).then(|| self.dice.below(most) as i64);
        self.tally.count("limit changes");
        self.batch
            .push(format!("limit of {scope:?} {period} {unit} {amount:?}"));
        self.model.limits.entry((scope, period)).or_default()[unit] = amount;
        self.model.touch(scope, now);
        let unit = [Unit::Usd, Unit::Tokens][unit];
        Box::pin(async move {
            Done::Steered(
                ledger
                    .set_limit(scope, period, unit, amount, ADMIN.into())
                    .await
                    .map_err(Into::into),
            )
        })
    }

    fn dice_scopes(&self) -> Vec<Scope> {
        spenders().iter().flat_map(Spender::scopes).collect()
    }

    fn judge(&mut self, done: Done) -> anyhow::Result<()> {
        match done {
            Done::Held(Some(number), Some(hold)) => {
                ensure!(
                    [hold.usd().0, hold.tokens()] == self.model.holds[number].amount(),
                    "another amount was held"
                );
                // Terms change between batches only.
                self.open
                    .push(Open(hold, number, self.terms.errors_may_be_billed));
            }
            Done::Held(expected, got) => {
                ensure!(
                    expected.is_none() && got.is_none(),
                    "held: {}, expected: {}",
                    got.is_some(),
                    expected.is_some()
                );
            }
            Done::Closed(expected, got) => {
                let got = got?;
                ensure!(got == expected, "posted {got:?}, expected {expected:?}");
            }
            Done::Steered(done) => done?,
        }
        Ok(())
    }

    /// Time, prices and crashes.
    async fn between(&mut self) -> anyhow::Result<()> {
        match self.dice.below(40) {
            0 => self.clock.advance(TimeDelta::minutes(-61)),
            1..14 => self
                .clock
                .advance(TimeDelta::minutes(self.dice.below(600) as i64)),
            14..18 => {
                self.terms = ModelTerms {
                    errors_may_be_billed: self.dice.below(2) == 0,
                    ..terms(1 + self.dice.below(5) as i64)
                };
                self.tally.count("price changes");
            }
            18 => return self.crash().await,
            _ => return Ok(()),
        }
        Ok(())
    }

    /// The ledger is dropped as a kill drops it, and another run recovers.
    async fn crash(&mut self) -> anyhow::Result<()> {
        let mut left = [0; 2];
        for Open(hold, number, _) in std::mem::take(&mut self.open) {
            let full = self.model.holds[number].amount();
            (0..2).for_each(|unit| left[unit] += full[unit]);
            self.model.close(number, full);
            std::mem::forget(hold);
        }
        self.tally.count("crashes");
        self.ledger.let_go();
        self.ledger = open(&self.store, &self.clock).await?;
        let recovered = self.ledger.recover().await?;
        ensure!(
            [recovered.usd.0, recovered.tokens] == left,
            "recovered {recovered:?}, expected {left:?}"
        );
        Ok(())
    }

    /// Every window that is open now, in the database and in the model; and that what is pending is what is held.
    async fn compare(&mut self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let mut keys: Vec<String> = self.dice_scopes().iter().map(Scope::key).collect();
        keys.sort();
        keys.dedup();
        let rows = self.store.read::<_, store::StoreError, _>(move |conn| {
            Box::pin(async move { store::windows::at(conn, &keys, now).await })
        });
        let rows = rows.await?;
        let known = self
            .model
            .windows
            .iter()
            .filter(|(key, window)| key.2 <= now && now < window.0)
            .count();
        ensure!(
            rows.len() == known,
            "{} windows, expected {known}",
            rows.len()
        );
        for row in rows {
            let period = Period::of(&row.period).context("a period that is none")?;
            let key = (row.scope.parse::<Scope>()?, period, row.starts_at);
            let window = self
                .model
                .windows
                .get(&key)
                .with_context(|| format!("a window that should not be: {key:?}"))?;
            let posted = [
                row.usd.posted + row.usd.overrun,
                row.tokens.posted + row.tokens.overrun,
            ];
            let pending = [row.usd.pending, row.tokens.pending];
            ensure!(
                (row.ends_at, posted, pending) == *window,
                "{key:?}: {posted:?} posted and {pending:?} pending until {}, expected {window:?}",
                row.ends_at
            );
            for fill in [row.usd, row.tokens] {
                ensure!(
                    fill.limit
                        .is_none_or(|limit| fill.posted + fill.pending <= limit),
                    "{key:?} passed its limit"
                );
            }
        }
        Ok(())
    }

    /// That every window there ever was is the sum of its holds, and pending the sum of open ones.
    pub async fn verify(&self) -> anyhow::Result<()> {
        let differences = self.ledger.verify().await?;
        ensure!(
            differences.is_empty(),
            "windows differ from their holds: {differences:?}"
        );
        Ok(())
    }
}

/// What an error comes to: nothing, the prompt's part or all of a hold.
fn error(status: Option<u16>, cautious: bool, prompt: Both, full: Both) -> Both {
    let nothing = [0; 2];
    match (cautious, status) {
        (_, Some(400 | 422 | 429)) => nothing,
        (true, _) | (_, Some(200)) => full,
        (false, None | Some(302 | 402 | 408 | 409 | 418 | 503 | 529)) => nothing,
        (false, Some(_)) => prompt,
    }
}
