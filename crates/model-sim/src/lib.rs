//! A language-model endpoint for tests and measurements: real sockets, two wire dialects, and a script.
//!
//! It speaks OpenAI's chat completions (`/v1/chat/completions`) and Anthropic's messages (`/v1/messages`), streaming or
//! whole, byte for byte as the real services write them, `POST /v1/embeddings`, `GET /v1/models`, and what OpenRouter
//! has besides: names of calls that can be asked about at `GET /v1/generation`, and prices in the list of models. What it answers is scripted:
//!
//! ```no_run
//! # async fn example() {
//! use model_sim::{Fault, ModelSim, Reply};
//!
//! let sim = ModelSim::start().await;
//! sim.queue(Reply::text("One answer.").by_bytes(3)); // the next request gets this one
//! sim.queue(Reply::fault(Fault::RateLimited { retry_after: Some(7) })); // then this one
//! sim.always(|prompt| Reply::text(format!("You said {}", prompt.last_user()))); // then these
//! // … point a client at sim.openai_url() or sim.anthropic_url(), and look at what it sent:
//! assert_eq!(sim.requests()[0].body["model"], "sim");
//! # }
//! ```
//!
//! Real endpoints are stricter and odder than their dialect. [`ModelSim::like`] is like one of them ([`Profile`], where
//! each peculiarity stands beside its source): it refuses what that one refuses, in its words, before the script is asked;
//! reads the key where that one does; and streams as that one streams. [`ModelSim::start`] is like none of them and refuses
//! what any may. What a call has cost stands in [`ModelSim::bills`].
//!
//! Without a script it echoes (see [`Reply::echo`]), which proves that the prompt arrived. Dropping the [`ModelSim`]
//! closes its port: later connections are refused.

mod anthropic;
mod body;
mod embeddings;
mod fault;
mod listing;
mod openai;
mod openrouter;
mod profiles;
mod prompt;
mod reply;
mod server;
mod slots;
mod tokens;
mod upstream;
mod ways;

pub use fault::Fault;
pub use profiles::{Profile, UnknownProfile};
pub use prompt::{Dialect, Prompt};
pub use reply::{Chunks, Reply, UsageReport};
pub use slots::Stay;
pub use tokens::count as count_tokens;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{Semaphore, oneshot};

use ways::{Shelf, Ways};

/// The window that is told where a test tells no other.
const WINDOW: u64 = 8192;

/// What a client sent.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The client's side of the connection: two requests with the same one shared it.
    pub peer: SocketAddr,
    /// GET or POST.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// Every header, lower-case; the value of a header that carries a secret is replaced by `(secret)`.
    pub headers: BTreeMap<String, String>,
    /// The body; null where there was none or it was no JSON.
    pub body: Value,
    /// The status that the endpoint refused it with for what it is like, before the script was asked.
    pub refused: Option<u16>,
}

/// What a call has cost by the endpoint's own books, whatever its stream told and however it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The model that answered.
    pub model: String,
    /// Input tokens.
    pub input: u64,
    /// Output tokens, thoughts included.
    pub output: u64,
}

/// A running endpoint.
pub struct ModelSim {
    address: SocketAddr,
    state: Arc<State>,
    profile: Profile,
    /// Dropped with the handle, which closes the listener and the idle connections.
    _stop: oneshot::Sender<()>,
}

type Script = Arc<dyn Fn(&Prompt) -> Reply + Send + Sync>;

/// What the handle and the server share; a test writes it, a request reads it.
#[derive(Default)]
pub(crate) struct State {
    profile: Profile,
    inside: Mutex<Inside>,
}

