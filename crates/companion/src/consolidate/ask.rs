//! Asking a model to read, behind the turn's back: one call, on a hold of its own.

use ledger::{Ask, Outcome, Purpose};
use memory::consolidation::{Question, Reading};
use provider::{ProviderError, Stop};

use super::{Subject, request};
use crate::house::{House, Model};
use crate::ladder::Left;
use crate::settle;
use crate::slots::{Address, Taken};

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 32 * 1024;

/// Why there is no answer.
pub(super) enum Unanswered {
    /// The budget says no: the turns wait for a better time.
    Later,
    /// A reply is made or on its way at this server of one's own: the turns are read at the next quiet.
    GaveWay(Address),
    /// This model may not be asked here, or its endpoint is left alone.
    NotByThis,
    /// Its endpoint has no such model, or does not take the key: it has to be set up otherwise.
    Unusable(String),
    /// The endpoint refuses a field, and is asked without it from now on.
    FieldRefused,
    /// Something of the turns was edited, forgotten or taken back since they were read.
    Outdated,
    /// The model began, or would not; the same turns may break it again.
    Broken(String),
    /// The endpoint did not answer.
    Failed(String),
}

/// Asks the model once, on a hold of its own. At a server of one's own it is broken off when a reply comes: what it cost until
/// then is posted by the ledger's rules, and it counts as no attempt.
pub(super) async fn ask(
    house: &House,
    model: &Model,
    subject: &Subject,
    question: &Question,
    shaped: bool,
) -> Result<String, Unanswered> {
    let request = request(model, question, shaped);
    let terms = model.provider.terms();
    let ask = Ask {
        input_bound: request.input_bound(terms.context_window),
        cap: request.cap,
        purpose: match question.reading {
            Reading::Facts => Purpose::Facts,
            Reading::Summary => Purpose::Summary,
        },
        turn: None,
        persona: Some(subject.scope.persona),
    };
    let pass = house.endpoints.enter_behind(&terms.key);
    let Ok(mut pass) = pass else {
        tracing::debug!(model = %terms.key, "its endpoint is left alone, so memory is not read by it");
        return Err(Unanswered::NotByThis);
    };
    let behind = house.slots.begin(Address::of(&*model.provider)).await;
    let behind = behind.map_err(|Taken(at)| Unanswered::GaveWay(at))?;
    let hold = match house.ledger.hold(&subject.spender, terms, ask).await {
        Ok(hold) => hold,
        Err(refusal) => {
            tracing::debug!(%refusal, model = %terms.key, "memory is not read by this model now");
            return Err(match Left::after(&refusal) {
                Left::OtherModel => Unanswered::NotByThis,
                Left::Smaller | Left::Nothing => Unanswered::Later,
            });
        }
    };
    let mut generation = model.provider.stream(hold, request);
    let mut answer = String::new();
    let called_back = loop {
        let piece = tokio::select! {
            biased;
            () = behind.called_back() => break true,
            piece = generation.next() => piece,
        };
        let Some(piece) = piece else { break false };
        pass.works();
        answer.push_str(&piece);
        if answer.len() > LONGEST_ANSWER {
            break false;
        }
    };
    // The connection goes with the generation.
    let finished = generation.finish();
    let result = finished.result.clone();
    pass.ended(&result);
    let nothing_sent = finished.outcome == Outcome::NothingSent;
    let gave_way = match called_back {
        true => behind.gives_way(!nothing_sent),
        false => {
            behind.ended();
            None
        }
    };
    settle::settle(house, finished).await;
    if let Some(at) = gave_way {
        return Err(Unanswered::GaveWay(at));
    }
    match result {
        Ok(Stop::Failed(word)) => Err(Unanswered::Failed(format!("the model broke off: {word}"))),
        Ok(_) => Ok(answer),
        Err(ProviderError::FieldRefused { .. }) => Err(Unanswered::FieldRefused),
        Err(
            error @ (ProviderError::CutStream
            | ProviderError::Deadline { .. }
            | ProviderError::Protocol { .. }
            | ProviderError::ContextTooLong { .. }
            | ProviderError::RefusedByPolicy { .. }
            | ProviderError::Stopped),
        ) => Err(Unanswered::Broken(error.to_string())),
        Err(error) if error.waits_for_the_operator() => {
            Err(Unanswered::Unusable(error.to_string()))
        }
        Err(error) => Err(Unanswered::Failed(error.to_string())),
    }
}
