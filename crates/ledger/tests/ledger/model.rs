//! The ledger against a model of thirty lines, over tens of thousands of random operations.
//!
//! Operations of a batch are put in the writer's line in order and share a commit. `LEDGER_OPERATIONS` sets how many
//! are tried, `LEDGER_SEED` which.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::{Europe, Tz};
use futures_util::future::{BoxFuture, join_all};
use ledger::{Hold, Ledger, Outcome, Period, Scope, Spender, Unit, span};

use crate::house::{House, ask, terms, unlimited, used};

/// What the ledger must come to, without a database, transactions or crashes.
#[derive(Default)]
struct Model {
    limits: HashMap<(Scope, Period, Unit), Option<i64>>,
    /// Posted and pending. Money and tokens are the same number here.
    windows: HashMap<(Scope, Period, DateTime<Utc>), (i64, i64)>,
}

impl Model {
    fn windows(spender: Spender, at: DateTime<Utc>) -> Vec<(Scope, Period, DateTime<Utc>)> {
        let zone = |scope: &Scope| {
            if scope.guild().is_some() {
                Europe::Berlin
            } else {
                Tz::UTC
            }
        };
        let of = |s: Scope| Period::ALL.map(|period| (s, period, span(period, zone(&s), at).start));
        spender.scopes().into_iter().flat_map(of).collect()
    }

    fn hold(&mut self, spender: Spender, at: DateTime<Utc>, amount: i64) -> bool {
        let windows = Self::windows(spender, at);
        let fits = windows.iter().all(|window| {
            let (posted, pending) = self.windows.get(window).copied().unwrap_or_default();
            let limit = |unit| {
                self.limits
                    .get(&(window.0, window.1, unit))
                    .copied()
                    .flatten()
            };
            Unit::ALL
                .into_iter()
                .filter_map(limit)
                .all(|limit| posted + pending + amount <= limit)
        });
        for window in windows.into_iter().filter(|_| fits) {
            self.windows.entry(window).or_default().1 += amount;
        }
        fits
    }

    fn close(&mut self, open: &Open, used: i64) {
        for window in Self::windows(open.spender, open.at) {
            let (posted, pending) = self.windows.entry(window).or_default();
            *posted += used;
            *pending -= open.amount;
        }
    }
}

struct Open {
    hold: Hold,
    spender: Spender,
    at: DateTime<Utc>,
    amount: i64,
}

/// What an operation of the ledger is expected to have come to, and what it did.
enum Done {
    Held {
        expected: bool,
        spender: Spender,
        amount: i64,
        got: Option<Box<Hold>>,
    },
    Closed {
        expected: i64,
        got: i64,
    },
    Steered,
}

/// A small generator (xorshift), so that a run is repeated by its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }

    fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

struct Play {
    house: House,
    ledger: Ledger,
    model: Model,
    open: Vec<Open>,
    dice: Dice,
    tally: Tally,
}

/// How lively the play was.
#[derive(Default)]
struct Tally {
    held: u64,
    refused: u64,
    overrun: u64,
}

const ADMIN: u64 = 99;

fn spenders() -> [Spender; 6] {
    let of = |guild: Option<u64>, channel: u64, member: u64| Spender {
        guild: guild.map(Into::into),
        channel: Some(channel.into()),
        member: member.into(),
    };
    [
        of(Some(1), 20, 10),
        of(Some(1), 20, 11),
        of(Some(1), 21, 11),
        of(Some(2), 30, 10),
        of(None, 40, 10),
        of(None, 42, 12),
    ]
}

impl Play {
    fn now(&self) -> DateTime<Utc> {
        store::clock::Clock::now(&*self.house.clock)
    }

