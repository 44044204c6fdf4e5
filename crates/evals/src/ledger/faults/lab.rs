//! A ledger, a provider's adapter and a provider, with real sockets and a real database between them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use ledger::{
    Ask, Ledger, LedgerConfig, Limits, ModelKey, ModelTerms, PicoUsd, Price, Purpose, Refusal,
    Spender,
};
use model_sim::{Dialect, ModelSim, Reply};
use provider::{Anthropic, Deadlines, Endpoint, Message, OpenAi, Provider, Request, Role};
use store::Store;
use store::clock::SystemClock;
use tempfile::TempDir;

use super::cases::{Case, SHORT};
use crate::ledger::mishaps::Bills;
use crate::ledger::till::{Billed, Tariff};

/// The most output tokens of a call.
pub const CAP: u32 = 16;
/// The most that the model can produce.
const MOST: u32 = 1_000;

/// What the provider takes for a token, as the ledger's price says it too.
pub const TARIFF: Tariff = Tariff {
    input: 1_000_000,
    output: 2_000_000,
};

/// What came of one call.
#[derive(Clone, Copy, Debug)]
pub struct Called {
    /// Pico-US-dollars and tokens that the provider billed.
    pub billed: (i64, i64),
    /// The same, as the ledger posted them.
    pub posted: (i64, i64),
    /// The most that the prompt alone can have cost.
    pub prompt: (i64, i64),
    /// Whether the ledger saw a breach.
    pub breach: bool,
    /// Whether the next call was refused, where that was tried.
    pub refused: bool,
}

/// What tells the adapters apart: OpenAI's dialect or not, a short deadline, certified caps.
type Kind = (bool, bool, bool);

/// The laboratory.
pub struct Lab {
    ledger: Ledger,
    store: Store,
    sim: ModelSim,
    cases: Arc<Mutex<HashMap<usize, Case>>>,
    truth: Arc<Mutex<HashMap<usize, Billed>>>,
    bills: Bills,
    /// Adapters are kept, as the bot keeps them: making one costs more than a call.
    models: Mutex<HashMap<Kind, Arc<dyn Provider>>>,
    _folder: TempDir,
}

