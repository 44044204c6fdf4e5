//! The bot at endpoints that are as strict and as odd as real ones: `model_sim::Profile` has them, with their sources.

mod lessons;
mod overloaded;
mod talk;

use std::time::Duration;

use familiar::config::Setting;
use ledger::{Period, Scope};
use model_sim::{Bill, Profile, Prompt, Reply};

use crate::world::{SOON, World};

/// What the model says in these tests.
const REPLY: &str = "A fresh breeze today.";
/// What stands at the head of a consolidation's prompt.
const READING: &str = "You keep the notes";
/// Prices are for a million tokens.
const MILLION: i64 = 1_000_000;

/// The stage with an endpoint like this one, which wants its key, a model that is asked for a temperature, and long talk
/// that is read after four turns.
async fn at(profile: Profile) -> World {
    let world = World::at(profile, |config| {
        config.memory.consolidate_every = 4;
        config.model.as_mut().unwrap().temperature = Setting::Is(0.8);
    })
    .await;
    world.model.always(usual);
    world
}

/// The notes where notes are asked for, and [`REPLY`] otherwise.
fn usual(prompt: &Prompt) -> Reply {
    if reads(prompt) {
        return Reply::text(r#"{"summary": "Ada told Orla about the harbour.", "facts": []}"#);
    }
    Reply::text(REPLY)
}

/// Whether it is a consolidation. The system text may stand in the first turn.
fn reads(prompt: &Prompt) -> bool {
    prompt.all_text().contains(READING)
}

/// What the server has posted today, and what is set aside: US dollars in pico, and tokens.
#[derive(Debug, PartialEq)]
struct Books {
    usd: i64,
    tokens: i64,
    pending: i64,
}

async fn books(world: &World) -> Books {
    let view = world.budget(&world.ada).await;
    let today = view
        .windows
        .iter()
        .find(|window| matches!(window.scope, Scope::Guild(_)) && window.period == Period::Day);
    let today = today.unwrap();
    Books {
        usd: today.usd.posted,
        tokens: today.tokens.posted,
        pending: today.tokens.pending,
    }
}

/// What the endpoint has billed, at the price of the configuration.
fn billed(world: &World) -> Books {
    let price = world.config.model.as_ref().unwrap().price.as_ref().unwrap();
    let (input, output) = (price.input.0 / MILLION, price.output.0 / MILLION);
    let bills = world.model.bills();
    let sum = |part: fn(&Bill) -> u64| i64::try_from(bills.iter().map(part).sum::<u64>()).unwrap();
    let (read, written) = (sum(|bill| bill.input), sum(|bill| bill.output));
    Books {
        usd: read * input + written * output,
        tokens: read + written,
        pending: 0,
    }
}

/// Waits until at least so many calls were billed and nothing is set aside any more. Returns what is posted, and what was
/// billed at that moment.
async fn settled(world: &World, calls: usize) -> (Books, Books) {
    let read = async {
        loop {
            // A hold comes before its bill, so that nothing runs where the bills stay as they were.
            let (count, billed) = (world.model.bills().len(), billed(world));
            let posted = books(world).await;
            if count >= calls && posted.pending == 0 && world.model.bills().len() == count {
                return (posted, billed);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let settled = tokio::time::timeout(SOON, read).await;
    settled.unwrap_or_else(|_| panic!("{calls} calls? {:?}", world.model.bills()))
}

#[test]
fn every_profile_is_met_by_the_talk_that_people_have() {
    let met = include_str!("talk.rs");
    for profile in Profile::ALL {
        assert!(
            met.contains(&format!("(Profile::{profile})")),
            "{profile} is met by no test"
        );
    }
}