#[derive(Default)]
pub(crate) struct Inside {
    pub(crate) queue: VecDeque<Reply>,
    pub(crate) always: Option<Script>,
    pub(crate) requests: Vec<Recorded>,
    /// Where generations go on to.
    pub(crate) upstream: Option<String>,
    pub(crate) key: Option<String>,
    /// Empty: any model is served.
    pub(crate) models: Vec<String>,
    pub(crate) answered: u64,
    pub(crate) bills: Vec<Bill>,
    /// The window that is told, in tokens; [`WINDOW`] where absent.
    pub(crate) window: Option<u64>,
    /// No model is there at all.
    pub(crate) empty: bool,
    /// Whether calls are named as OpenRouter names them, and can be asked about.
    pub(crate) openrouter: bool,
    /// US dollars that each call is charged from now on; by its tokens where absent.
    pub(crate) charge: Option<f64>,
    /// Where so many generations are made at once; without a bound where absent.
    pub(crate) slots: Option<Arc<Semaphore>>,
    /// The requests since then.
    pub(crate) stays: Vec<Stay>,
    /// How long the embedding model takes.
    pub(crate) reading: Duration,
    /// Words that mean the same to the embedding model.
    pub(crate) alike: Vec<Vec<String>>,
    /// The record of each call, by its name.
    pub(crate) generations: BTreeMap<String, Value>,
    /// The `pricing` of each model that has one.
    pub(crate) prices: BTreeMap<String, Value>,
}

impl State {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ways(&self) -> Ways {
        self.profile.ways()
    }

    /// What is listed.
    pub(crate) fn shelf(&self) -> Shelf {
        let inside = self.lock();
        let mut models = inside.models.clone();
        if models.is_empty() && !inside.empty {
            models.push("sim".to_owned());
        }
        let window = inside.window.unwrap_or(WINDOW);
        Shelf { models, window }
    }
}

impl ModelSim {
    /// Starts on a free port of this machine, as the strict endpoint for those who do not care ([`Profile::Strict`]).
    ///
    /// # Panics
    /// If the machine has no free port, which no test can mend.
    pub async fn start() -> ModelSim {
        ModelSim::like(Profile::Strict).await
    }

