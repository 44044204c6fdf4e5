//! Consolidate: what was said is read by a model, many messages at once, for facts and for a summary, each by a question and
//! a hold of its own. In the background, on the ledger's background class, one reading at a time: no reply ever waits for it,
//! for at a server of one's own it begins when all is quiet and gives way to a reply ([`crate::slots`]).
//!
//! Facts are asked for first: their question is the shorter one, and what is lost of a summary comes back with the next.

mod ask;

use std::sync::Arc;

use chrono::TimeDelta;
use dashmap::DashSet;
use ledger::Spender;
use memory::ScopeId;
use memory::consolidation::{Batch, Pace, Question, Reading};
use provider::{Message, Request, Role, Schema};
use store::StoreError;
use tokio::sync::Semaphore;

use self::ask::{Unanswered, ask};
use crate::again::MOST_TRIES;
use crate::companion::Shared;
use crate::endpoints::growing;
use crate::house::{House, Model};
use crate::slots::Address;

/// The most tokens of an answer with a few facts.
const CAP_OF_FACTS: u32 = 380;
/// The most tokens of an answer with a summary.
const CAP_OF_A_SUMMARY: u32 = 320;
/// Turns that are read at once, at most.
const MOST_TURNS: i64 = 40;
/// Turns that a model at a server of one's own reads for facts at once, and that make it do so. Such models are small, and
/// overlook in a long question what they find in a short one; and there a call more costs nothing.
const TURNS_OF_A_SMALL_MODEL: i64 = 12;
/// Tokens of turns that are read at once, at most.
const MOST_TOKENS: usize = 2_400;
/// What a question takes besides the turns: the task, the old summary, the known facts, the shape of the answer.
const AROUND: usize = 1_300;
/// Less is not worth a call.
const FEWEST_TOKENS: usize = 200;
/// Attempts on the same turns; then they are passed over, and stay word for word as they are.
const ATTEMPTS: i64 = 3;
/// How long a scope waits whose consolidation came to nothing: at first, and at most. Each time it is twice as long.
const PAUSE: (TimeDelta, TimeDelta) = (TimeDelta::minutes(1), TimeDelta::hours(6));

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
            () = read_on(shared, &subject, i64::from(every)) => {}
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

/// Reads as long as enough is there to be read. What gave way to a reply is looked at anew when all is quiet, so that what was
/// forgotten meanwhile goes to no model.
async fn read_on(shared: &Shared, subject: &Subject, every: i64) {
    loop {
        match read(shared, subject, every).await {
            Next::More => {}
            Next::AtQuiet(at) => {
                if shared.house.slots.quiet(&at).await.is_err() {
                    return;
                }
            }
            Next::Rest => return,
        }
    }
}

/// What comes after a reading.
enum Next {
    /// It came to something, and perhaps more is there to be read.
    More,
    /// It is read when no reply is made at this server.
    AtQuiet(Address),
    /// Nothing for now.
    Rest,
}

async fn read(shared: &Shared, subject: &Subject, every: i64) -> Next {
    // It is never closed.
    let Ok(_desk) = shared.consolidations.desk.acquire().await else {
        return Next::Rest;
    };
    let mut next = Next::Rest;
    for reading in Reading::ALL {
        match read_for(&shared.house, subject, reading, every).await {
            Step::Read => next = Next::More,
            Step::GoOn => {}
            Step::AtQuiet(at) => return Next::AtQuiet(at),
            Step::Rest => return Next::Rest,
        }
    }
    next
}

/// What one question came to.
enum Step {
    /// It was answered.
    Read,
    /// It is not to be asked now; the other may be.
    GoOn,
    /// It gave way to a reply at this server.
    AtQuiet(Address),
    /// Nothing is to be asked for now: what kept this question from being answered would keep the other too.
    Rest,
}

/// Reads what has come since the last time for this, if it is enough, by the first model that may.
async fn read_for(house: &House, subject: &Subject, reading: Reading, every: i64) -> Step {
    let mut unusable = None;
    for model in house.for_background() {
        let pace = pace(model, reading, every).map(|pace| in_pieces(house, model, pace));
        let Some(pace) = pace else {
            continue;
        };
        let batch = match house.memory.due(&subject.scope, reading, pace).await {
            Ok(Some(batch)) => batch,
            Ok(None) => return Step::GoOn,
            Err(error) => {
                tracing::warn!(%error, "memory could not be consolidated");
                return Step::Rest;
            }
        };
        if batch.waits(house.clock.now()) {
            return Step::GoOn;
        }
        match work_through(house, model, subject, &batch).await {
            Went::Read => return Step::Read,
            Went::Through => return Step::GoOn,
            Went::Later => return Step::Rest,
            Went::GaveWay(at) => return Step::AtQuiet(at),
            Went::NotByThis => {}
            Went::Unusable(error) => {
                tracing::warn!(error, model = %model.provider.terms().key, "memory is not read by this model");
                unusable = Some((model, batch, error));
            }
        }
    }
    if let Some((model, batch, error)) = unusable {
        put_off(house, model, &batch, &error, Blame::Endpoint).await;
    }
    Step::Rest
}

