//! `/budget show`: words for everybody, more words for admins, and a picture.

use familiar::config::Defaults;
use ledger::{Period, Scope, Unit};
use twilight_model::guild::Permissions;

use super::{limit_tokens, speak_chinese, spent};
use crate::world::World;

async fn shown(world: &World) -> String {
    world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await
        .text()
        .to_owned()
}

#[tokio::test]
async fn the_budget_lists_what_each_reply_cost() {
    let world = World::new().await;
    world.model.say("One.");
    world.ask("hello").await;
    world.ask("and again").await;
    let answer = world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await;
    let text = answer.text();
    assert!(answer.is_ephemeral());
    assert!(text.contains("This server, a day: $0.00"), "{text}");
    assert!(
        text.contains("of $100") && text.contains(" left · starts afresh <t:"),
        "{text}"
    );
    let replies = text.split_once("**Last replies**").unwrap().1;
    let lines: Vec<&str> = replies
        .lines()
        .filter(|line| line.contains("**Orla**"))
        .collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines.iter().all(|line| line.contains(" + ")
        && line.contains("tokens, $0.00")
        && line.contains("sim-1")));
    let spent_on = [
        "Personas: 1 Orla $0.00",
        "For: replies $0.00",
        "Models: sim-1 $0.00",
    ];
    for line in spent_on {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[tokio::test]
async fn before_the_first_reply_it_says_that_nothing_was_spent() {
    let world = World::new().await;
    let text = shown(&world).await;
    assert!(text.contains("No reply has cost anything yet."), "{text}");
    assert!(!text.contains("This month"), "{text}");
}

#[tokio::test]
async fn a_local_model_is_free_and_counted_in_tokens() {
    let world = World::with(|config| {
        let model = config.model.as_mut().unwrap();
        model.local = true;
        model.price = None;
        // Whatever a strict endpoint refuses is another test's.
        model.sampling.defaults = Defaults::None;
    })
    .await;
    world.ask("hello").await;
    let text = shown(&world).await;
    let replies = text.split_once("**Last replies**").unwrap().1;
    assert!(replies.contains("tokens, free (sim-1)"), "{text}");
}

#[tokio::test]
async fn the_picture_comes_along_with_its_figures_in_words() {
    let world = World::new().await;
    world.ask("hello").await;
    let answer = world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await;
    let [picture] = answer.message.attachments.as_slice() else {
        panic!("one picture: {:?}", answer.message.attachments)
    };
    assert_eq!(picture.filename, "budget.png");
    assert_eq!((picture.width, picture.height), (Some(800), Some(400)));
    assert!(picture.size < 100_000, "{} bytes", picture.size);
    let words = picture.description.as_deref().unwrap();
    assert!(
        words.starts_with("A chart of what the last 14 days cost. Today: $0.00")
            && words.contains(" of $100")
            && words.contains("Orla $0.00"),
        "{words}"
    );
}

#[tokio::test]
async fn where_no_files_may_be_attached_and_in_direct_messages_the_words_come_alone() {
    let world = World::new().await;
    world.channel.deny_bot(Permissions::ATTACH_FILES);
    let answer = world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await;
    assert!(answer.message.attachments.is_empty());
    assert!(
        answer.text().contains("What replies cost"),
        "{}",
        answer.text()
    );
    let dm = world.ada.dm_channel().unwrap();
    let answer = world.command(&world.ada, &dm, "budget show", &[]).await;
    assert!(answer.message.attachments.is_empty());
    let text = answer.text();
    assert!(
        text.contains("What replies cost") && !text.contains("For admins"),
        "{text}"
    );
}

#[tokio::test]
async fn members_are_named_only_to_admins() {
    let world = World::new().await;
    world.ask("hello").await;
    world.ask_in(&world.bo, &world.channel, "hello").await;
    let (ada, bo) = (
        format!("<@{}>", world.ada.id),
        format!("<@{}>", world.bo.id),
    );
    let text = shown(&world).await;
    assert!(
        !text.contains("For admins") && !text.contains(&bo),
        "{text}"
    );
    let text = world.owner("budget show", &[]).await;
    let line = text
        .lines()
        .find(|line| line.starts_with("Members, this month: "))
        .unwrap_or_else(|| panic!("{text}"));
    assert!(line.contains(&ada) && line.contains(&bo), "{line}");
    assert!(text.contains("Nobody is warned at 80 % and 95 %"), "{text}");
    assert!(text.contains("· all models"), "{text}");
}

#[tokio::test]
async fn a_member_sees_their_own_share_once_it_is_shared() {
    let world = World::new().await;
    limit_tokens(&world, 1_000_000).await;
    world.ask("hello").await;
    world.ask_in(&world.bo, &world.channel, "hello").await;
    let text = shown(&world).await;
    let share = text
        .lines()
        .find(|line| line.starts_with("Your share, a day: ") && line.contains("tokens"))
        .unwrap_or_else(|| panic!("{text}"));
    // Two members: neither may use more than half.
    assert!(
        share.contains("500,000 tokens at most (2 members share the limit)")
            && share.contains(" used, ")
            && share.contains(" open now"),
        "{share}"
    );
}

#[tokio::test]
async fn it_says_what_a_low_budget_switches_off() {
    let world = World::new().await;
    let text = shown(&world).await;
    assert!(
        text.contains("Everything is on. With less than 25 % left")
            && text.contains("less than 10 %"),
        "{text}"
    );
    world.ask("hello").await;
    let used = spent(&world).await;
    limit_tokens(&world, used * 100 / 80).await;
    let text = shown(&world).await;
    assert!(
        text.contains("Less than 25 % is left: summaries and facts wait"),
        "{text}"
    );
    limit_tokens(&world, used * 100 / 95).await;
    let text = shown(&world).await;
    assert!(
        text.contains("Less than 10 % is left: replies keep to the point"),
        "{text}"
    );
    let text = world.owner("budget show", &[]).await;
    assert!(
        text.contains("⚠ 9") && text.contains("% of the limit for a day is used"),
        "{text}"
    );
}

#[tokio::test]
async fn a_channels_limit_shows_in_that_channel_and_its_threads() {
    let world = World::new().await;
    let scope = Scope::Channel {
        guild: world.guild.id.get().into(),
        channel: world.channel.id.get().into(),
    };
    let by = world.guild.owner.id.get().into();
    let ledger = &world.companion().house().ledger;
    ledger
        .set_limit(scope, Period::Day, Unit::Tokens, Some(70_000), by)
        .await
        .unwrap();
    let line = format!(
        "<#{}>, a day: 0 tokens of 70,000 tokens spent",
        world.channel.id
    );
    let text = shown(&world).await;
    assert!(text.contains(&line), "{text}");
    let other = world.guild.add_channel("other");
    let answer = world.command(&world.ada, &other, "budget show", &[]).await;
    assert!(!answer.text().contains("70,000"), "{}", answer.text());
}

#[tokio::test]
async fn the_budget_is_told_in_chinese_too() {
    let world = World::new().await;
    speak_chinese(&world, &world.ada);
    speak_chinese(&world, &world.guild.owner);
    world.ask("hello").await;
    let answer = world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await;
    let text = answer.text();
    assert!(
        text.contains("这个服务器，每天：已用 $0.00")
            && text.contains("角色：1 Orla")
            && text.contains("一切正常"),
        "{text}"
    );
    let words = answer.message.attachments[0].description.clone().unwrap();
    assert!(
        words.starts_with("最近 14 天花费的图表。今天：$0.00"),
        "{words}"
    );
    let text = world.owner("budget show", &[]).await;
    assert!(
        text.contains("给管理员") && text.contains("所有模型"),
        "{text}"
    );
}
