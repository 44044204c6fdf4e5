//! Warnings at 80 % and 95 %: posted once a window in the chosen channel, and nowhere else.

use discord_sim::actor::Channel;
use discord_sim::state::StoredMessage;
use model_sim::{Reply, UsageReport};
use twilight_model::guild::Permissions;

use super::{limit_tokens, spent};
use crate::world::{SOON, World};

/// The lines that stand in a channel of warnings.
fn warnings(channel: &Channel) -> Vec<StoredMessage> {
    let mut all = channel.messages();
    all.retain(|stored| stored.by_bot() && stored.text().starts_with('⚠'));
    all
}

/// Waits until this many warnings stand there.
async fn wait_for(world: &World, channel: &Channel, count: usize) -> Vec<StoredMessage> {
    let id = channel.id;
    let there = world.sim.wait_until("a warning", SOON, |state| {
        let messages = state.channels.get(&id)?.messages.values();
        let lines = messages.filter(|stored| stored.text().starts_with('⚠'));
        (lines.count() >= count).then_some(())
    });
    there.await.unwrap();
    warnings(channel)
}

/// A reply whose whole hold is posted, and then the limit at which that is so many percent.
async fn use_up(world: &World, percent: i64) {
    world
        .model
        .queue(Reply::text("Dear.").usage(UsageReport::Missing));
    world.ask("what do I cost?").await;
    let used = spent(world).await;
    limit_tokens(world, used * 100 / percent).await;
}

async fn warned_world() -> (World, Channel) {
    let world = World::new().await;
    let channel = world.guild.add_channel("budget");
    let id = channel.id.to_string();
    world.owner("budget set", &[("warning_channel", &id)]).await;
    (world, channel)
}

#[tokio::test]
async fn each_threshold_is_told_once_a_window_with_the_way_out_and_without_a_ping() {
    let (mut world, channel) = warned_world().await;
    use_up(&world, 85).await;
    // An answer is what makes it look; this one is refused, since what is left is too little.
    world.ask("more?").await;
    let told = wait_for(&world, &channel, 1).await;
    let text = told[0].text();
    assert!(
        text.starts_with("⚠ 80 % of this server's budget for a day is used: ")
            && text.contains(" tokens of ")
            && text.contains("starts afresh <t:")
            && text.contains("`/budget set`"),
        "{text}"
    );
    assert!(told[0].message.mentions.is_empty() && !told[0].message.mention_everyone);
    let used = spent(&world).await;
    limit_tokens(&world, used * 100 / 97).await;
    world.ask("and more?").await;
    let told = wait_for(&world, &channel, 2).await;
    assert!(told.iter().any(|one| one.text().starts_with("⚠ 95 %")));
    // Neither again, nor by another run of the bot.
    world.ask("and now?").await;
    world.restart().await;
    world.ask("still?").await;
    assert!(
        world
            .companion()
            .house()
            .ledger
            .due_warnings()
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(warnings(&channel).len(), 2);
    assert!(warnings(&world.channel).is_empty());
}

#[tokio::test]
async fn without_a_channel_nothing_is_posted_and_admins_see_it_in_the_budget() {
    let world = World::new().await;
    use_up(&world, 85).await;
    world.ask("more?").await;
    let shown = world.owner("budget show", &[]).await;
    assert!(
        shown.contains("⚠ 85 % of the limit for a day is used")
            && shown.contains("Nobody is warned"),
        "{shown}"
    );
    assert!(warnings(&world.channel).is_empty());
}

#[tokio::test]
async fn a_channel_that_was_closed_to_the_bot_is_told_in_the_budget_and_served_when_it_opens() {
    let (world, channel) = warned_world().await;
    channel.deny_bot(Permissions::SEND_MESSAGES);
    // The gateway is ahead of the answer, so the bot knows by then.
    use_up(&world, 85).await;
    world.ask("more?").await;
    let shown = world.owner("budget show", &[]).await;
    assert!(shown.contains("⚠ Warnings cannot be posted in"), "{shown}");
    assert!(warnings(&channel).is_empty());
    let posts = format!("POST /channels/{}/messages", channel.id);
    assert!(
        world.sim.requests_like(&posts).is_empty(),
        "nothing was tried in vain"
    );
    channel.deny_bot(Permissions::empty());
    world.ask("and now?").await;
    wait_for(&world, &channel, 1).await;
}

#[tokio::test]
async fn a_server_that_speaks_chinese_is_warned_in_chinese() {
    let (mut world, channel) = warned_world().await;
    let id = world.guild.id;
    {
        let mut state = world.sim.hub().world();
        state.guilds.get_mut(&id).unwrap().guild.preferred_locale = "zh-CN".into();
    }
    world.restart().await;
    use_up(&world, 85).await;
    world.ask("more?").await;
    let told = wait_for(&world, &channel, 1).await;
    assert!(
        told[0]
            .text()
            .starts_with("⚠ 这个服务器每天的预算已经用了 80 %"),
        "{}",
        told[0].text()
    );
}
