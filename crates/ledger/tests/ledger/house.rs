//! A ledger on a database of its own, with a clock that tests set, and prices that are easy to add up.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ledger::{
    Ask, Hold, Ledger, LedgerConfig, Limit, Limits, ModelKey, ModelTerms, Outcome, Period, PicoUsd,
    Price, Published, Purpose, Refusal, Scope, Spender, Unit, Usage, WindowView,
};
use store::Store;
use store::clock::ManualClock;
use tempfile::TempDir;

/// The moment at which every test begins.
pub const START: &str = "2026-05-15T12:00:00Z";

pub struct House {
    pub folder: TempDir,
    pub store: Store,
    pub clock: Arc<ManualClock>,
    pub ledger: Ledger,
    pub config: LedgerConfig,
}

impl House {
    /// No limit anywhere.
    pub async fn unlimited() -> Self {
        Self::with(unlimited()).await
    }

    /// A guild may use this many tokens (and as many pico-dollars) a day; nothing else is limited.
    pub async fn guild_day(amount: i64) -> Self {
        let day = Limit {
            usd: Some(PicoUsd(amount)),
            tokens: Some(amount),
        };
        Self::with(LedgerConfig {
            guild: Limits {
                day,
                month: Limit::default(),
            },
            ..unlimited()
        })
        .await
    }

    pub async fn with(config: LedgerConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(at(START)));
        let store = Store::open(folder.path().join("house.db")).await.unwrap();
        let ledger = Ledger::open(store.clone(), clock.clone(), config.clone())
            .await
            .unwrap();
        Self {
            folder,
            store,
            clock,
            ledger,
            config,
        }
    }

    /// Another ledger on the same file, as another process would have it.
    pub async fn neighbour(&self) -> Ledger {
        let store = Store::open(self.folder.path().join("house.db"))
            .await
            .unwrap();
        Ledger::open(store, self.clock.clone(), self.config.clone())
            .await
            .unwrap()
    }

    /// Another ledger on the same file, after this one's process was killed.
    pub async fn after_a_kill(&self) -> Ledger {
        self.ledger.let_go();
        self.neighbour().await
    }

    /// A hold of this many tokens, which costs as many pico-dollars.
    pub async fn hold(&self, spender: Spender, amount: u64) -> Result<Hold, Refusal> {
        self.ledger.hold(&spender, &terms(), ask(amount)).await
    }

    pub async fn spend(&self, spender: Spender, amount: u64) {
        let hold = self.hold(spender, amount).await.unwrap();
        self.ledger.settle(hold, used(amount)).await.unwrap();
    }

    /// The maker publishes this price. How many prices changed.
    pub async fn publish(&self, price: Price) -> usize {
        let published = Published {
            model: terms().key,
            price,
        };
        self.ledger.publish(vec![published]).await.unwrap().len()
    }

    pub async fn window(&self, spender: Spender, scope: Scope, period: Period) -> WindowView {
        let view = self.ledger.view(&spender).await.unwrap();
        let mut found = view
            .windows
            .into_iter()
            .filter(|w| w.scope == scope && w.period == period);
        let window = found.next().unwrap();
        assert!(
            found.next().is_none(),
            "more than one window of {scope:?} a {period}"
        );
        window
    }

    /// Posted and pending of the guild's day, in tokens.
    pub async fn guild_today(&self) -> (i64, i64) {
        let window = self.window(ann(), guild(), Period::Day).await;
        (window.tokens.posted, window.tokens.pending)
    }

    pub async fn limit(&self, scope: Scope, period: Period, amount: Option<i64>) {
        self.ledger
            .set_limit(scope, period, Unit::Tokens, amount, 99.into())
            .await
            .unwrap();
    }

    pub async fn assert_sound(&self) {
        assert_eq!(
            self.ledger.verify().await.unwrap(),
            [],
            "windows differ from their holds"
        );
    }
}

/// No limit, and no shares of the limits that tests set.
pub fn unlimited() -> LedgerConfig {
    LedgerConfig {
        instance: Limits::default(),
        guild: Limits::default(),
        member_share_percent: 100,
        ..LedgerConfig::default()
    }
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn guild() -> Scope {
    Scope::Guild(1.into())
}

pub fn ann() -> Spender {
    Spender {
        guild: Some(1.into()),
        channel: Some(20.into()),
        member: 10.into(),
    }
}

pub fn bob() -> Spender {
    Spender {
        guild: Some(1.into()),
        channel: Some(20.into()),
        member: 11.into(),
    }
}

/// A model that costs one pico-dollar a token.
pub fn terms() -> ModelTerms {
    ModelTerms {
        key: ModelKey {
            provider: "maker".into(),
            model: "parrot".into(),
        },
        context_window: 1_000_000,
        max_output: 1_000_000,
        caps_certified: true,
        local: false,
        errors_may_be_billed: false,
        price: Some(Price::plain(PicoUsd(1_000_000), PicoUsd(1_000_000))),
    }
}

/// A call of this many tokens at most, half of them in.
pub fn ask(amount: u64) -> Ask {
    let cap = u32::try_from(amount / 2).unwrap();
    Ask {
        input_bound: amount - u64::from(cap),
        cap,
        purpose: Purpose::Reply,
        turn: Some(500.into()),
        persona: Some(store::id::PersonaId(7)),
    }
}

/// A call that used this many tokens, half of them in.
pub fn used(amount: u64) -> Outcome {
    Outcome::Complete(Usage {
        input: amount - amount / 2,
        output: amount / 2,
        ..Usage::default()
    })
}
