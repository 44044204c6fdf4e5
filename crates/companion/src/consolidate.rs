//! Consolidate: what was said is read by a model, many messages at once, for facts and for a summary, each question on a hold
//! of its own. In the background, on the ledger's background class, one reading at a time: no reply ever waits for it,
//! for at a server of one's own it begins when all is quiet and gives way to a reply ([`crate::slots`]).
//!
//! Facts are asked for first: their question is the shorter one, and what is lost of a summary comes back with the next.

mod ask;
mod pace;
mod work;

use std::sync::Arc;

use dashmap::DashSet;
use ledger::Spender;
use memory::ScopeId;
use memory::consolidation::Reading;
use store::StoreError;
use tokio::sync::Semaphore;

use self::pace::{in_pieces, pace};
use self::work::{Blame, Went, put_off, work_through};
use crate::companion::Shared;
use crate::house::{House, Model};
use crate::slots::Address;

pub(crate) use self::pace::{portion, request};

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

/// The models that read talk, the preferred one first: another reads as long as that may not be asked. None where nothing
/// is read.
pub(crate) fn readers(house: &House) -> impl Iterator<Item = &Model> {
    let every = i64::from(house.manner.consolidate_every);
    let models = house.for_background();
    models.filter(move |model| every > 0 && pace(model, Reading::Facts, every).is_some())
}
