//! A server whose days are played: messages wait in the bot's own queue, and the bot's own ledger admits them or not.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use companion::queue::{Bounds, Caller, Queue};
use ledger::{
    Ask, Hold, Ledger, LedgerConfig, Limit, Limits, ModelKey, ModelTerms, Outcome, Purpose,
    Refusal, Spent, Usage,
};
use store::Store;
use store::clock::{Clock, ManualClock};
use tempfile::TempDir;

use super::load::{Load, Request};

/// The most tokens of a reply.
const CAP: u32 = 400;
/// How far the bound on a prompt's tokens lies above what English has.
const BOUND: f64 = 4.5;
const GUILD: u64 = 1;

/// How replies are given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// As the bot does: shares, and whoever spent least first.
    Fair,
    /// First come, first served.
    FirstCome,
}

/// What each member got.
pub struct Served {
    /// Tokens, as posted.
    pub tokens: Vec<i64>,
    /// Replies.
    pub replies: Vec<u32>,
    /// Refused because the member's share was used up.
    pub beyond_share: Vec<u32>,
    /// Refused because the budget was used up.
    pub over_limit: Vec<u32>,
    /// Refused because too many waited already.
    pub no_room: Vec<u32>,
}

/// A server with members who were active before the first day.
pub struct Server {
    rules: Rules,
    ledger: Ledger,
    clock: Arc<ManualClock>,
    midnight: DateTime<Utc>,
    _folder: TempDir,
}

/// What happens next: a reply ends, or a message comes.
struct Day<'a> {
    server: &'a Server,
    midnight: DateTime<Utc>,
    queue: Queue<Request>,
    /// Replies in the making, by the moment of their end.
    running: BTreeMap<(i64, Reverse<u64>), (Caller, Request, Hold)>,
    served: Served,
}

impl Server {
    /// Opens the server a day before the first one, in which each member gets a reply.
    pub async fn open(members: usize, limit: i64, rules: Rules) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no folder for the database")?;
        let store = Store::open(folder.path().join("familiar.db")).await?;
        let midnight = DateTime::from_timestamp(1_800_057_600, 0).context("no such day")?;
        let clock = Arc::new(ManualClock::new(midnight - TimeDelta::hours(12)));
        let config = LedgerConfig {
            instance: Limits::default(),
            guild: Limits {
                day: Limit {
                    usd: None,
                    tokens: Some(limit),
                },
                month: Limit::default(),
            },
            ..LedgerConfig::default()
        };
        let ledger = Ledger::open(store, Arc::clone(&clock) as Arc<dyn Clock>, config).await?;
        if rules == Rules::FirstCome {
            ledger
                .set_member_percent(GUILD.into(), Some(100), 1.into())
                .await?;
        }
        let server = Self {
            rules,
            ledger,
            clock,
            midnight,
            _folder: folder,
        };
        for member in 0..members {
            let request = Request {
                at: 0,
                member,
                channel: 0,
                input: 1_000,
                output: 100,
                takes: 0,
            };
            let hold = server.hold(&caller(&request, 0), &request).await?;
            server.settle(hold, &request).await?;
        }
        Ok(server)
    }

    /// Plays a day.
    pub async fn play(&self, load: &Load, number: usize) -> anyhow::Result<Served> {
        let none = || vec![0; load.members];
        let mut day = Day {
            server: self,
            midnight: self.midnight + TimeDelta::days(i64::try_from(number)?),
            // As in the bot's own configuration.
            queue: Queue::new(Bounds {
                waiting: 8,
                per_guild: 16,
                in_all: 128,
            }),
            running: BTreeMap::new(),
            served: Served {
                tokens: vec![0; load.members],
                replies: none(),
                beyond_share: none(),
                over_limit: none(),
                no_room: none(),
            },
        };
        for (message, request) in (1..).zip(&load.requests) {
            day.until(request.at).await?;
            day.hear(message, request).await?;
        }
        day.until(i64::MAX).await?;
        Ok(day.served)
    }

    /// Whether the books are right.
    pub async fn check(&self) -> anyhow::Result<()> {
        let differences = self.ledger.verify().await?;
        ensure!(
            differences.is_empty(),
            "windows differ from their holds: {differences:?}"
        );
        Ok(())
    }

    async fn hold(&self, caller: &Caller, request: &Request) -> Result<Hold, Refusal> {
        let ask = Ask {
            input_bound: (request.input as f64 * BOUND) as u64,
            cap: CAP,
            purpose: Purpose::Reply,
            turn: Some(caller.message),
            persona: None,
        };
        self.ledger.hold(&caller.spender(), &terms(), ask).await
    }

    async fn settle(&self, hold: Hold, request: &Request) -> anyhow::Result<i64> {
        let usage = Usage {
            input: request.input,
            output: request.output,
            ..Usage::default()
        };
        let receipt = self.ledger.settle(hold, Outcome::Complete(usage)).await?;
        Ok(receipt.tokens)
    }

    async fn spent(&self, caller: &Caller) -> anyhow::Result<Spent> {
        Ok(match self.rules {
            Rules::Fair => self.ledger.spent_today(&caller.spender()).await?,
            Rules::FirstCome => Spent::default(),
        })
    }
}

