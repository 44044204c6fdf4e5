//! Memory: what a persona remembers of a place, and what of it goes into a prompt.
//!
//! Every turn is kept word for word. A prompt gets two cuts of it, each under a fixed number of tokens whatever the
//! length of the history: the recent window ([`Memory::window`]) and what a question brings back
//! ([`Memory::recall`]). There is no function that reads without a [`ScopeId`].

mod ago;
mod bm25;
mod candidates;
mod choosing;
pub mod consolidation;
mod copy;
mod correcting;
mod echoes;
mod embedding;
mod facts;
mod features;
pub mod names;
mod occasion;
mod oneself;
mod person;
mod profile;
mod recall;
pub mod rerank;
mod tokens;
mod topics;
mod vectors;
mod window;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use store::id::{ChannelId, MessageId, TurnId, UserId};
use store::reports::NewReport;
use store::{Store, StoreError};

pub use ago::{ago, ago_in_chinese};
pub use candidates::Candidate;
pub use choosing::{BEYOND, bring_up, fact_line, take_facts};
pub use consolidation::{LONGEST_FACT, Unfit, is_ideograph, sentences};
pub use correcting::Uncorrected;
pub use echoes::{Prompted, Summed};
pub use embedding::{EmbedFailed, Embedder, IndexError, Pass, QUESTION_WAIT, Step};
pub use facts::{FACTS_PAGE, Known, PINS_PAGE};
pub use features::{FEATURES, Features};
pub use names::Names;
pub use occasion::{Asker, Inquiry, Occasion};
pub use oneself::{Oneself, asks_of_oneself, claims_the_past, is_about_mine};
pub use recall::{Recalled, Why, rank, take};
pub use store::consents::Consent;
pub use store::facts::{Fact, MOST_PINS, Origin, Pinning};
pub use store::forgetting::ForgetWhat;
pub use store::id::{FactId, ProfileId, ScopeId};
pub use store::turns::{Author, NewTurn, Page, Turn, TurnKind};
pub use store::versions::Kept;
pub use tokens::{tokens, turn_tokens};
pub use topics::bears_on;
pub use window::WindowSpec;

use embedding::Reader;
use vectors::Nearness;

/// Turns on one page of [`Memory::show`]: what fits into one Discord message with its links.
pub const PAGE_SIZE: u32 = 7;

/// The memory of all personas in all places.
#[derive(Clone)]
pub struct Memory {
    store: Store,
    /// Reads what turns and questions mean; without it, recall goes by words.
    reader: Option<Reader>,
}

