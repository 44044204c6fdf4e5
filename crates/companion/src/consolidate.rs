//! Consolidate: what was said is read by a model, many messages at once, into a summary and facts. In the background, on
//! the ledger's background class, one reading at a time: no reply ever waits for it.

use std::sync::Arc;

use dashmap::DashSet;
use ledger::{Ask, Purpose, Spender};
use memory::ScopeId;
use memory::consolidation::{Batch, Pace, Question};
use provider::{Message, ProviderError, Request, Role, Schema};
use tokio::sync::Semaphore;

use crate::again::MOST_TRIES;
use crate::companion::Shared;
use crate::house::{House, Model};
use crate::settle;

/// The most tokens of an answer: a summary and a few facts.
const CAP: u32 = 700;
/// Turns that are read at once, at most.
const MOST_TURNS: i64 = 40;
/// Tokens of turns that are read at once, at most.
const MOST_TOKENS: usize = 2_400;
/// What a question takes besides the turns: the task, the old summary, the known facts, the shape of the answer.
const AROUND: usize = 1_300;
/// Less is not worth a call.
const FEWEST_TOKENS: usize = 200;
/// Attempts on the same turns; then they are passed over, and stay word for word as they are.
const ATTEMPTS: i64 = 3;
/// The longest answer that is read.
const LONGEST_ANSWER: usize = 32 * 1024;

/// What is being read now.
pub(crate) struct Consolidations {
    scopes: DashSet<ScopeId>,
    desk: Semaphore,
}

impl Default for Consolidations {
    fn default() -> Self {
        Self {
            scopes: DashSet::new(),
            desk: Semaphore::new(1),
        }
    }
}

/// Whose talk is read, and for whose guild it is paid.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) scope: ScopeId,
    pub(crate) persona: String,
    /// The name of the bot's own account.
    pub(crate) account: Option<String>,
    pub(crate) spender: Spender,
}

/// Reads what has come since the last time, if it is enough, behind the turn's back.
pub(crate) fn consider(shared: &Arc<Shared>, subject: Subject) {
    let every = shared.house.manner.consolidate_every;
    if every == 0 || !shared.consolidations.scopes.insert(subject.scope) {
        return;
    }
    let inside = BeingRead {
        shared: Arc::clone(shared),
        scope: subject.scope,
    };
    shared.spawn(async move {
        let shared = &inside.shared;
        tokio::select! {
            biased;
            () = shared.closing.cancelled() => {}
            () = read(shared, &subject, i64::from(every)) => {}
        }
    });
}

/// A scope that is being read. However the reading ends, it can be read again.
struct BeingRead {
    shared: Arc<Shared>,
    scope: ScopeId,
}

impl Drop for BeingRead {
    fn drop(&mut self) {
        self.shared.consolidations.scopes.remove(&self.scope);
    }
}

async fn read(shared: &Shared, subject: &Subject, every: i64) {
    // It is never closed.
    let Ok(_desk) = shared.consolidations.desk.acquire().await else {
        return;
    };
    let house = &*shared.house;
    let model = house.cheaper.as_ref().unwrap_or(&house.model);
    let Some(pace) = pace(model, every) else {
        return;
    };
    match house.memory.due(&subject.scope, pace).await {
        Ok(Some(batch)) => work_through(house, model, subject, &batch).await,
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "memory could not be consolidated"),
    }
}

/// How much this model reads at once; `None` where its context window has no room for it.
fn pace(model: &Model, every: i64) -> Option<Pace> {
    let window = model.provider.terms().context_window as usize;
    let room = window.saturating_sub(cap(model) as usize + AROUND);
    (room >= FEWEST_TOKENS).then(|| Pace {
        every,
        most: MOST_TURNS.max(every),
        max_tokens: room.min(MOST_TOKENS),
    })
}

fn cap(model: &Model) -> u32 {
    let terms = model.provider.terms();
    CAP.min(terms.max_output).min(terms.context_window / 4)
}

