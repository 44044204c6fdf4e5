//! The provider's side of the counter: a model endpoint that bills every request as soon as it arrives, whatever
//! becomes of the reply.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ledger::{PicoUsd, Price, Usage};
use model_sim::{ModelSim, Prompt, Reply, count_tokens};

/// A model endpoint, and what it has billed.
pub struct Till {
    /// The endpoint.
    pub sim: ModelSim,
    bill: Arc<Bill>,
}

/// What has been billed, to whom.
#[derive(Default)]
struct Bill(Mutex<HashMap<String, Billed>>);

/// What has been billed, at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Billed {
    /// Pico-US-dollars.
    pub usd: i64,
    /// Prompt and reply tokens.
    pub tokens: i64,
    /// Requests.
    pub calls: u64,
}

impl Till {
    /// Opens one that says `text` of each prompt, in the way that `manner` gives the reply, and bills it at `price` to
    /// whom `payer` names.
    ///
    /// The whole reply is billed when its request arrives, as the worst provider would, up to the request's cap.
    pub async fn open(
        price: Price,
        payer: impl Fn(&Prompt) -> String + Send + Sync + 'static,
        text: impl Fn(&Prompt) -> String + Send + Sync + 'static,
        manner: impl Fn(Reply) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let sim = ModelSim::start().await;
        let bill = Arc::new(Bill::default());
        let book = Arc::clone(&bill);
        sim.always(move |prompt| {
            let text = text(prompt);
            book.charge(&price, payer(prompt), prompt, &text);
            manner(Reply::text(text))
        });
        Self { sim, bill }
    }

    /// What has been billed so far, to everybody.
    pub fn billed(&self) -> Billed {
        let book = self.bill.lock();
        book.values().fold(Billed::default(), |sum, one| Billed {
            usd: sum.usd + one.usd,
            tokens: sum.tokens + one.tokens,
            calls: sum.calls + one.calls,
        })
    }

    /// What has been billed so far to one payer.
    pub fn billed_to(&self, payer: &str) -> Billed {
        self.bill.lock().get(payer).copied().unwrap_or_default()
    }
}

impl Bill {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Billed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn charge(&self, price: &Price, payer: String, prompt: &Prompt, text: &str) {
        let usage = Usage {
            input: prompt.tokens(),
            output: count_tokens(text).min(prompt.max_tokens.unwrap_or(u64::MAX)),
            ..Usage::default()
        };
        let mut book = self.lock();
        let own = book.entry(payer).or_default();
        // What cannot be counted must not pass for nothing.
        own.usd += price.cost(&usage).map_or(i64::MAX / 4, PicoUsd::get);
        own.tokens += i64::try_from(usage.tokens()).unwrap_or(i64::MAX / 4);
        own.calls += 1;
    }
}