impl Memory {
    /// Memory that is kept in this store and recalls by words.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            reader: None,
        }
    }

    /// Memory that also recalls by meaning, as this model sees it. Vectors of another model are dropped. Somebody has
    /// to call [`Memory::read_some`] again and again in the background. A question that is not read within
    /// `question_wait` (see [`QUESTION_WAIT`]) is answered by words alone.
    pub async fn with_embedder(
        store: Store,
        embedder: Arc<dyn Embedder>,
        question_wait: Duration,
    ) -> Result<Self, StoreError> {
        let reader = Reader::new(&store, embedder, question_wait).await?;
        Ok(Self {
            store,
            reader: Some(reader),
        })
    }

    /// The model that reads what is meant; `None` where memory is searched by words alone.
    pub fn reads_by(&self) -> Option<&str> {
        self.reader.as_ref().map(Reader::model)
    }

    /// Turns the next few turns into vectors and says how many; 0 if none wait or there is no model. Until a turn has
    /// its vector it is found by its words; nothing else waits for this.
    pub async fn read_some(&self) -> Result<usize, IndexError> {
        let step = self.read_on(&mut Pass::default()).await?;
        match step.failed {
            Some(failed) => Err(failed.into()),
            None => Ok(step.read),
        }
    }

    /// Turns the next few turns of a [`Pass`] into vectors.
    pub async fn read_on(&self, pass: &mut Pass) -> Result<Step, StoreError> {
        match &self.reader {
            Some(reader) => reader.read_on(&self.store, pass).await,
            None => Ok(Step {
                done: true,
                ..Step::default()
            }),
        }
    }

    /// How near the turns of a scope are to a question; nothing, if there is no model or it cannot say in time.
    async fn nearness(
        &self,
        scope: &ScopeId,
        inquiry: Inquiry<'_>,
    ) -> Result<Nearness, StoreError> {
        match &self.reader {
            Some(reader) => reader.nearness(&self.store, scope, inquiry).await,
            None => Ok(Nearness::default()),
        }
    }

    /// Lets go of the vectors at hand; whoever drops turns from the store itself has to say so here. They are read
    /// again when somebody asks.
    pub fn let_go(&self) {
        if let Some(reader) = &self.reader {
            reader.vectors.clear();
        }
    }

    /// The scopes that have these messages, if anything of them may be at hand.
    async fn at_hand(&self, messages: &[MessageId]) -> Result<Vec<ScopeId>, StoreError> {
        match &self.reader {
            Some(_) => self.store.scopes_showing(messages).await,
            None => Ok(Vec::new()),
        }
    }

    fn let_go_of(&self, scopes: &[ScopeId]) {
        if let Some(reader) = &self.reader {
            scopes
                .iter()
                .for_each(|scope| reader.vectors.drop_scope(scope));
        }
    }

    /// Keeps a message. One that its scope has already is kept once.
    pub async fn remember_turn(&self, turn: NewTurn) -> Result<TurnId, StoreError> {
        self.store.add_turn(turn).await
    }

    /// Keeps what a person said, in the version that was last edited at `edited_at`; not if it was deleted meanwhile, nor
    /// if a newer version is known.
    pub async fn remember_heard(
        &self,
        turn: NewTurn,
        edited_at: Option<DateTime<Utc>>,
    ) -> Result<Kept, StoreError> {
        self.store.add_heard(turn, edited_at).await
    }

    /// Keeps a persona's greeting, for whoever asked for it by `call`.
    pub async fn remember_greeting(
        &self,
        turn: NewTurn,
        person: UserId,
        call: MessageId,
    ) -> Result<TurnId, StoreError> {
        self.store.add_turn_for(person, call, turn).await
    }

    /// Keeps a persona's reply to what a person `asked`, whose words it repeats of what stood in its prompt, and why it is as
    /// it is. One that its scope has already is kept once; not if it was deleted meanwhile, nor if what it answers was, or
    /// whatever it repeats, or if that now says other words.
    pub async fn remember_reply(
        &self,
        turn: NewTurn,
        asked: String,
        prompted: &Prompted,
        report: NewReport,
    ) -> Result<Kept, StoreError> {
        let echoes = self.echoes(&turn, &asked, prompted).await?;
        self.store.add_reply(turn, asked, echoes, report).await
    }

    /// The recent turns, oldest first, in at most `spec.max_tokens`; see [`WindowSpec`] for how they are cut.
    pub async fn window(&self, scope: &ScopeId, spec: WindowSpec) -> Result<Vec<Turn>, StoreError> {
        let turns = self.store.latest_turns(scope, spec.rows()).await?;
        Ok(spec.cut(turns))
    }

    /// The same with everybody called as a prompt calls them: a name in it may be longer than the one that people see.
    pub async fn window_called(
        &self,
        scope: &ScopeId,
        spec: WindowSpec,
        names: &Names,
    ) -> Result<Vec<Turn>, StoreError> {
        let mut turns = self.store.latest_turns(scope, spec.rows()).await?;
        turns.iter_mut().for_each(|turn| names.call(turn));
        Ok(spec.cut(turns))
    }

    /// What a question brings back from the whole history, without the turns that are in the window already: in at
    /// most `budget` tokens, in the order in which it was said. Empty if nothing has a word of the question in it
    /// (or, with vectors, means anything like it).
    pub async fn recall<'a>(
        &self,
        scope: &ScopeId,
        question: impl Into<Inquiry<'a>>,
        window: &[Turn],
        budget: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<Recalled>, StoreError> {
        let inquiry = question.into();
        let nearness = self.nearness(scope, inquiry).await?;
        recall::recall(
            &self.store,
            scope,
            inquiry.text,
            nearness,
            window,
            budget,
            now,
        )
        .await
    }

    /// What recall ranks for a question, unranked: for measurements, and for fitting the ranking's weights.
    pub async fn candidates(
        &self,
        scope: &ScopeId,
        question: &str,
    ) -> Result<Vec<Candidate>, StoreError> {
        let nearness = self.nearness(scope, question.into()).await?;
        candidates::candidates(&self.store, scope, question, &nearness, &HashSet::new()).await
    }

    /// When somebody last spoke here; `None` if nobody did.
    pub async fn last_contact(&self, scope: &ScopeId) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.store.last_turn_at(scope).await
    }

    /// What is remembered, newest first: all of a scope, or what one person said. Pages count from 0.
    pub async fn show(
        &self,
        scope: &ScopeId,
        person: Option<UserId>,
        page: u32,
    ) -> Result<Page<Turn>, StoreError> {
        self.store.turns_page(scope, person, page, PAGE_SIZE).await
    }

    /// What a person said last in a scope, the newest first; at most so much.
    pub async fn latest_of(
        &self,
        scope: &ScopeId,
        person: UserId,
        most: u32,
    ) -> Result<Vec<Turn>, StoreError> {
        let page = self.store.turns_page(scope, Some(person), 0, most).await?;
        Ok(page.rows)
    }

    /// Forgets, and says how many turns that took. The words leave the table, the index and the log on disk.
    pub async fn forget(&self, scope: &ScopeId, what: ForgetWhat) -> Result<u64, StoreError> {
        let forgotten = self.store.forget(scope, what).await?;
        // It may be repeated in a thread below.
        self.let_go();
        self.sweep().await;
        Ok(forgotten)
    }

    /// Takes the bytes of what was forgotten out of the database's log now, for whoever is told that they are gone.
    async fn sweep(&self) {
        if let Err(error) = self.store.checkpoint().await {
            // The rows are gone; only their old bytes stay in the log until a later checkpoint.
            tracing::warn!(%error, "what was forgotten is not yet gone from the database's log");
        }
    }

    /// A person edited a message on Discord at `edited_at`: the memory of it says the new words. Nothing changes where they
    /// are no news. Says how many turns that changed.
    pub async fn message_edited(
        &self,
        message: MessageId,
        edited_at: DateTime<Utc>,
        text: String,
    ) -> Result<u64, StoreError> {
        let scopes = self.at_hand(&[message]).await?;
        let edited = self.store.edit_message(message, edited_at, text).await?;
        if edited > 0 {
            self.let_go_of(&scopes);
        }
        Ok(edited)
    }

    /// A channel or thread was deleted on Discord: every persona's memory of it goes, and that of the threads that are known
    /// to lie below it, with what was set there. Says how many turns that took.
    pub async fn channel_deleted(
        &self,
        channel: ChannelId,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let forgotten = self.store.forget_channel(channel, now).await?;
        self.let_go();
        Ok(forgotten)
    }

    /// Messages were deleted on Discord: the memory of them goes too, and the answers that repeat them. Says how many turns that took.
    pub async fn messages_deleted(&self, messages: Vec<MessageId>) -> Result<u64, StoreError> {
        let scopes = self.at_hand(&messages).await?;
        let deleted = self.store.delete_messages(messages).await?;
        self.let_go_of(&scopes);
        Ok(deleted)
    }
}