async fn work_through(house: &House, model: &Model, subject: &Subject, batch: &Batch) {
    let (scope, now) = (&subject.scope, house.clock.now());
    let outcome = match batch.is_empty() || batch.failures() >= ATTEMPTS {
        true => batch.nothing(),
        false => {
            let question = batch.question_beside(&subject.persona, subject.account.as_deref());
            // A model that answered nothing readable in a shape may do better without.
            let shaped = batch.failures() == 0;
            let mut asked = ask(house, model, subject, &question, shaped).await;
            for _ in 0..MOST_TRIES {
                if !matches!(asked, Err(Unanswered::FieldRefused)) {
                    break;
                }
                asked = ask(house, model, subject, &question, shaped).await;
            }
            let read = match asked {
                Ok(answer) => batch.read(&answer).map_err(|error| error.to_string()),
                Err(Unanswered::Broken(error)) => Err(error.to_string()),
                Err(Unanswered::Later | Unanswered::FieldRefused) => return,
            };
            match read {
                Ok(outcome) => outcome,
                Err(error) => {
                    let failures = house.memory.consolidation_failed(scope, now).await;
                    let key = &model.provider.terms().key;
                    tracing::warn!(error, ?failures, model = %key, "a consolidation came to nothing");
                    return;
                }
            }
        }
    };
    let (facts, again) = (outcome.learned.len(), outcome.confirmed.len());
    match house.memory.consolidate(batch, outcome, now).await {
        Ok(true) => tracing::debug!(channel = %scope.channel, facts, again, "memory consolidated"),
        Ok(false) => {
            tracing::debug!(channel = %scope.channel, "something was forgotten meanwhile; it is read again")
        }
        Err(error) => tracing::warn!(%error, "a consolidation could not be kept"),
    }
}

/// Why there is no answer.
enum Unanswered {
    /// The budget or the endpoint says no: the turns wait for a better time.
    Later,
    /// The endpoint refuses a field, and is asked without it from now on.
    FieldRefused,
    /// The model began, or would not; the same turns may break it again.
    Broken(ProviderError),
}

/// Asks the model once, on a hold of its own.
async fn ask(
    house: &House,
    model: &Model,
    subject: &Subject,
    question: &Question,
    shaped: bool,
) -> Result<String, Unanswered> {
    let request = Request {
        system: vec![question.system.clone()],
        stable: 1,
        messages: vec![Message {
            role: Role::User,
            text: question.text.clone(),
        }],
        cap: cap(model),
        temperature: Some(0.0),
        schema: shaped.then(|| Schema {
            name: "notes".into(),
            schema: question.schema.clone(),
        }),
        ..Request::default()
    };
    let terms = model.provider.terms();
    let ask = Ask {
        input_bound: request.input_bound(terms.context_window),
        cap: request.cap,
        purpose: Purpose::Facts,
        turn: None,
        persona: Some(subject.scope.persona),
    };
    let hold = match house.ledger.hold(&subject.spender, terms, ask).await {
        Ok(hold) => hold,
        Err(refusal) => {
            tracing::debug!(%refusal, "memory is consolidated another time");
            return Err(Unanswered::Later);
        }
    };
    let mut generation = model.provider.stream(hold, request);
    let mut answer = String::new();
    while let Some(piece) = generation.next().await {
        answer.push_str(&piece);
        if answer.len() > LONGEST_ANSWER {
            break;
        }
    }
    let finished = generation.finish();
    let result = finished.result.clone();
    settle::settle(house, finished).await;
    match result {
        Ok(_) => Ok(answer),
        Err(ProviderError::FieldRefused { .. }) => Err(Unanswered::FieldRefused),
        Err(
            error @ (ProviderError::CutStream
            | ProviderError::Deadline { .. }
            | ProviderError::Protocol { .. }
            | ProviderError::RefusedByPolicy { .. }
            | ProviderError::Stopped),
        ) => Err(Unanswered::Broken(error)),
        Err(error) => {
            tracing::warn!(%error, "memory could not be consolidated");
            Err(Unanswered::Later)
        }
    }
}