/// Whether a batch is done with for now.
enum Went {
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

/// How much this model reads at once; `None` where its context window has no room for it.
fn pace(model: &Model, reading: Reading, every: i64) -> Option<Pace> {
    let terms = model.provider.terms();
    let window = terms.context_window as usize;
    let longest = Reading::ALL.map(|reading| cap(model, reading)).into_iter();
    let room = window.saturating_sub(longest.max().unwrap_or_default() as usize + AROUND);
    let is_short = reading == Reading::Facts && terms.local;
    let (every, most) = match is_short {
        true => (every.min(TURNS_OF_A_SMALL_MODEL), TURNS_OF_A_SMALL_MODEL),
        false => (every, MOST_TURNS.max(every)),
    };
    (room >= FEWEST_TOKENS).then(|| Pace {
        every,
        most,
        max_tokens: room.min(MOST_TOKENS),
    })
}

/// Whether enough has come for a reading by the preferred model, and it is not put off.
///
/// # Errors
/// If the database fails.
pub async fn is_due(house: &House, scope: &ScopeId, reading: Reading) -> Result<bool, StoreError> {
    let every = i64::from(house.manner.consolidate_every);
    let mut models = house.for_background();
    let Some(pace) = models.find_map(|model| pace(model, reading, every).filter(|_| every > 0))
    else {
        return Ok(false);
    };
    let progress = house.store.progress(scope, reading).await?;
    let waiting = house.store.newest_number(scope).await? - progress.through;
    let now = house.clock.now();
    Ok(waiting >= pace.every && progress.not_before.is_none_or(|at| at <= now))
}

/// What is interrupted again and again is read in smaller pieces, so that one fits between two replies.
fn in_pieces(house: &House, model: &Model, pace: Pace) -> Pace {
    let interruptions = house.slots.interruptions(&*model.provider);
    let piece = pace.max_tokens >> interruptions.min(8);
    Pace {
        max_tokens: piece.max(FEWEST_TOKENS),
        ..pace
    }
}

fn cap(model: &Model, reading: Reading) -> u32 {
    let terms = model.provider.terms();
    let most = match reading {
        Reading::Facts => CAP_OF_FACTS,
        Reading::Summary => CAP_OF_A_SUMMARY,
    };
    let answer = most.min(terms.max_output).min(terms.context_window / 4);
    model.with_room(answer)
}

async fn work_through(house: &House, model: &Model, subject: &Subject, batch: &Batch) -> Went {
    let scope = &subject.scope;
    let outcome = match batch.is_empty() || batch.failures() >= ATTEMPTS {
        true => batch.nothing(),
        false => {
            let asked = answer(house, model, subject, batch).await;
            let read = asked.and_then(|answer| {
                let read = batch.read(&answer);
                read.map_err(|error| Unanswered::Broken(error.to_string()))
            });
            match read {
                Ok(notes) => {
                    house.counts.noted(&notes);
                    notes.outcome
                }
                Err(Unanswered::Later | Unanswered::FieldRefused) => return Went::Later,
                Err(Unanswered::GaveWay(at)) => return Went::GaveWay(at),
                Err(Unanswered::NotByThis) => return Went::NotByThis,
                Err(Unanswered::Unusable(error)) => return Went::Unusable(error),
                Err(Unanswered::Broken(error)) => {
                    put_off(house, model, batch, &error, Blame::Turns).await;
                    return Went::Through;
                }
                Err(Unanswered::Failed(error)) => {
                    put_off(house, model, batch, &error, Blame::Endpoint).await;
                    return Went::Later;
                }
            }
        }
    };
    let reading = batch.reading();
    let (facts, again) = (outcome.learned.len(), outcome.confirmed.len());
    let now = house.clock.now();
    match house.memory.consolidate(batch, outcome, now).await {
        Ok(true) => {
            tracing::debug!(channel = %scope.channel, ?reading, facts, again, "memory consolidated");
            return Went::Read;
        }
        Ok(false) => {
            tracing::debug!(channel = %scope.channel, "something was forgotten meanwhile; it is read again")
        }
        Err(error) => tracing::warn!(%error, "a consolidation could not be kept"),
    }
    Went::Through
}

/// Asks the model, and once more for each field that its endpoint refuses.
async fn answer(
    house: &House,
    model: &Model,
    subject: &Subject,
    batch: &Batch,
) -> Result<String, Unanswered> {
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
    asked
}

/// What a consolidation failed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blame {
    /// Perhaps by what its turns say: after a few attempts they are passed over. The other question may do better.
    Turns,
    /// By the endpoint: the turns are read when it answers, and the other question waits for that too.
    Endpoint,
}

/// A consolidation came to nothing. It is not asked for again at each turn: its scope waits, longer each time.
async fn put_off(house: &House, model: &Model, batch: &Batch, error: &str, blame: Blame) {
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

/// A question as it goes to a model.
pub(crate) fn request(model: &Model, question: &Question, shaped: bool) -> Request {
    Request {
        system: vec![question.system.clone()],
        stable: 1,
        messages: vec![Message {
            role: Role::User,
            text: question.text.clone(),
        }],
        cap: cap(model, question.reading),
        temperature: Some(0.0),
        schema: shaped.then(|| Schema {
            name: "notes".into(),
            schema: question.schema.clone(),
        }),
        ..Request::default()
    }
}

/// The models that read talk, the preferred one first: another reads as long as that may not be asked. None where nothing
/// is read.
pub(crate) fn readers(house: &House) -> impl Iterator<Item = &Model> {
    let every = i64::from(house.manner.consolidate_every);
    let models = house.for_background();
    models.filter(move |model| every > 0 && pace(model, Reading::Facts, every).is_some())
}
