//! The provider's side of the counter: a model endpoint that bills each request as soon as it arrives, by what it does
//! with it. No rule and no sum of the ledger's is used here, so that what both believe is not proven by itself.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model_sim::{ModelSim, Prompt, Reply, count_tokens};

use super::mishaps::{Mishaps, Ran};

/// Pico-US-dollars for one token.
#[derive(Clone, Copy, Debug)]
pub struct Tariff {
    /// Of the prompt.
    pub input: i64,
    /// Of the reply.
    pub output: i64,
}

/// What has been billed, at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Billed {
    /// Pico-US-dollars.
    pub usd: i64,
    /// Prompt and reply tokens.
    pub tokens: i64,
    /// Requests.
    pub calls: u64,
    /// Of these, answered by an error.
    pub errors: u64,
}

impl Tariff {
    /// The bill of one request, of which so much was run, for a reply with this text.
    pub fn bill(&self, prompt: &Prompt, ran: Ran, text: &str, obeys_cap: bool) -> Billed {
        let cap = prompt.max_tokens.filter(|_| obeys_cap);
        let whole = count_tokens(text).min(cap.unwrap_or(u64::MAX)) as i64;
        let read = prompt.tokens() as i64;
        let (input, output) = match ran {
            Ran::Nothing => (0, 0),
            Ran::Prompt => (read, 0),
            Ran::Whole => (read, whole),
        };
        Billed {
            usd: input * self.input + output * self.output,
            tokens: input + output,
            calls: 1,
            errors: 0,
        }
    }
}

/// A model endpoint, and what it has billed.
pub struct Till {
    /// The endpoint.
    pub sim: ModelSim,
    book: Arc<Mutex<Book>>,
}

#[derive(Default)]
struct Book {
    /// What has been billed to whom.
    payers: HashMap<String, Billed>,
    /// The newest messages of the prompts that an error answered.
    failed: HashSet<String>,
    /// Whether every request is answered well for now.
    peace: bool,
}

impl Till {
    /// Opens one that says `text` of each prompt, in the way that `manner` gives the reply, and bills it by `tariff` to
    /// whom `payer` names. Some requests are answered by `mishaps` instead.
    ///
    /// The whole reply is billed when its request arrives, as the worst provider would, up to the request's cap.
    pub async fn open(
        tariff: Tariff,
        mishaps: Mishaps,
        payer: impl Fn(&Prompt) -> String + Send + Sync + 'static,
        text: impl Fn(&Prompt) -> String + Send + Sync + 'static,
        manner: impl Fn(Reply) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let sim = ModelSim::start().await;
        let book = Arc::new(Mutex::new(Book::default()));
        let pages = Arc::clone(&book);
        sim.always(move |prompt| {
            let text = text(prompt);
            let mut book = lock(&pages);
            let mishap = mishaps.next().filter(|_| !book.peace);
            let ran = mishap
                .as_ref()
                .map_or(Ran::Whole, |mishap| mishaps.billed(mishap));
            let bill = tariff.bill(prompt, ran, &text, true);
            book.charge(payer(prompt), bill, mishap.is_some());
            let Some(mishap) = mishap else {
                return manner(Reply::text(text));
            };
            book.failed.insert(prompt.last_user().to_owned());
            manner(mishap.reply(text))
        });
        Self { sim, book }
    }

    /// What has been billed so far, to everybody.
    pub fn billed(&self) -> Billed {
        let book = lock(&self.book);
        book.payers
            .values()
            .fold(Billed::default(), |sum, one| sum.with(one))
    }

    /// What has been billed so far to one payer.
    pub fn billed_to(&self, payer: &str) -> Billed {
        lock(&self.book)
            .payers
            .get(payer)
            .copied()
            .unwrap_or_default()
    }

    /// Whether a prompt whose newest message has these words in it was answered by an error.
    pub fn failed_at(&self, words: &str) -> bool {
        let book = lock(&self.book);
        book.failed.iter().any(|message| message.contains(words))
    }

    /// Answers every request well while this is set.
    pub fn keep_peace(&self, peace: bool) {
        lock(&self.book).peace = peace;
    }
}

impl Book {
    fn charge(&mut self, payer: String, bill: Billed, error: bool) {
        let own = self.payers.entry(payer).or_default();
        *own = own.with(&Billed {
            errors: u64::from(error),
            ..bill
        });
    }
}

impl Billed {
    fn with(self, other: &Self) -> Self {
        Self {
            usd: self.usd + other.usd,
            tokens: self.tokens + other.tokens,
            calls: self.calls + other.calls,
            errors: self.errors + other.errors,
        }
    }
}

fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}
