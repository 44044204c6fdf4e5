//! Messages that arrive together are answered in the order in which they were written.

use model_sim::Reply;

use crate::world::{World, words};

/// Ada writes three messages in the same moment; the order of the answers.
async fn three_at_once(world: &World, direct: bool, round: usize) {
    let channel = match direct {
        true => world.ada.dm_channel().unwrap(),
        false => world.channel.clone(),
    };
    let mut closings = world.closings();
    let asked: Vec<_> = (0..3)
        .map(|n| {
            let text = format!("{} round {round} part {n}", world.sim.bot_mention());
            world.ada.say(&channel, &text).unwrap()
        })
        .collect();
    let mut closed = vec![];
    while closed.len() < 3 {
        let next = tokio::time::timeout(world.patience, closings.recv());
        let message = next.await.unwrap().unwrap().message.get();
        closed.extend(asked.iter().position(|id| id.get() == message));
    }
    assert_eq!(closed, [0, 1, 2], "round {round}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_messages_of_one_moment_are_answered_in_order_in_a_server_and_in_direct_messages() {
    let world = World::new().await;
    world.model.always(|_| Reply::text("Yes."));
    for round in 0..12 {
        three_at_once(&world, round % 2 == 1, round).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_resume_replays_is_answered_in_order() {
    let world = World::new().await;
    world.model.always(|_| Reply::text("Yes."));
    for round in 0..4 {
        let mut closings = world.closings();
        world.sim.mute_gateway(true);
        let asked: Vec<_> = (0..4)
            .map(|n| {
                let text = format!("{} round {round} part {n}", world.sim.bot_mention());
                world.ada.say(&world.channel, &text).unwrap()
            })
            .collect();
        world.sim.mute_gateway(false);
        world.sim.drop_connections(None);
        let mut closed = vec![];
        while closed.len() < 4 {
            let next = tokio::time::timeout(world.patience, closings.recv());
            let message = next.await.unwrap().unwrap().message.get();
            closed.extend(asked.iter().position(|id| id.get() == message));
        }
        assert_eq!(closed, [0, 1, 2, 3], "round {round}");
    }
}

#[tokio::test]
async fn the_sign_of_writing_stays_until_the_first_words_and_is_not_shown_where_there_are_none() {
    let world = World::new().await;
    world
        .model
        .queue(Reply::text("At last.").after(std::time::Duration::from_millis(9_500)));
    let answer = world.ask("think hard").await;
    assert_eq!(words(&answer.text()), "At last.");
    assert_eq!(
        world.channel.bot_typed(),
        2,
        "at once and after eight seconds"
    );
    // Nothing more is shown by the time that something else is answered.
    world.owner("chat mode", &[("mode", "off")]).await;
    assert_eq!(world.channel.bot_typed(), 2);
}
