//! What can go wrong between the house and a model. The sentences are for whoever runs the bot: they quote the provider
//! and name the key that mends it, so they stand in the log and in `familiar check`, and never in a channel.

use std::time::Duration;

use crate::deadlines::Stage;
use crate::manners::Field;
use crate::quote::Quote;
use crate::unreached::Unreached;

/// Why there is no whole reply. No variant carries a secret: what the provider said is cleaned first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The key is wrong, missing, or may not use this model.
    #[error(
        "The model provider did not accept the API key{said}. Set a valid key for this provider in the configuration."
    )]
    Authentication {
        /// The provider's words.
        said: Quote,
    },
    /// The account has no credit left.
    #[error(
        "The account at the model provider has no credit left{said}. Top it up there, or choose another provider."
    )]
    OutOfCredit {
        /// The provider's words.
        said: Quote,
    },
    /// The prompt does not fit the model's context window.
    #[error(
        "The prompt is longer than the model can read{said}. Set the model's context_window in the configuration to its true size."
    )]
    ContextTooLong {
        /// The provider's words.
        said: Quote,
    },
    /// Too many requests.
    #[error("The model provider asks for a pause{}{said}. Try again then.", pause(.retry_after))]
    RateLimited {
        /// How long it asked to wait, if it said so.
        retry_after: Option<Duration>,
        /// The provider's words.
        said: Quote,
    },
    /// The provider's content policy refused the prompt.
    #[error(
        "The model provider refused this request by its content policy{said}. Put it differently, or choose another model."
    )]
    RefusedByPolicy {
        /// The provider's words.
        said: Quote,
    },
    /// The endpoint, or the model behind it, does not take a field of the request. It is left out from now on, so the same
    /// request may be made again at once; that ends, since each field can be refused only once.
    #[error(
        "The model does not take {field}{said}. Ask it again: it is asked without from now on."
    )]
    FieldRefused {
        /// Which one.
        field: Field,
        /// The provider's words.
        said: Quote,
    },
    /// The provider has more work than it can do.
    #[error("The model provider is overloaded{}{said}. Try again in a minute.", asking(.retry_after))]
    Overloaded {
        /// How long it asked to wait, if it said so.
        retry_after: Option<Duration>,
        /// The provider's words.
        said: Quote,
    },
    /// The provider does not have this model.
    #[error(
        "The model provider has no model named `{model}`{said}. Correct the model's name in the configuration."
    )]
    ModelMissing {
        /// The name that was asked for.
        model: String,
        /// The provider's words, or the names that it has.
        said: Quote,
    },
    /// The server has no model in its memory.
    #[error("The model server has no model loaded{said}. Load `{model}` there.")]
    NothingLoaded {
        /// The name that was asked for.
        model: String,
        /// The provider's words.
        said: Quote,
    },
    /// The stream ended before the reply did.
    #[error("The connection to the model broke in the middle of the reply. Try again.")]
    CutStream,
    /// Nothing answers at the address.
    #[error(
        "The model provider at {host} cannot be reached ({cause}). {}.", .cause.mend()
    )]
    Unreachable {
        /// Host and port.
        host: String,
        /// What failed.
        cause: Unreached,
    },
    /// A deadline passed.
    #[error("The model {stage}. Try again; if it happens often, raise deadlines.{} in the configuration.", .stage.key())]
    Deadline {
        /// Which one.
        stage: Stage,
    },
    /// Something answers, but it is no model endpoint.
    #[error(
        "What answers at {host} is no model endpoint ({why}). Check base_url in the configuration."
    )]
    NotAModel {
        /// Host and port.
        host: String,
        /// What shows it.
        why: &'static str,
    },
    /// A gateway keeps the request from the endpoint.
    #[error(
        "A web page of {by} answers at {host} in place of the model: requests from this machine are blocked there, whatever the key. Let them through there, or set base_url to an address without it."
    )]
    Blocked {
        /// Host and port.
        host: String,
        /// Who does.
        by: &'static str,
    },
    /// The answer breaks the dialect's rules.
    #[error(
        "The model provider's answer could not be understood ({why}). Check that base_url and dialect in the configuration belong together."
    )]
    Protocol {
        /// What broke.
        why: &'static str,
    },
    /// The request is larger than its hold: a mistake of the caller, noticed before anything was sent.
    #[error(
        "The request is larger than what was reserved for it ({why}), so it was not sent. Please report this."
    )]
    HoldTooSmall {
        /// What does not fit.
        why: &'static str,
    },
    /// The caller ended the generation before the model did.
    #[error("The reply was stopped before it was whole.")]
    Stopped,
    /// Any other error answer.
    #[error("The model provider failed{}{said}. {}", with_status(.status), next_step(.status))]
    Other {
        /// The HTTP status; none for an error inside a stream.
        status: Option<u16>,
        /// The provider's words.
        said: Quote,
    },
}

impl ProviderError {
    /// Whether asking again is of no use before whoever runs the bot has mended something.
    #[must_use]
    pub fn waits_for_the_operator(&self) -> bool {
        matches!(
            self,
            Self::Authentication { .. }
                | Self::OutOfCredit { .. }
                | Self::ModelMissing { .. }
                | Self::NothingLoaded { .. }
                | Self::NotAModel { .. }
                | Self::Blocked { .. }
        )
    }
}

fn pause(retry_after: &Option<Duration>) -> String {
    retry_after
        .map(|wait| format!(" of {} s", wait.as_secs_f64().ceil()))
        .unwrap_or_default()
}

fn asking(retry_after: &Option<Duration>) -> String {
    retry_after
        .map(|_| format!(" and asks for a pause{}", pause(retry_after)))
        .unwrap_or_default()
}

fn with_status(status: &Option<u16>) -> String {
    status
        .map(|status| format!(" with status {status}"))
        .unwrap_or_default()
}

fn next_step(status: &Option<u16>) -> &'static str {
    match status {
        Some(400..500) => "Check what the configuration sets for this model.",
        _ => "Try again; if it goes on, look at its status page.",
    }
}