    /// Starts on a free port of this machine, as strict and as odd as this endpoint is.
    ///
    /// # Panics
    /// If the machine has no free port, which no test can mend.
    #[expect(
        clippy::expect_used,
        reason = "a test's tool: without a port there is no test"
    )]
    pub async fn like(profile: Profile) -> ModelSim {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free local port");
        let address = listener.local_addr().expect("the port that was just bound");
        let state = Arc::new(State {
            profile,
            ..State::default()
        });
        state.lock().openrouter = profile == Profile::OpenRouter;
        let (stop, stopped) = oneshot::channel::<()>();
        let router = server::router(Arc::clone(&state));
        tokio::spawn(async move {
            let serve = axum::serve(
                listener,
                router.into_make_service_with_connect_info::<SocketAddr>(),
            )
            .with_graceful_shutdown(async move {
                let _ = stopped.await;
            });
            let _ = serve.await;
        });
        ModelSim {
            address,
            state,
            profile,
            _stop: stop,
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it is like.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The base URL that a user of this endpoint configures, in its own dialect.
    #[must_use]
    pub fn url(&self) -> String {
        match self.profile.dialect() {
            Dialect::OpenAi => self.openai_url(),
            Dialect::Anthropic => self.anthropic_url(),
        }
    }

    /// The base URL for a client of OpenAI's dialect: `http://127.0.0.1:PORT/v1`, or wherever this endpoint's API begins.
    #[must_use]
    pub fn openai_url(&self) -> String {
        let ways = self.profile.ways();
        let query = if ways.query.is_empty() { "" } else { "?" };
        format!("http://{}{}{query}{}", self.address, ways.root, ways.query)
    }

    /// The base URL for a client of Anthropic's dialect: `http://127.0.0.1:PORT`, or what stands before `/v1` there.
    #[must_use]
    pub fn anthropic_url(&self) -> String {
        let root = self.profile.ways().root;
        let before = root.strip_suffix("/v1").unwrap_or(root);
        format!("http://{}{before}", self.address)
    }

    /// Adds an answer for one request. Queued answers go out in order, before what [`ModelSim::always`] says.
    pub fn queue(&self, reply: Reply) {
        self.state.lock().queue.push_back(reply);
    }

    /// Answers every request that finds the queue empty.
    pub fn always(&self, script: impl Fn(&Prompt) -> Reply + Send + Sync + 'static) {
        self.state.lock().always = Some(Arc::new(script));
    }

    /// Answers every request that finds the queue empty with this text.
    pub fn say(&self, text: &str) {
        let text = text.to_owned();
        self.always(move |_| Reply::text(text.clone()));
    }

    /// From now on a generation that finds the queue empty is recorded and goes on to the endpoint at this base URL of
    /// OpenAI's dialect, and its answer comes back byte for byte.
    pub fn pass_on(&self, openai_url: &str) {
        let root = openai_url.trim_end_matches("/v1").to_owned();
        self.state.lock().upstream = Some(root);
    }

    /// To the embedding model these words mean the same from now on.
    pub fn alike(&self, words: &[&str]) {
        let words = words.iter().map(|word| word.to_lowercase()).collect();
        self.state.lock().alike.push(words);
    }

    /// From now on so many generations are made at once, as at a server of one's own: the others stand in a line, and whoever
    /// hangs up leaves it.
    pub fn have_slots(&self, slots: usize) {
        self.state.lock().slots = Some(Arc::new(Semaphore::new(slots)));
    }

    /// The requests since [`ModelSim::have_slots`], in the order in which they came.
    #[must_use]
    pub fn stays(&self) -> Vec<Stay> {
        self.state.lock().stays.clone()
    }

    /// From now on vectors take so long.
    pub fn read_for(&self, wait: Duration) {
        self.state.lock().reading = wait;
    }

    /// From now on a request without this key gets a 401.
    pub fn require_key(&self, key: &str) {
        self.state.lock().key = Some(key.to_owned());
    }

    /// From now on only these models are listed and served; a request for another gets a 404. Before, any name is served
    /// and `sim` is listed.
    pub fn serve_models(&self, models: &[&str]) {
        self.state.lock().models = models.iter().map(|&model| model.to_owned()).collect();
    }

    /// From now on it tells this window wherever this endpoint tells one.
    pub fn tell_window(&self, tokens: u64) {
        self.state.lock().window = Some(tokens);
    }

    /// From now on no model is there: the list is as empty as this endpoint writes it.
    pub fn unload(&self) {
        let mut inside = self.state.lock();
        inside.models.clear();
        inside.empty = true;
    }

    /// From now on calls are named as OpenRouter names them, and `GET /v1/generation?id=` tells what each has cost,
    /// whatever became of its stream.
    pub fn be_openrouter(&self) {
        self.state.lock().openrouter = true;
    }

    /// From now on a call costs so many US dollars, whatever its tokens.
    pub fn charge(&self, total_cost: f64) {
        self.state.lock().charge = Some(total_cost);
    }

    /// The names of the calls that can be asked about, oldest first.
    #[must_use]
    pub fn generation_names(&self) -> Vec<String> {
        self.state.lock().generations.keys().cloned().collect()
    }

    /// Forgets the record of every call, as long as OpenRouter has not written it yet.
    pub fn forget_generations(&self) {
        self.state.lock().generations.clear();
    }

    /// Lists a model with this `pricing`.
    pub fn publish_price(&self, model: &str, pricing: Value) {
        self.state.lock().prices.insert(model.to_owned(), pricing);
    }

    /// Every request so far, oldest first, `GET /v1/models` included.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.state.lock().requests.clone()
    }

    /// The requests that asked for a generation and were not refused for what this endpoint is like, oldest first.
    #[must_use]
    pub fn generations(&self) -> Vec<Recorded> {
        let mut all = self.requests();
        all.retain(|request| request.method == "POST" && request.refused.is_none());
        all
    }

    /// The requests that were refused for what this endpoint is like, oldest first: the script has not seen them.
    #[must_use]
    pub fn refusals(&self) -> Vec<Recorded> {
        let mut all = self.requests();
        all.retain(|request| request.refused.is_some());
        all
    }

    /// What it has billed, oldest first: a bill for each generation that ran, and none for a refusal or an error.
    #[must_use]
    pub fn bills(&self) -> Vec<Bill> {
        self.state.lock().bills.clone()
    }
}
