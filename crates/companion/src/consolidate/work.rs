//! A batch is worked through: its questions are asked, what was answered is kept, and what came to nothing waits.

use std::collections::VecDeque;

use chrono::TimeDelta;
use memory::consolidation::{Answered, Batch, Question, Reading, Unreadable};
use store::consolidations::Consolidated;

use super::Subject;
use super::ask::{Unanswered, ask};
use super::pace::portion;
use crate::again::MOST_TRIES;
use crate::endpoints::growing;
use crate::house::{House, Model};
use crate::slots::Address;

/// Attempts on the same turns; then they are passed over, and stay word for word as they are.
const ATTEMPTS: i64 = 3;
/// How long a scope waits whose consolidation came to nothing: at first, and at most. Each time it is twice as long.
const PAUSE: (TimeDelta, TimeDelta) = (TimeDelta::minutes(1), TimeDelta::hours(6));

/// Whether a batch is done with for now.
pub(super) enum Went {
    /// It is.
    Read,
    /// Its turns wait for another try.
    Through,
    /// It waits for a better time, as everything else does.
    Later,
    /// It gave way to a reply at this server.
    GaveWay(Address),
    /// This model may not be asked; another may.
    NotByThis,
    /// This model cannot be asked before whoever runs the bot has mended something; another may.
    Unusable(String),
}

pub(super) async fn work_through(
    house: &House,
    model: &Model,
    subject: &Subject,
    batch: &Batch,
) -> Went {
    if batch.is_empty() || batch.failures() >= ATTEMPTS {
        return keep(house, batch, batch.nothing()).await;
    }
    let (answered, ended) = answers(house, model, subject, batch).await;
    let read = |batch: &Batch, answered: &[Answered]| {
        let notes = batch.read_all(answered);
        let broken = |unreadable: Unreadable| Unanswered::Broken(unreadable.to_string());
        notes
            .inspect(|notes| house.counts.noted(notes))
            .map_err(broken)
    };
    let why = match ended {
        None => match read(batch, &answered) {
            Ok(notes) => return keep(house, batch, notes.outcome).await,
            Err(broken) => broken,
        },
        Some(why) => {
            // What was answered before is not asked for again.
            if let Some(part) = batch.until(&answered)
                && let Ok(notes) = read(&part, &answered)
            {
                keep(house, &part, notes.outcome).await;
            }
            why
        }
    };
    came_to_nothing(house, model, batch, why).await
}

/// What becomes of a batch that was not answered, or not wholly.
async fn came_to_nothing(house: &House, model: &Model, batch: &Batch, why: Unanswered) -> Went {
    match why {
        Unanswered::Later | Unanswered::FieldRefused => Went::Later,
        Unanswered::GaveWay(at) => Went::GaveWay(at),
        Unanswered::NotByThis => Went::NotByThis,
        Unanswered::Unusable(error) => Went::Unusable(error),
        Unanswered::Outdated => Went::Through,
        Unanswered::Broken(error) => {
            put_off(house, model, batch, &error, Blame::Turns).await;
            Went::Through
        }
        Unanswered::Failed(error) => {
            put_off(house, model, batch, &error, Blame::Endpoint).await;
            Went::Later
        }
    }
}

/// Keeps what was read.
async fn keep(house: &House, batch: &Batch, outcome: Consolidated) -> Went {
    let (channel, reading) = (batch.scope().channel, batch.reading());
    let (facts, again) = (outcome.learned.len(), outcome.confirmed.len());
    let now = house.clock.now();
    match house.memory.consolidate(batch, outcome, now).await {
        Ok(true) => {
            tracing::debug!(%channel, ?reading, facts, again, "memory consolidated");
            return Went::Read;
        }
        Ok(false) => {
            tracing::debug!(%channel, "something was forgotten meanwhile; it is read again")
        }
        Err(error) => tracing::warn!(%error, "a consolidation could not be kept"),
    }
    Went::Through
}

/// Asks the model one question after another, and says why it was not asked all of them. A message whose question it does not
/// answer tells nothing, if it answers another.
async fn answers(
    house: &House,
    model: &Model,
    subject: &Subject,
    batch: &Batch,
) -> (Vec<Answered>, Option<Unanswered>) {
    let account = subject.account.as_deref();
    let questions = batch.questions(portion(model), &subject.persona, account);
    let mut questions = VecDeque::from(questions);
    // A model that answered nothing readable in a shape may do better without.
    let shaped = batch.failures() == 0;
    let mut answered = vec![];
    let mut broken = None;
    let mut is_first = true;
    while let Some(question) = questions.pop_front() {
        // What was forgotten or taken back since the last answer goes to no model.
        if !std::mem::take(&mut is_first)
            && !matches!(house.memory.is_current(batch).await, Ok(true))
        {
            return (vec![], Some(Unanswered::Outdated));
        }
        match answer(house, model, subject, &question, shaped).await {
            Ok(answer) => {
                let one = Answered { question, answer };
                if let Some(rest) = one.rest() {
                    questions.push_front(rest);
                }
                answered.push(one);
            }
            Err(why @ Unanswered::Broken(_)) => broken = Some(why),
            Err(why) => {
                if question.is_for_the_rest() {
                    // Its message is asked about again, as a whole.
                    answered.pop();
                }
                return (answered, Some(why));
            }
        }
    }
    match answered.is_empty() {
        true => (answered, broken),
        false => (answered, None),
    }
}

/// Asks the model once, and once more for each field that its endpoint refuses.
async fn answer(
    house: &House,
    model: &Model,
    subject: &Subject,
    question: &Question,
    shaped: bool,
) -> Result<String, Unanswered> {
    let mut asked = ask(house, model, subject, question, shaped).await;
    for _ in 0..MOST_TRIES {
        if !matches!(asked, Err(Unanswered::FieldRefused)) {
            break;
        }
        asked = ask(house, model, subject, question, shaped).await;
    }
    asked
}

/// What a consolidation failed by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// Perhaps by what its turns say: after a few attempts they are passed over. The other question may do better.
    Turns,
    /// By the endpoint: the turns are read when it answers, and the other question waits for that too.
    Endpoint,
}

/// A consolidation came to nothing. It is not asked for again at each turn: its scope waits, longer each time.
pub(super) async fn put_off(
    house: &House,
    model: &Model,
    batch: &Batch,
    error: &str,
    blame: Blame,
) {
    let (scope, reading, now) = (batch.scope(), batch.reading(), house.clock.now());
    let pause = growing(PAUSE.0, PAUSE.1, batch.put_off() + 1);
    let memory = &house.memory;
    let failures = match blame {
        Blame::Turns => memory
            .consolidation_failed(scope, reading, now)
            .await
            .map(Some),
        Blame::Endpoint => Ok(None),
    };
    let waits = |waiting: &Reading| blame == Blame::Endpoint || *waiting == reading;
    let mut put_off = vec![];
    for waiting in Reading::ALL.into_iter().filter(waits) {
        let until = now + pause;
        put_off.push(
            memory
                .put_consolidation_off(scope, waiting, until, now)
                .await,
        );
    }
    let (minutes, model) = (pause.num_minutes(), &model.provider.terms().key);
    tracing::warn!(error, ?reading, ?failures, ?put_off, minutes, %model, channel = %scope.channel, "a consolidation came to nothing; it is asked for again after a pause");
}
