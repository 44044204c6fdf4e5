//! Model endpoints: one request out, one streamed reply in, and what it did to its hold.
//!
//! ```text
//! Hold + Request ─► Provider::stream ─► Generation ─► text, text, … ─► Finished { hold, outcome, result } ─► the ledger
//! ```
//!
//! - A call takes a [`ledger::Hold`] and gives it back with an [`ledger::Outcome`]: complete usage only if the reply
//!   ended properly and both counts came and can be true; nothing sent only if no connection was made; rejected or not
//!   run if an error or a web page stands where the reply should begin; unknown in all other cases, which posts the full
//!   hold.
//! - There are no hidden retries, and redirects are not followed: a second attempt is a second hold. An endpoint that
//!   refuses a field is remembered ([`Manners`]), and the second attempt goes out without it.
//! - Every wait has a deadline ([`Deadlines`]), every buffer a bound, every error a type and a sentence
//!   ([`ProviderError`]).
//! - What comes back is read in layers: `events` finds the events in a body of any label, a dialect's `transcript` what
//!   they say, `thinking` which part of the text is no thought, `finish` why it ended. Of an error, `cause` says what it
//!   is about, `manners` which field it refuses, `evidence` whether the model ran.
//! - A dialect is a folder: `body` writes the request, `transcript` reads the stream. [`Embeddings`] are a route beside
//!   it over the same [`Endpoint`].
//! - Where a provider publishes prices, or can be asked afterwards what a call has cost, [`Provider::published`] and
//!   [`Provider::look_up`] do.

mod admission;
mod anthropic;
mod blocked;
mod cause;
mod complaint;
mod counts;
mod deadlines;
mod decimal;
mod embeddings;
mod endpoint;
mod error;
mod events;
mod evidence;
mod finish;
mod generation;
mod lookup;
mod manners;
mod models;
mod openai;
mod pause;
mod pricing;
mod quote;
mod request;
mod sampling;
mod schema;
mod thinking;
mod transcript;
mod transport;
mod unreached;
mod windows;
mod wrapped;

pub use anthropic::Anthropic;
pub use deadlines::{Deadlines, Stage};
pub use embeddings::{EmbedRequest, Embedded, Embeddings};
pub use endpoint::{Endpoint, EndpointError};
pub use error::ProviderError;
pub use generation::{Finished, Generation, Stop};
pub use manners::{Field, Lesson, Manners};
pub use models::{Found, ListedModel, Probe};
pub use openai::{CapField, OpenAi};
pub use quote::Quote;
pub use request::{Message, Request, Role};
pub use sampling::{Samplers, Sampling};
pub use schema::Schema;
pub use unreached::Unreached;

use futures_util::future::BoxFuture;
use ledger::{Billed, Hold, ModelTerms, Place, Price};

/// A model that can be asked.
pub trait Provider: Send + Sync {
    /// What the ledger must know about the model.
    fn terms(&self) -> &ModelTerms;

    /// Begins a reply. Nothing is sent before the first [`Generation::next`], and nothing at all if the request is larger
    /// than its hold.
    fn stream(&self, hold: Hold, request: Request) -> Generation;

    /// Looks whether the endpoint answers, accepts the key and has the model. Costs nothing.
    fn probe(&self) -> BoxFuture<'_, Result<Probe, ProviderError>>;

    /// The server that it is asked at, host and port: its models share what it can do at once.
    fn server(&self) -> String;

    /// Where the model is asked: what a certification of its caps is for.
    fn place(&self) -> Place;

    /// What was learned of how it wants to be asked.
    fn manners(&self) -> &Manners;

    /// How a request would be sampled, by what is known of the endpoint.
    fn samplers(&self, request: &Request) -> Samplers;

    /// The price that the endpoint publishes for the model; none if it publishes none. Costs nothing.
    fn published(&self) -> BoxFuture<'_, Result<Option<Price>, ProviderError>> {
        Box::pin(async { Ok(None) })
    }

    /// What a call has cost whose stream did not say so, by the name that the provider gave it. Costs nothing. Holds
    /// carry such a name only where the provider can be asked.
    fn look_up<'a>(&'a self, generation: &'a str) -> BoxFuture<'a, Result<Billed, ProviderError>> {
        let _ = generation;
        Box::pin(async {
            Err(ProviderError::Protocol {
                why: "it cannot be asked about calls",
            })
        })
    }
}