    fn operation(&mut self) -> BoxFuture<'static, Done> {
        match self.dice.below(100) {
            0..55 => self.hold(),
            55..97 if !self.open.is_empty() => self.settle(),
            97.. => self.steer(),
            _ => self.hold(),
        }
    }

    fn hold(&mut self) -> BoxFuture<'static, Done> {
        let spender = self.dice.one_of(&spenders());
        let amount = 1 + self.dice.below(200);
        let expected = self.model.hold(spender, self.now(), amount as i64);
        let ledger = self.ledger.clone();
        Box::pin(async move {
            let got = ledger.hold(&spender, &terms(), ask(amount)).await.ok();
            let got = got.map(Box::new);
            Done::Held {
                expected,
                spender,
                amount: amount as i64,
                got,
            }
        })
    }

    fn settle(&mut self) -> BoxFuture<'static, Done> {
        let at = usize::try_from(self.dice.below(self.open.len() as u64)).unwrap();
        let open = self.open.swap_remove(at);
        let part = (1 + self.dice.below(open.amount as u64)) as i64;
        let (outcome, expected) = match self.dice.below(12) {
            0 => (Outcome::NothingSent, 0),
            1 => (Outcome::NotRun, 0),
            2 => (Outcome::Rejected { status: 529 }, 0),
            3 => (
                Outcome::Rejected { status: 500 },
                open.amount - open.amount / 2,
            ),
            4 => (Outcome::Unknown, open.amount),
            _ => (used(part as u64), part),
        };
        self.model.close(&open, expected);
        let ledger = self.ledger.clone();
        Box::pin(async move {
            let receipt = ledger.settle(open.hold, outcome).await.unwrap();
            assert!(!receipt.breach);
            Done::Closed {
                expected,
                got: receipt.tokens,
            }
        })
    }

    fn steer(&mut self) -> BoxFuture<'static, Done> {
        let spender = self.dice.one_of(&spenders());
        let (scope, period) = (
            self.dice.one_of(&spender.scopes()),
            self.dice.one_of(&Period::ALL),
        );
        let unit = self.dice.one_of(&Unit::ALL);
        let most = match period {
            Period::Day => 30_000,
            Period::Month => 600_000,
        };
        let amount = (self.dice.below(3) > 0).then(|| self.dice.below(most) as i64);
        self.model.limits.insert((scope, period, unit), amount);
        let ledger = self.ledger.clone();
        Box::pin(async move {
            ledger
                .set_limit(scope, period, unit, amount, ADMIN.into())
                .await
                .unwrap();
            Done::Steered
        })
    }

    async fn batch(&mut self, size: u64) {
        let operations: Vec<_> = (0..size).map(|_| self.operation()).collect();
        for done in join_all(operations).await {
            match done {
                Done::Held {
                    expected,
                    spender,
                    amount,
                    got,
                } => {
                    assert_eq!(
                        got.is_some(),
                        expected,
                        "a hold of {amount} for {spender:?} at {}",
                        self.now()
                    );
                    *(if expected {
                        &mut self.tally.held
                    } else {
                        &mut self.tally.refused
                    }) += 1;
                    let at = self.now();
                    self.open.extend(got.map(|hold| Open {
                        hold: *hold,
                        spender,
                        at,
                        amount,
                    }));
                }
                Done::Closed { expected, got } => assert_eq!(got, expected),
                Done::Steered => {}
            }
        }
    }

    /// What happens between batches: time, drops, crashes and models that take too much.
    async fn between(&mut self) {
        match self.dice.below(20) {
            0 => self.house.clock.advance(TimeDelta::minutes(-61)),
            1..8 => {
                let minutes = self.dice.below(600) as i64;
                self.house.clock.advance(TimeDelta::minutes(minutes));
            }
            8 => self.drop_one().await,
            9 => self.crash().await,
            10 => self.breach().await,
            _ => {}
        }
    }

    async fn drop_one(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.model.close(&open, open.amount);
        drop(open);
        self.ledger.close().await;
    }

    async fn crash(&mut self) {
        let left: i64 = self.open.iter().map(|open| open.amount).sum();
        for open in std::mem::take(&mut self.open) {
            self.model.close(&open, open.amount);
            std::mem::forget(open.hold);
        }
        self.ledger.let_go();
        let (store, clock) = (self.house.store.clone(), self.house.clock.clone());
        self.ledger = Ledger::open(store, clock, unlimited()).await.unwrap();
        assert_eq!(self.ledger.recover().await.unwrap().tokens, left);
    }

    async fn breach(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let taken = open.amount + 1 + self.dice.below(300) as i64;
        self.model.close(&open, taken);
        let receipt = self
            .ledger
            .settle(open.hold, used(taken as u64))
            .await
            .unwrap();
        assert!(receipt.breach && receipt.tokens == taken);
        assert!(
            self.ledger
                .hold(&open.spender, &terms(), ask(1))
                .await
                .is_err()
        );
        let home = open
            .spender
            .guild
            .map_or(Scope::User(open.spender.member), Scope::Guild);
        assert!(self.ledger.acknowledge(home, ADMIN.into()).await.unwrap());
        assert!(self.ledger.lift_quarantine(&terms().key).await.unwrap());
    }

    async fn compare(&mut self) {
        for spender in spenders() {
            let keys: Vec<String> = spender.scopes().iter().map(Scope::key).collect();
            let now = self.now();
            let read = self.house.store.read(move |conn| {
                Box::pin(async move { store::windows::at(conn, &keys, now).await })
            });
            for row in read.await.unwrap() {
                let (scope, period) =
                    (row.scope.parse().unwrap(), Period::of(&row.period).unwrap());
                let expected = self
                    .model
                    .windows
                    .get(&(scope, period, row.starts_at))
                    .copied();
                let (posted, pending) = expected.unwrap_or_default();
                for fill in [row.usd, row.tokens] {
                    assert_eq!(
                        (fill.posted + fill.overrun, fill.pending),
                        (posted, pending),
                        "{scope:?} {period}"
                    );
                    self.tally.overrun += u64::from(fill.overrun > 0);
                    assert!(
                        fill.limit
                            .is_none_or(|limit| fill.posted + fill.pending <= limit)
                    );
                    assert!(fill.overrun == 0 || fill.limit == Some(fill.posted + fill.pending));
                }
            }
        }
        self.house.assert_sound().await;
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

#[tokio::test]
async fn the_ledger_and_a_model_of_thirty_lines_never_differ() {
    const BATCH: u64 = 48;
    let operations = from_environment("LEDGER_OPERATIONS", 20_000);
    let house = House::unlimited().await;
    house
        .ledger
        .set_zone(1.into(), Europe::Berlin, ADMIN.into())
        .await
        .unwrap();
    house
        .ledger
        .set_zone(2.into(), Europe::Berlin, ADMIN.into())
        .await
        .unwrap();
    let dice = Dice(from_environment("LEDGER_SEED", 20_260_515));
    let ledger = house.ledger.clone();
    let mut play = Play {
        house,
        ledger,
        model: Model::default(),
        open: Vec::new(),
        dice,
        tally: Tally::default(),
    };
    for batch in 0..operations / BATCH {
        play.batch(BATCH).await;
        play.between().await;
        if batch % 20 == 0 {
            play.compare().await;
        }
    }
    play.compare().await;
    let Tally {
        held,
        refused,
        overrun,
    } = play.tally;
    println!(
        "{operations} operations: {held} holds, {refused} refusals, {overrun} overrun windows seen"
    );
    assert!(
        held > operations / 10 && refused > operations / 10,
        "the play was too tame"
    );
}
