//! Ninety days of talk, answers that repeat others, readings, deletions, edits, goodbyes and sweeps, in every order: whatever was taken back is in
//! no prompt and in no file. `PROPTEST_CASES` makes more towns, `FAMILIAR_SEED` others.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::town::{Event, Town};

/// Towns, where `PROPTEST_CASES` does not say otherwise.
const TOWNS: u32 = 100;
/// What happens in each. With the time that passes it is about ninety days.
const EVENTS: std::ops::Range<usize> = 60..140;

/// After so many events it is looked what is in mind.
const LOOKS: usize = 12;

fn event() -> impl Strategy<Value = Event> {
    let (who, place, persona) = (0..4_usize, 0..6_usize, 0..2_i64);
    let which = 0..1_000_usize;
    prop_oneof![
        30 => (who.clone(), place.clone(), persona.clone())
            .prop_map(|(who, place, persona)| Event::Says { who, place, persona }),
        30 => which.clone().prop_map(|which| Event::IsHeard { which }),
        24 => which.clone().prop_map(|which| Event::IsAnswered { which }),
        12 => (place.clone(), persona.clone())
            .prop_map(|(place, persona)| Event::ModelBegins { place, persona }),
        12 => which.clone().prop_map(|which| Event::ModelEnds { which }),
        2 => which.clone().prop_map(|which| Event::Pins { which }),
        2 => which.clone().prop_map(|which| Event::Corrects { which }),
        2 => which.clone().prop_map(|which| Event::ForgetsFact { which }),
        6 => which.clone().prop_map(|which| Event::Deletes { which }),
        5 => which.clone().prop_map(|which| Event::Edits { which }),
        4 => who.clone().prop_map(|who| Event::ForgetsMe { who }),
        2 => (who.clone(), place.clone(), persona.clone())
            .prop_map(|(who, place, persona)| Event::ForgetsHere { who, place, persona }),
        1 => (place.clone(), persona)
            .prop_map(|(place, persona)| Event::ForgetsAllHere { place, persona }),
        1 => place.prop_map(|place| Event::ChannelGoes { place }),
        1 => (0..2_u64).prop_map(|guild| Event::BotLeaves { guild }),
        7 => (who, prop::bool::weighted(0.8), any::<bool>())
            .prop_map(|(who, facts, sensitive)| Event::Allows { who, facts, sensitive }),
        1 => (0..2_u64, prop_oneof![Just(None), Just(Some(7)), Just(Some(0))])
            .prop_map(|(guild, days)| Event::Keeps { guild, days }),
        18 => (1..400_i64).prop_map(|hours| Event::TimePasses { hours }),
        8 => Just(Event::Sweep),
        6 => (20..200_u64).prop_map(|most| Event::Trim { most }),
    ]
}

async fn live(events: &[Event]) -> Result<(usize, usize), String> {
    let mut town = Town::found().await;
    for (number, event) in (1..).zip(events) {
        town.happens(event).await;
        if number % LOOKS == 0 {
            let looked = town.look_into_minds().await;
            looked.map_err(|why| format!("after event {number}: {why}"))?;
        }
    }
    town.look_into_files().await?;
    Ok(town.count())
}

#[test]
fn what_was_taken_back_is_in_no_prompt_and_no_file_whatever_the_order() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let config = Config {
        cases: number("PROPTEST_CASES").map_or(TOWNS, |cases| cases as u32),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&number("FAMILIAR_SEED").unwrap_or(0).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (said, gone) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let events = prop::collection::vec(event(), EVENTS);
    let ran = runner.run(&events, |events| {
        let (all, lost) = runtime
            .block_on(live(&events))
            .map_err(TestCaseError::fail)?;
        said.set(said.get() + all);
        gone.set(gone.get() + lost);
        Ok(())
    });
    match ran {
        Ok(()) => println!("{} words were said, {} taken back", said.get(), gone.get()),
        Err(TestError::Fail(why, events)) => panic!("{why}\n{events:#?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
    assert!(
        gone.get() * 4 > said.get(),
        "too little was taken back to tell anything"
    );
}
