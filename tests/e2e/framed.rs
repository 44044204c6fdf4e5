//! A proxy that writes lines around a person's words: a reply's header, a quotation.

use std::time::Duration;

use model_sim::Reply;

use crate::proxies::repost;
use crate::world::World;

async fn world() -> World {
    let world = World::with(|config| config.rate.pause_ms = 1_000).await;
    world.model.always(|_| Reply::text("Nice to meet you."));
    world
}

#[tokio::test]
async fn what_a_proxy_writes_around_a_message_does_not_lose_it() {
    let world = world().await;
    let (me, ada) = (world.sim.bot_mention(), format!("<@{}>", world.ada.id));
    for (words, around) in [
        (
            "hello QUILL",
            "-# ↪ [bob](https://discord.com/channels/1/2/3): what do you think\n",
        ),
        (
            "and what of PLUM?",
            &format!("> what do you think\n{ada}\n"),
        ),
        (
            "你好，今天怎么样",
            "-# ↪ [小明](https://discord.com/channels/1/2/3)：你觉得呢\n",
        ),
    ] {
        let mut closings = world.closings();
        let said = format!("{me} a: {words}");
        let original = world.ada.say(&world.channel, &said).unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let text = format!("{around}{me} {words}");
        let reposted = repost(&world, &world.channel, None, "Mika", &text).await;
        world.ada.delete(&world.channel, original).unwrap();
        let answer = world.answer_to(&mut closings, reposted).await;
        assert_eq!(answer.words(), "Nice to meet you.");
        let prompt = world.last_prompt();
        assert!(prompt.ends_with(&format!("{words}\n")), "{prompt}");
        assert!(
            !prompt.contains("do you think") && !prompt.contains("你觉得呢"),
            "{prompt}"
        );
    }
    assert_eq!(world.model.generations().len(), 3);
}

#[tokio::test]
async fn a_webhook_that_only_quotes_a_deleted_message_speaks_for_nobody() {
    let world = world().await;
    let me = world.sim.bot_mention();
    let mut closings = world.closings();
    let original = world
        .ada
        .say(&world.channel, &format!("{me} a: hello QUILL"))
        .unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let quoted = format!("> {me} hello QUILL");
    repost(&world, &world.channel, None, "Log", &quoted).await;
    world.ada.delete(&world.channel, original).unwrap();
    let next = world
        .bo
        .say(&world.channel, &format!("{me} good evening"))
        .unwrap();
    world.answer_to(&mut closings, next).await;
    assert_eq!(world.model.generations().len(), 1);
    assert!(
        !world.last_prompt().contains("QUILL"),
        "{}",
        world.last_prompt()
    );
}
