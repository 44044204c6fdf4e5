//! Upkeep: what the running bot does beside talking. It reads published prices once a day, and what was learned of its
//! endpoints, asks what calls have cost whose stream did not say so, and takes over what the command line has accepted or
//! certified meanwhile.

use std::sync::Arc;
use std::time::Duration;

use companion::house::Model;
use companion::{House, lessons};
use futures_util::future::join_all;
use ledger::{Ledger, LedgerError, Lookup, PriceChange, Published, Reconciled};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// How long published prices may take at the start: those that were read last are known, so nobody waits longer.
pub const AT_START: Duration = Duration::from_secs(3);
/// How long they may take later.
const LATER: Duration = Duration::from_secs(15);
/// How often they are read.
const PRICES: Duration = Duration::from_secs(24 * 60 * 60);
/// How often it is looked whether a call is to be asked about.
const LOOKUPS: Duration = Duration::from_secs(5);
/// How often the price book is read again, for what other processes have changed.
const BOOK: Duration = Duration::from_secs(60);
/// Calls that are asked about in one go.
const MANY: u32 = 16;

/// Starts the upkeep of a house. Abort it to end it: all that it writes is written by the ledger, whole or not at all.
pub fn start(house: Arc<House>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let every = |period| {
            let mut ticks = interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks
        };
        let (mut prices, mut lookups, mut book) = (every(PRICES), every(LOOKUPS), every(BOOK));
        // The first tick comes at once, and prices were read at the start.
        prices.tick().await;
        loop {
            let done = tokio::select! {
                _ = prices.tick() => {
                    refresh(&house.ledger, &models(&house), LATER).await;
                    recall_lessons(&house).await;
                    Ok(())
                }
                _ = lookups.tick() => ask_about_calls(&house).await.map(|_| ()),
                _ = book.tick() => house.ledger.reload_prices().await,
            };
            if let Err(error) = done {
                tracing::warn!(%error, "the upkeep of the ledger has to wait");
            }
        }
    })
}

/// The models of a house.
pub fn models(house: &House) -> Vec<Model> {
    let mut models = vec![house.model.clone()];
    models.extend(house.cheaper.clone());
    models
}

/// Reads the prices that endpoints publish. What cannot be read in time is a line in the log, and stays as it was.
pub async fn refresh(ledger: &Ledger, models: &[Model], wait: Duration) {
    let hosted = models.iter().filter(|model| !model.provider.terms().local);
    let read = hosted.map(async |model| {
        let key = &model.provider.terms().key;
        match tokio::time::timeout(wait, model.provider.published()).await {
            Ok(Ok(price)) => price.map(|price| Published {
                model: key.clone(),
                price,
            }),
            Ok(Err(error)) => {
                tracing::warn!(model = %key, %error, "published prices could not be read");
                None
            }
            Err(_) => {
                tracing::warn!(model = %key, "published prices did not come in time");
                None
            }
        }
    });
    let published: Vec<Published> = join_all(read).await.into_iter().flatten().collect();
    if published.is_empty() {
        return;
    }
    match ledger.publish(published).await {
        Ok(changes) => changes.iter().for_each(tell),
        Err(error) => tracing::warn!(%error, "published prices could not be written down"),
    }
}

/// Believes what is written down of the endpoints: lessons that are old by now are tried again, and what a check has found
/// meanwhile counts.
async fn recall_lessons(house: &House) {
    lessons::keep(house).await;
    for model in models(house) {
        let recalled = lessons::recall(&house.store, &model, house.clock.now());
        if let Err(error) = recalled.await {
            tracing::warn!(%error, model = %model.provider.terms().key, "what was learned of an endpoint could not be read");
        }
    }
}

fn tell(change: &PriceChange) {
    let PriceChange {
        model,
        before,
        after,
    } = change;
    match before {
        None => tracing::info!(%model, price = %after, "the provider publishes a price"),
        Some(before) if before.dearer(after) == *before => {
            tracing::info!(%model, %before, %after, "the published price has dropped; it counts once `familiar prices accept` takes it over");
        }
        Some(before) => {
            tracing::warn!(%model, %before, %after, "the published price has risen, and counts from now on");
        }
    }
}

/// Asks about the calls whose time has come. Says how many were lowered.
pub async fn ask_about_calls(house: &House) -> Result<usize, LedgerError> {
    let mut lowered = 0;
    for lookup in house.ledger.due_lookups(MANY).await? {
        if ask_about(house, &lookup).await? {
            lowered += 1;
        }
    }
    Ok(lowered)
}

async fn ask_about(house: &House, lookup: &Lookup) -> Result<bool, LedgerError> {
    let (hold, key) = (lookup.hold(), lookup.model());
    let models = models(house);
    let model = models.iter().find(|m| m.provider.terms().key == key);
    let billed = match model {
        Some(model) => model.provider.look_up(lookup.generation()).await.ok(),
        None => None,
    };
    let (Some(model), Some(billed)) = (model, billed) else {
        if !house.ledger.put_off(lookup).await? {
            tracing::info!(%hold, model = %key, "the provider does not say what a call has cost; it stays posted as it is");
        }
        return Ok(false);
    };
    let done = house
        .ledger
        .reconcile(lookup, model.provider.terms(), billed)
        .await?;
    match done {
        Reconciled::Lowered { usd, tokens } => {
            tracing::info!(%hold, model = %key, %usd, tokens, "a call that was posted without a usage report is lowered to what it has cost");
        }
        Reconciled::Raised { usd, tokens } => {
            tracing::warn!(%hold, model = %key, %usd, tokens, "the provider billed more than the prompt for an error; set errors_may_be_billed = true for this model");
        }
        Reconciled::NotBelieved | Reconciled::Breach | Reconciled::Closed => {}
    }
    Ok(matches!(done, Reconciled::Lowered { .. }))
}
