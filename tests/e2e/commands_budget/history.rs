//! `/budget history`: who changed what, page by page.

use discord_sim::state::StoredMessage;
use ledger::{Period, Scope, Unit};
use twilight_model::channel::message::Component;
use twilight_model::guild::Permissions;

use super::{is_refused, speak_chinese};
use crate::world::World;

/// The id of a button that can be pressed.
fn button(message: &StoredMessage, wanted: &str) -> Option<String> {
    let rows = message.message.components.iter();
    rows.flat_map(|row| match row {
        Component::ActionRow(row) => row.components.clone(),
        _ => vec![],
    })
    .find_map(|one| match one {
        Component::Button(one) if one.label.as_deref() == Some(wanted) && !one.disabled => {
            one.custom_id
        }
        _ => None,
    })
}

async fn press(world: &World, message: &StoredMessage, label: &str) -> StoredMessage {
    let id = button(message, label).unwrap();
    let owner = &world.guild.owner;
    let pressed = owner.click(&world.channel, message.message.id, &id);
    pressed.unwrap().response().await.unwrap()
}

async fn history(world: &World) -> StoredMessage {
    world
        .command(&world.guild.owner, &world.channel, "budget history", &[])
        .await
}

#[tokio::test]
async fn every_change_says_who_when_and_from_what_to_what_the_newest_first() {
    let world = World::new().await;
    let channel = world.channel.id.to_string();
    world.owner("budget set", &[("amount", "5")]).await;
    world.later(chrono::TimeDelta::seconds(5));
    world
        .owner("budget set", &[("amount", "1"), ("channel", &channel)])
        .await;
    world.later(chrono::TimeDelta::seconds(5));
    world.owner("budget pause", &[]).await;
    let answer = history(&world).await;
    assert!(answer.is_ephemeral());
    let lines: Vec<&str> = answer.text().lines().collect();
    assert_eq!(lines.len(), 4, "{}", answer.text());
    let by = format!("<@{}> · ", world.guild.owner.id);
    assert!(lines[1].starts_with("<t:") && lines[1].contains(&by));
    assert!(lines[1].ends_with("Paused"), "{}", lines[1]);
    let of_channel = format!("In <#{channel}>: Limit a day: no limit → $1.00");
    assert!(lines[2].ends_with(&of_channel), "{}", lines[2]);
    assert!(lines[3].contains("Limit a day: $100") && lines[3].ends_with("→ $5.00"));
    assert!(
        answer.message.components.is_empty(),
        "one page needs no buttons"
    );
}

#[tokio::test]
async fn a_long_history_is_read_page_by_page() {
    let world = World::new().await;
    let ledger = world.companion().house().ledger.clone();
    let scope = Scope::Guild(world.guild.id.get().into());
    let by = world.guild.owner.id.get().into();
    for tokens in 1..=23 {
        let limit = Some(tokens);
        ledger
            .set_limit(scope, Period::Month, Unit::Tokens, limit, by)
            .await
            .unwrap();
    }
    let first = history(&world).await;
    assert!(first.text().contains("page 1 of 3"), "{}", first.text());
    assert!(first.text().contains("→ 23 tokens") && !first.text().contains("→ 13 tokens"));
    assert!(button(&first, "◀").is_none(), "there is nothing newer");
    let second = press(&world, &first, "▶").await;
    assert!(second.text().contains("→ 13 tokens"), "{}", second.text());
    let third = press(&world, &second, "▶").await;
    assert!(
        third.text().contains("20,000,000 tokens → 1 tokens"),
        "{}",
        third.text()
    );
    assert!(button(&third, "▶").is_none(), "there is nothing older");
    let back = press(&world, &third, "◀").await;
    assert!(back.text().contains("page 2 of 3"), "{}", back.text());
}

#[tokio::test]
async fn a_page_is_not_turned_for_whom_the_permission_was_taken_from() {
    let mut world = World::new().await;
    let admins = world.guild.add_role("admins", Permissions::MANAGE_GUILD);
    let admin = world.guild.add_member_with("admin", &[admins]);
    let ledger = world.companion().house().ledger.clone();
    let scope = Scope::Guild(world.guild.id.get().into());
    for tokens in 1..=11 {
        let by = admin.id.get().into();
        ledger
            .set_limit(scope, Period::Day, Unit::Tokens, Some(tokens), by)
            .await
            .unwrap();
    }
    let first = world
        .command(&admin, &world.channel, "budget history", &[])
        .await;
    let next = button(&first, "▶").unwrap();
    let id = world.guild.id;
    world
        .sim
        .hub()
        .world()
        .set_role_permissions(id, admins, Permissions::empty());
    let pressed = admin
        .click(&world.channel, first.message.id, &next)
        .unwrap();
    let answer = pressed.response().await.unwrap();
    assert!(
        answer.text().contains("You need the permission"),
        "{}",
        answer.text()
    );
    world.stop().await;
}

#[tokio::test]
async fn what_the_operator_did_is_told_as_theirs_and_other_servers_changes_are_not_told() {
    let world = World::new().await;
    let ledger = world.companion().house().ledger.clone();
    let empty = history(&world).await;
    assert!(
        empty.text().contains("Nobody has changed"),
        "{}",
        empty.text()
    );
    let (here, there) = (world.guild.id.get(), world.guild.id.get() + 1);
    for (guild, tokens) in [(here, 777), (there, 888)] {
        let scope = Scope::Guild(guild.into());
        ledger
            .set_limit(scope, Period::Day, Unit::Tokens, Some(tokens), 0.into())
            .await
            .unwrap();
    }
    let text = world.owner("budget history", &[]).await;
    assert!(
        text.contains("the operator · Limit a day: no limit → 777 tokens"),
        "{text}"
    );
    assert!(!text.contains("888 tokens"), "{text}");
}

#[tokio::test]
async fn only_who_manages_the_server_reads_its_history() {
    let world = World::new().await;
    is_refused(&world, "budget history", &[]).await;
}

#[tokio::test]
async fn the_history_is_told_in_chinese_too() {
    let world = World::new().await;
    speak_chinese(&world, &world.guild.owner);
    world.owner("budget set", &[("amount", "5")]).await;
    let text = world.owner("budget history", &[]).await;
    assert!(
        text.contains("预算改动**（第 1/1 页）") && text.contains("每天的上限：$100"),
        "{text}"
    );
}
