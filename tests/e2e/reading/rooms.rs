//! Channels that serenity's cache does not know.

use crate::world::World;

#[tokio::test]
async fn a_thread_that_is_not_in_the_cache_is_asked_for_once() {
    let world = World::new().await;
    world.sim.alter_events(|name, _| name != "THREAD_CREATE");
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", None)
        .unwrap();
    world.ask_in(&world.ada, &thread, "come here").await;
    for text in ["and stay", "I like it here", "do you?"] {
        // Followed, so its parent is known.
        let answer = world.say_in(&world.bo, &thread, text).await;
        assert_eq!(answer.author(), "Orla");
    }
    let asked = world
        .sim
        .requests_like(&format!("GET /channels/{}", thread.id));
    assert_eq!(asked.len(), 1);
}
