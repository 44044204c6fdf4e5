//! `/memory`: what a persona remembers, and how it forgets.

use discord_sim::state::StoredMessage;
use twilight_model::channel::message::Component;
use twilight_model::guild::Permissions;

use crate::world::World;

/// The ids of a message's buttons that can be pressed, by their label.
fn button(message: &StoredMessage, label: &str) -> String {
    let buttons = message
        .message
        .components
        .iter()
        .filter_map(|component| match component {
            Component::ActionRow(row) => Some(&row.components),
            _ => None,
        });
    buttons
        .flatten()
        .find_map(|component| match component {
            Component::Button(button)
                if button.label.as_deref() == Some(label) && !button.disabled =>
            {
                button.custom_id.clone()
            }
            _ => None,
        })
        .unwrap_or_else(|| panic!("no button {label}: {:?}", message.message.components))
}

pub async fn press(world: &World, message: &StoredMessage, label: &str) -> StoredMessage {
    let id = button(message, label);
    world
        .ada
        .click(&world.channel, message.message.id, &id)
        .unwrap()
        .response()
        .await
        .unwrap()
}

#[tokio::test]
async fn everybody_sees_their_own_words_with_a_link_to_each() {
    let world = World::new().await;
    let asked = world.ask("my cat is called Biscuit").await;
    world
        .ask_in(&world.bo, &world.channel, "my dog is called Rover")
        .await;
    let shown = world
        .command(&world.ada, &world.channel, "memory show", &[])
        .await;
    assert!(shown.is_ephemeral());
    assert!(
        shown.text().contains("Biscuit") && !shown.text().contains("Rover"),
        "{}",
        shown.text()
    );
    let link = format!(
        "https://discord.com/channels/{}/{}/{}",
        world.guild.id, world.channel.id, asked.to
    );
    assert!(shown.text().contains(&link), "{}", shown.text());
    let others = world
        .command(
            &world.ada,
            &world.channel,
            "memory show",
            &[("persona", "Pogo")],
        )
        .await;
    assert!(
        others.text().contains("Pogo remembers nothing"),
        "{}",
        others.text()
    );
}

#[tokio::test]
async fn many_words_come_in_pages() {
    let world = World::new().await;
    for number in 1..=10 {
        world.ask(&format!("thought number {number}.")).await;
    }
    let first = world
        .command(&world.ada, &world.channel, "memory show", &[])
        .await;
    assert!(
        first.text().contains("10 messages, page 1 of 2"),
        "{}",
        first.text()
    );
    assert!(
        first.text().contains("number 10.") && !first.text().contains("number 2."),
        "{}",
        first.text()
    );
    let second = press(&world, &first, "▶").await;
    assert!(
        second.text().contains("page 2 of 2") && second.text().contains("number 2."),
        "{}",
        second.text()
    );
    let back = press(&world, &second, "◀").await;
    assert!(back.text().contains("page 1 of 2"), "{}", back.text());
}

#[tokio::test]
async fn forgetting_asks_first_and_then_no_prompt_holds_the_words() {
    let mut world = World::new().await;
    world.model.say("Noted.");
    world.ask("the code word is heliotrope").await;
    let question = world
        .command(&world.ada, &world.channel, "memory forget", &[])
        .await;
    assert!(
        question.is_ephemeral() && question.text().contains("Are you sure?"),
        "{}",
        question.text()
    );
    let kept = press(&world, &question, "Keep it").await;
    assert!(
        kept.text().contains("Nothing was forgotten"),
        "{}",
        kept.text()
    );
    world.ask("what was the code word?").await;
    assert!(world.last_prompt().contains("heliotrope"));

    let question = world
        .command(&world.ada, &world.channel, "memory forget", &[])
        .await;
    // A button still works after a restart.
    world.restart().await;
    let gone = press(&world, &question, "Forget it").await;
    assert!(
        gone.text().starts_with("Forgotten: 4 messages"),
        "{}",
        gone.text()
    );
    world.ask("and what is it now?").await;
    assert!(
        !world.last_prompt().contains("heliotrope"),
        "{}",
        world.last_prompt()
    );
}

#[tokio::test]
async fn what_others_said_stays_unless_a_manager_forgets_the_channel() {
    let world = World::new().await;
    world.model.say("Noted.");
    world.ask("I like apples").await;
    world
        .ask_in(&world.bo, &world.channel, "I like pears")
        .await;
    let question = world
        .command(&world.ada, &world.channel, "memory forget", &[])
        .await;
    press(&world, &question, "Forget it").await;
    world.ask("what do we like?").await;
    assert!(world.last_prompt().contains("pears") && !world.last_prompt().contains("apples"));

    let whole = [("what", "this whole channel")];
    let refused = world
        .command(&world.ada, &world.channel, "memory forget", &whole)
        .await;
    assert!(
        refused.text().contains("Manage Channels"),
        "{}",
        refused.text()
    );
    world.guild.set_everyone_permissions(Permissions::all());
    let question = world
        .command(&world.ada, &world.channel, "memory forget", &whole)
        .await;
    // The permission is taken away between question and answer.
    world.guild.set_everyone_permissions(
        Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES | Permissions::USE_SLASH_COMMANDS,
    );
    let refused = press(&world, &question, "Forget it").await;
    assert!(
        refused.text().contains("Nothing was forgotten"),
        "{}",
        refused.text()
    );
    world.guild.set_everyone_permissions(Permissions::all());
    let question = world
        .command(&world.ada, &world.channel, "memory forget", &whole)
        .await;
    press(&world, &question, "Forget it").await;
    world.ask("and now?").await;
    assert!(
        !world.last_prompt().contains("pears"),
        "{}",
        world.last_prompt()
    );
}
