//! The ledger itself: opening it, holding, and closing it. What else it does has a file of its own each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use store::clock::Clock;
use store::holds::{self, NewHold};
use store::id::HoldId;
use store::runs::{self, RunLock};
use store::windows::Connection;
use store::{Store, StoreError, breaches, restores, shares};

use crate::admission::{self, admit, size};
use crate::ask::Ask;
use crate::config::LedgerConfig;
use crate::counts::Counts;
use crate::guild::decided;
use crate::hold::{Hold, Size};
use crate::loose::{Life, LooseEnds};
use crate::money::PicoUsd;
use crate::pricebook::PriceBook;
use crate::refusal::{LedgerError, Refusal};
use crate::rehearsal::Rehearsal;
use crate::scope::{Scope, Spender};
use crate::sharing::{self, Circle};
use crate::standing::Standing;
use crate::terms::{ModelKey, ModelTerms};
use crate::windows;

/// A hold's number is its run's number and its own number within the run, which has this many bits.
pub(crate) const WITHIN_RUN: u32 = 32;

/// The ledger. Cheap to clone; all clones are one. Several may share one database file.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: Arc<LedgerConfig>,
    pub(crate) run: i64,
    /// Says to other processes that this run lives. Every hold keeps it too.
    pub(crate) lock: Arc<RunLock>,
    /// Numbers for holds. They come from here and not from the database, so that a hold whose writing was undone
    /// never shares its number with a later one.
    numbers: Arc<AtomicI64>,
    /// Whether the database may still be closed as a restored backup. Only a start closes it, so `false` is for good.
    pub(crate) restored: Arc<AtomicBool>,
    loose: LooseEnds,
    pub(crate) counts: Counts,
    /// What is known of prices and caps beyond the configuration.
    pub(crate) book: PriceBook,
    /// Every call is a probe of the operator's, who has agreed to so much.
    pub(crate) rehearsal: Option<Arc<Rehearsal>>,
}

impl Ledger {
    /// What it was opened with.
    pub fn config(&self) -> &LedgerConfig {
        &self.config
    }

    /// Opens the ledger on a database. Call [`Ledger::recover`] before the first call of a model.
    pub async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        config: LedgerConfig,
    ) -> Result<Self, LedgerError> {
        let (now, folder) = (clock.now(), store.runs_folder());
        // Let through on a full disk, so that what a crash has left open can be posted there too.
        let (run, lock, restored) = store
            .write_closing(move |conn| {
                Box::pin(async move {
                    let restored = restores::date(conn, now).await?;
                    let (run, lock) = runs::start(conn, &folder, now).await?;
                    Ok::<_, StoreError>((run, lock, restored))
                })
            })
            .await?;
        let (lock, counts, book) = (Arc::new(lock), Counts::default(), PriceBook::default());
        let life = Life {
            run,
            lock: Arc::clone(&lock),
            counts: counts.clone(),
            book: book.clone(),
        };
        let ledger = Self {
            loose: LooseEnds::start(store.clone(), Arc::clone(&clock), life),
            store,
            clock,
            config: Arc::new(config),
            run,
            lock,
            numbers: Arc::new(AtomicI64::new(0)),
            counts,
            book,
            restored: Arc::new(AtomicBool::new(restored.is_some())),
            rehearsal: None,
        };
        ledger.reload_prices().await?;
        Ok(ledger)
    }

    /// Sets the worst case of a call aside, in every scope of the spender or in none. It is on disk when this returns.
    pub async fn hold(
        &self,
        spender: &Spender,
        model: &ModelTerms,
        ask: Ask,
    ) -> Result<Hold, Refusal> {
        let purpose = ask.purpose;
        let (spender, ask) = match &self.rehearsal {
            Some(_) => Rehearsal::account(ask),
            None => (*spender, ask),
        };
        let answer = self.set_aside(&spender, model, ask).await;
        if let Some(rehearsal) = &self.rehearsal {
            rehearsal.note(purpose, &answer);
        }
        match &answer {
            Ok(_) => self.counts.admitted(),
            Err(refusal) => self.counts.refused(refusal),
        }
        answer
    }

    /// What a call can cost at most by the price in force. Nothing is set aside, and whether it fits no limit is not
    /// looked at.
    ///
    /// # Errors
    /// If the price is not known, or none that can be counted.
    pub fn worst(&self, model: &ModelTerms, ask: &Ask) -> Result<PicoUsd, Refusal> {
        Ok(size(&self.book.in_force(model), ask)?.usd)
    }

    async fn set_aside(
        &self,
        spender: &Spender,
        model: &ModelTerms,
        ask: Ask,
    ) -> Result<Hold, Refusal> {
        let terms = self.book.in_force(model);
        let size = size(&terms, &ask)?;
        let request = Request {
            ledger: self.clone(),
            spender: *spender,
            terms: Arc::new(terms),
            fingerprint: model.fingerprint(),
            ask,
            size,
        };
        // The hold is made inside the job. If the commit fails, or nobody waits for the answer any more, it is dropped
        // there and gives its money back.
        let hold = self
            .store
            .write(move |conn| Box::pin(request.set_aside(conn)))
            .await?;
        Ok(hold.hand_over())
    }

    /// Closes the holds that were dropped and not yet dealt with. Call it after the last turn, before the store closes.
    pub async fn close(&self) {
        self.loose.drain().await;
    }

    /// The number of this start, whose lock says to others that it lives.
    pub fn run(&self) -> i64 {
        self.run
    }

    /// What was counted since it was opened.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    fn next_id(&self) -> HoldId {
        HoldId((self.run << WITHIN_RUN) + self.numbers.fetch_add(1, Ordering::Relaxed))
    }
}

