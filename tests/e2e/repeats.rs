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