impl Lab {
    /// A new one, with a provider that bills its errors like this.
    pub async fn open(bills: Bills) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no folder for the database can be made")?;
        let store = Store::open(folder.path().join("faults.db")).await?;
        let none = Limits::default();
        let config = LedgerConfig {
            instance: none,
            guild: none,
            member: none,
            ..LedgerConfig::default()
        };
        let ledger = Ledger::open(store.clone(), Arc::new(SystemClock), config).await?;
        let sim = ModelSim::start().await;
        let cases: Arc<Mutex<HashMap<usize, Case>>> = Arc::default();
        let truth: Arc<Mutex<HashMap<usize, Billed>>> = Arc::default();
        let (known, bill) = (Arc::clone(&cases), Arc::clone(&truth));
        sim.always(move |prompt| {
            let number = prompt.last_user().rsplit(' ').next();
            let number = number.and_then(|number| number.parse().ok()).unwrap_or(0);
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(case) = known.get(&number) else {
                return Reply::text("");
            };
            let mut bill = bill.lock().unwrap_or_else(PoisonError::into_inner);
            bill.insert(number, case.truth(prompt, bills));
            case.reply.clone()
        });
        Ok(Self {
            ledger,
            store,
            sim,
            cases,
            truth,
            bills,
            models: Mutex::default(),
            _folder: folder,
        })
    }

    /// Makes one call, which goes wrong as the case says.
    pub async fn call(&self, number: usize, case: &Case) -> anyhow::Result<Called> {
        self.announce(number, case);
        let model = self.model(case)?;
        let request = Request {
            messages: vec![Message {
                role: Role::User,
                text: format!("This is case {number}"),
            }],
            cap: CAP,
            ..Request::default()
        };
        let ask = Ask {
            input_bound: request.input_bound(model.terms().context_window),
            cap: CAP,
            purpose: Purpose::Reply,
            turn: None,
            persona: None,
        };
        let (spender, terms) = (spender(), model.terms().clone());
        let hold = self.ledger.hold(&spender, &terms, ask).await?;
        let mut generation = model.stream(hold, request);
        while generation.next().await.is_some() {}
        let finished = generation.finish();
        let receipt = self.ledger.settle(finished.hold, finished.outcome).await?;
        let mut refused = false;
        if receipt.breach {
            let next = self.ledger.hold(&spender, &terms, ask).await;
            refused = matches!(
                next,
                Err(Refusal::Quarantined { .. } | Refusal::Frozen { .. })
            );
        }
        Ok(Called {
            billed: self.billed(number),
            posted: (receipt.usd.get(), receipt.tokens),
            prompt: (
                ask.input_bound as i64 * TARIFF.input,
                ask.input_bound as i64,
            ),
            breach: receipt.breach,
            refused,
        })
    }

    /// Tells the provider's side what to do with this number's request.
    fn announce(&self, number: usize, case: &Case) {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        cases.insert(number, case.clone());
    }

    fn billed(&self, number: usize) -> (i64, i64) {
        let truth = self.truth.lock().unwrap_or_else(PoisonError::into_inner);
        let bill = truth.get(&number).copied().unwrap_or_default();
        (bill.usd, bill.tokens)
    }

    fn model(&self, case: &Case) -> anyhow::Result<Arc<dyn Provider>> {
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = (case.dialect == Dialect::OpenAi, case.hangs, case.certified);
        if let Some(model) = models.get(&kind) {
            return Ok(Arc::clone(model));
        }
        let model = self.make(case)?;
        models.insert(kind, Arc::clone(&model));
        Ok(model)
    }

    fn make(&self, case: &Case) -> anyhow::Result<Arc<dyn Provider>> {
        let deadlines = match case.hangs {
            true => Deadlines {
                first_token: SHORT,
                between_tokens: SHORT,
                total: SHORT * 4,
                ..Deadlines::default()
            },
            false => Deadlines {
                first_token: Duration::from_secs(30),
                ..Deadlines::default()
            },
        };
        let terms = ModelTerms {
            key: ModelKey {
                provider: "sim".into(),
                model: "sim".into(),
            },
            context_window: 8192,
            max_output: MOST,
            caps_certified: case.certified,
            local: false,
            errors_may_be_billed: self.bills == Bills::Everything,
            price: Some(price()),
        };
        Ok(match case.dialect {
            Dialect::OpenAi => {
                let endpoint = Endpoint::new(&self.sim.openai_url(), None, deadlines)?;
                Arc::new(OpenAi::new(endpoint, terms))
            }
            Dialect::Anthropic => {
                let endpoint = Endpoint::new(&self.sim.anthropic_url(), None, deadlines)?;
                Arc::new(Anthropic::new(endpoint, terms))
            }
        })
    }

    /// Fails unless the windows hold exactly these amounts, nothing is set aside, and all is as the holds say.
    pub async fn close(self, posted: (i64, i64)) -> anyhow::Result<()> {
        let overview = self.ledger.overview().await?;
        for window in &overview.instance {
            let sum = (window.usd.posted, window.tokens.posted);
            ensure!(
                sum == posted,
                "a window says {sum:?}, and {posted:?} were posted"
            );
            ensure!(
                window.usd.pending == 0 && window.tokens.pending == 0,
                "something is still set aside"
            );
        }
        ensure!(
            self.ledger.verify().await?.is_empty(),
            "a window differs from its holds"
        );
        self.ledger.close().await;
        Ok(self.store.close().await?)
    }
}

fn spender() -> Spender {
    Spender {
        guild: None,
        channel: None,
        member: 1.into(),
    }
}

fn price() -> Price {
    Price::plain(PicoUsd::dollars(1), PicoUsd::dollars(2))
}