/// One request for a hold, on its way to the writer.
struct Request {
    ledger: Ledger,
    spender: Spender,
    terms: Arc<ModelTerms>,
    fingerprint: String,
    ask: Ask,
    size: Size,
}

impl Request {
    async fn set_aside(self, conn: &mut Connection) -> Result<Hold, Refusal> {
        let Self {
            ledger,
            spender,
            terms,
            fingerprint,
            ask,
            size,
        } = self;
        // Asked here and not before: jobs wait in line, and the window is that of the moment of the hold.
        let now = ledger.clock.now();
        let scopes = spender.scopes_for(ask.purpose);
        ledger.check_restored(conn, &spender).await?;
        check_open(conn, &scopes, &terms.key, &fingerprint).await?;
        let (zone, budget) = decided(conn, &ledger.config, spender.guild).await?;
        budget.check(&terms.key)?;
        if let Some(rehearsal) = &ledger.rehearsal {
            rehearsal.check(conn, ledger.run, &size).await?;
        }
        let standing = Standing::read(conn, &ledger.config, &scopes).await?;
        let windows = windows::at(conn, &standing, zone, &scopes, now).await?;
        admit(&windows, &scopes, &size)?;
        let purpose = ask.purpose;
        let background = purpose.is_background();
        if background {
            admission::background(&ledger.config, &windows, &scopes)?;
        }
        let percent = budget.percent(&ledger.config);
        if let Some(circle) = Circle::of(conn, percent, &spender, purpose, now).await? {
            sharing::check(conn, &circle, &standing, &windows, &size, purpose, now).await?;
        }
        let ids: Vec<i64> = windows.iter().map(|window| window.id).collect();
        let hold = Hold::new(
            ledger.next_id(),
            spender,
            (terms, fingerprint),
            size,
            ledger.loose.clone(),
        );
        let row = NewHold {
            id: hold.id(),
            run: ledger.run,
            guild: spender.guild,
            channel: spender.channel,
            member: spender.member,
            turn: ask.turn,
            persona: ask.persona,
            provider: hold.model().provider.clone(),
            model: hold.model().model.clone(),
            purpose: ask.purpose.key(),
            input_bound: i64::try_from(size.input_bound).unwrap_or(i64::MAX),
            cap: size.cap,
            usd: size.usd.0,
            tokens: size.tokens,
            at: now,
        };
        if !holds::open(conn, &row, &ids).await? {
            // Nobody else writes in this transaction, so what fitted a moment ago fits. If not, the job's savepoint
            // undoes all of it.
            return Err(StoreError::Undone.into());
        }
        if let Some(guild) = spender.guild.filter(|_| !background) {
            shares::note(conn, guild, spender.member, now).await?;
        }
        tracing::trace!(target: "familiar::step", step = "hold, not yet committed");
        Ok(hold)
    }
}

/// Refuses where a breach has not been dealt with.
async fn check_open(
    conn: &mut Connection,
    scopes: &[Scope],
    model: &ModelKey,
    fingerprint: &str,
) -> Result<(), Refusal> {
    let keys: Vec<String> = scopes.iter().map(Scope::key).collect();
    let model_terms = (&*model.provider, &*model.model, fingerprint);
    let Some((key, since)) = breaches::in_the_way(conn, &keys, model_terms).await? else {
        return Ok(());
    };
    let frozen = scopes
        .iter()
        .find(|scope| key.as_ref() == Some(&scope.key()));
    Err(match frozen {
        Some(scope) => Refusal::Frozen {
            scope: *scope,
            since,
        },
        None => Refusal::Quarantined {
            model: model.clone(),
            since,
        },
    })
}