impl Day<'_> {
    /// Everything that ends before this moment.
    async fn until(&mut self, moment: i64) -> anyhow::Result<()> {
        while let Some(next) = self.running.first_entry() {
            let (at, _) = *next.key();
            if at > moment {
                break;
            }
            let (caller, request, hold) = next.remove();
            self.set(at);
            self.served.tokens[request.member] += self.server.settle(hold, &request).await?;
            self.served.replies[request.member] += 1;
            if self.queue.waits(&caller) {
                let spent = self.server.spent(&caller).await?;
                self.queue.weigh(&caller, spent);
            }
            self.queue.done(&caller);
            self.begin(at).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, message: u64, request: &Request) -> anyhow::Result<()> {
        self.set(request.at);
        let caller = caller(request, message);
        let spent = self.server.spent(&caller).await?;
        if let Some((_, displaced)) = self.queue.enter(caller, spent, *request) {
            self.served.no_room[displaced.member] += 1;
        }
        self.begin(request.at).await
    }

    /// Begins whatever may begin; what the ledger refuses is over at once.
    async fn begin(&mut self, now: i64) -> anyhow::Result<()> {
        while let Some((caller, request)) = self.queue.begin() {
            match self.server.hold(&caller, &request).await {
                Ok(hold) => {
                    let end = (now + request.takes, Reverse(caller.message.get()));
                    self.running.insert(end, (caller, request, hold));
                    continue;
                }
                Err(Refusal::Share { .. }) => self.served.beyond_share[request.member] += 1,
                Err(Refusal::OverLimit { .. }) => self.served.over_limit[request.member] += 1,
                Err(refusal) => bail!("an unexpected refusal: {refusal}"),
            }
            self.queue.done(&caller);
        }
        Ok(())
    }

    fn set(&self, millis: i64) {
        let at = self.midnight + TimeDelta::milliseconds(millis);
        self.server.clock.set(at);
    }
}

fn caller(request: &Request, message: u64) -> Caller {
    Caller {
        guild: Some(GUILD.into()),
        channel: (100 + request.channel).into(),
        member: (1_000 + request.member as u64).into(),
        message: message.into(),
    }
}

/// A model on the operator's own machine, so that tokens are what is counted.
fn terms() -> ModelTerms {
    ModelTerms {
        key: ModelKey {
            provider: "sim".into(),
            model: "sim-1".into(),
        },
        context_window: 1_000_000,
        max_output: CAP,
        caps_certified: true,
        local: true,
        errors_may_be_billed: false,
        price: None,
    }
}
