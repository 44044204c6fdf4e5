//! A reply that only says its message back stands in no later prompt of a small model, which would go on so.

use familiar::config::Defaults;
use model_sim::Reply;

use crate::world::World;

const SAID: &str = "a crab crawled out of my toolbox today and walked over a plate";

/// How often what was said first stands in the prompt of the next reply, where the model says messages back.
async fn in_the_next_prompt(local: bool) -> usize {
    let world = World::with(|config| {
        config.memory.consolidate_every = 0;
        if local {
            let model = config.model.as_mut().unwrap();
            (model.local, model.price) = (true, None);
            model.sampling.defaults = Defaults::None;
        }
    })
    .await;
    world.model.always(|_| Reply::text(SAID));
    let answer = world.ask(SAID).await;
    assert!(answer.text().contains(SAID), "{}", answer.text());
    world.ask("it rains on the roof tonight").await;
    world.last_prompt().matches(SAID).count()
}

#[tokio::test]
async fn a_small_model_sees_no_reply_that_says_its_message_back() {
    assert_eq!(in_the_next_prompt(true).await, 1);
}

#[tokio::test]
async fn a_hosted_model_sees_the_whole_talk() {
    assert_eq!(in_the_next_prompt(false).await, 2);
}

/// Whether an older reply of the persona's comes back, where a message has its word.
async fn comes_back(local: bool, message: &str) -> bool {
    let world = World::with(|config| {
        config.memory.consolidate_every = 0;
        config.prompt.recent = 60;
        if local {
            let model = config.model.as_mut().unwrap();
            (model.local, model.price) = (true, None);
            model.sampling.defaults = Defaults::None;
        }
    })
    .await;
    world.model.say("The heliotrope opens at dusk by the quay.");
    world.ask("good evening").await;
    world.model.say("A fresh breeze today.");
    for n in 0..6 {
        world
            .ask(&format!(
                "remark {n}: the tide tables are long and dull and full of numbers"
            ))
            .await;
    }
    world.ask(message).await;
    world.last_prompt().contains("opens at dusk")
}

#[tokio::test]
async fn a_small_model_is_reminded_of_its_replies_where_somebody_speaks_of_them() {
    assert!(!comes_back(true, "a heliotrope opens by the quay").await);
    assert!(comes_back(true, "you told me that the heliotrope opens by the quay").await);
    assert!(comes_back(false, "a heliotrope opens by the quay").await);
}
