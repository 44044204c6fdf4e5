//! The bot as it is configured, with a memory of its own that is thrown away, and the operator's own ledger.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use companion::House;
use companion::cast::Cast;
use companion::counts::Counts;
use companion::endpoints::Endpoints;
use companion::house::Manner;
use companion::pace::Rates;
use companion::slots::Slots;
use companion::standing::Standings;
use ledger::Ledger;
use memory::Memory;
use store::Store;
use tokio_util::task::TaskTracker;

use crate::answers::script::Talk;
use crate::config::Config;
use crate::meaning;

/// As many messages as anybody says.
const ANY: std::num::NonZeroU32 = std::num::NonZeroU32::MAX;

/// A house like this one, for a talk: it remembers in this folder, and pays by this ledger.
pub async fn house(
    (config, house): (&Config, &House),
    ledger: Ledger,
    talk: &Talk,
    data: &Path,
) -> anyhow::Result<Arc<House>> {
    let store = Store::open(data.join("familiar.db")).await?;
    let cast = Cast::open(store.clone(), &talk.persona, house.clock.now()).await?;
    let (calls, slots) = (TaskTracker::new(), Slots::default());
    let endpoints = Endpoints::new(Arc::clone(&house.clock));
    let reader = meaning::embedder(config, &ledger, &calls, &endpoints, &slots).await?;
    let memory = match reader {
        Some(reader) => Memory::with_embedder(store.clone(), reader, memory::QUESTION_WAIT).await?,
        None => Memory::new(store.clone()),
    };
    Ok(Arc::new(House {
        store,
        ledger,
        memory,
        cast,
        model: house.model.clone(),
        cheaper: house.cheaper.clone(),
        clock: Arc::clone(&house.clock),
        manner: manner(&house.manner, talk),
        calls,
        counts: Counts::default(),
        endpoints,
        slots,
        standings: Standings::default(),
    }))
}

/// As it is set, but nobody is held back, and what was said is read into memory once: behind the last reply.
fn manner(usual: &Manner, talk: &Talk) -> Manner {
    // A message and its reply are two turns.
    let turns = u32::try_from(2 * talk.turns.len()).unwrap_or(u32::MAX);
    Manner {
        rates: Rates {
            member_per_minute: ANY,
            channel_per_minute: ANY,
            guild_per_minute: ANY,
        },
        pause: Duration::ZERO,
        consolidate_every: match usual.consolidate_every {
            0 => 0,
            _ => turns,
        },
        ..usual.clone()
    }
}
