//! Three days with a real model on this machine, if the environment names a folder for it: `FAMILIAR_TEST_LOCAL_MODEL`
//! (the `model` folder of a `familiar try`; the model is fetched into it where it is missing).

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use familiar::config::Config;
use familiar::local_model::{self, LocalServer};

use crate::world::World;

/// What Ada tells on the first day: the remark, what is asked on the third, and the word that must be in its prompt.
const TOLD: [(&str, &str, &str); 5] = [
    (
        "my goat is called Balthazar and he eats everything",
        "what is my goat called?",
        "Balthazar",
    ),
    (
        "I work as a lighthouse keeper in Anstruther",
        "where is the lighthouse that I keep?",
        "Anstruther",
    ),
    (
        "my sister Philippa plays the bassoon",
        "which instrument does my sister play?",
        "bassoon",
    ),
    (
        "I am allergic to walnuts, so no walnut cake for me",
        "which cake should you not bake for me?",
        "walnut",
    ),
    (
        "next spring I will sail to the Faroe islands",
        "where will I sail next spring?",
        "Faroe",
    ),
];

/// What is said on the second day: more than the recent window holds with so small a context.
const BETWEEN: [&str; 10] = [
    "the fog came in before breakfast and stayed until the ferry had gone, so I read a whole almanac of tides at the window",
    "somebody has painted the harbour wall in a green that nobody likes, and now the council must vote about it again",
    "I tried to repair the old radio with a spoon and some wire, and it speaks Norwegian now and will not stop",
    "the baker has a new oven and burns everything in it, yet people queue for it because the bread is warm",
    "my neighbour collects buttons from shipwrecks and labels each of them with a date that cannot be right",
    "the choir rehearsed the same two bars all evening, and the tenors were late for both of them every time",
    "there was a seal on the slipway this morning that looked at me as if I owed it money from last year",
    "I mended two nets and tangled three, which is a fair day's work by the standards of this village",
    "the postman says that the letters come faster by boat now, although the boat has not been seen since Monday",
    "a tourist asked me whether the sea is open on Sundays, and I said that it closes at six like everything else",
];

fn small_and_local(config: &mut Config) {
    let model = config.model.as_mut().unwrap();
    model.context_window = local_model::CONTEXT;
    (model.max_output, model.cap, model.local) = (256, 30, true);
    model.price = None;
    (
        model.deadlines.first_token,
        model.deadlines.between_tokens,
        model.deadlines.total,
    ) = (Some(300), Some(300), Some(900));
    config.memory.consolidate_every = 10;
}

#[tokio::test]
async fn what_was_told_on_day_one_is_in_the_prompts_of_day_three_with_a_real_model() {
    let Some(folder) = env::var_os("FAMILIAR_TEST_LOCAL_MODEL") else {
        println!("skipped: FAMILIAR_TEST_LOCAL_MODEL names no folder for a model");
        return;
    };
    let installed = local_model::install(&PathBuf::from(folder), &|_| {}).await;
    let server = LocalServer::start(&installed.unwrap()).await.unwrap();
    let mut world = World::with(small_and_local).await;
    world.patience = Duration::from_secs(600);
    world.model.pass_on(&server.base_url());

    for (told, _, _) in TOLD {
        spoke(&world, told).await;
    }
    another_day(&mut world).await;
    for remark in BETWEEN {
        spoke(&world, remark).await;
    }
    another_day(&mut world).await;
    for (told, question, word) in TOLD {
        spoke(&world, question).await;
        let prompts = world.prompts();
        let prompt = prompts
            .iter()
            .rev()
            .find(|prompt| prompt.contains(question));
        let prompt = prompt.unwrap();
        assert!(prompt.contains(word), "{told}\n{prompt}");
        let size = memory::tokens(prompt);
        assert!(size <= 3_300, "{size} tokens");
    }
}

/// Ada says something and gets an answer, whatever so small a model makes of it.
async fn spoke(world: &World, text: &str) {
    let answer = world.ask(text).await;
    assert!(!answer.messages.is_empty(), "no answer to {text:?}");
    println!("ada: {text}\n{}: {}", answer.author(), answer.words());
}

/// The bot is stopped, and a day later it starts again.
async fn another_day(world: &mut World) {
    world.stop().await;
    world.later(TimeDelta::days(1));
    world.start().await;
}
