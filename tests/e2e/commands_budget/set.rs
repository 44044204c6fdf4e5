//! `/budget set`: each option, several at once, and every refusal.

use twilight_model::guild::Permissions;

use super::{is_refused, speak_chinese};
use crate::world::World;

#[tokio::test]
async fn an_admin_sets_several_things_at_once_and_reads_from_what_to_what() {
    let world = World::new().await;
    let channel = world.channel.id.to_string();
    let options = [
        ("amount", "2.50"),
        ("period", "a month"),
        ("time_zone", "Asia/Shanghai"),
        ("member_percent", "30"),
        ("models", "sim-1"),
        ("warning_channel", channel.as_str()),
    ];
    let answer = world
        .command(&world.guild.owner, &world.channel, "budget set", &options)
        .await;
    let text = answer.text();
    let warnings = format!("Warnings: nowhere → <#{channel}>");
    for line in [
        "• Limit a month: $10.00 → $2.50",
        "• Time zone: UTC → Asia/Shanghai",
        "• Most for one member: the default → 30 %",
        "• Models: all models → sim-1 at sim",
        warnings.as_str(),
        "`/budget show` shows what is left",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!answer.is_ephemeral());
    let again = world.owner("budget set", &options[3..5]).await;
    assert!(again.contains("nothing changed"), "{again}");
}

#[tokio::test]
async fn tokens_dollars_none_and_the_operators_limit() {
    let world = World::new().await;
    let tokens = world
        .owner("budget set", &[("amount", "5,000"), ("unit", "tokens")])
        .await;
    assert!(
        tokens.contains("Limit a day: no limit → 5,000 tokens"),
        "{tokens}"
    );
    let dollars = world.owner("budget set", &[("amount", "$7")]).await;
    assert!(dollars.contains("Limit a day: $100"), "{dollars}");
    let shown = world.owner("budget show", &[]).await;
    assert!(
        shown.contains("of $7.00 spent") && shown.contains("of 5,000 tokens spent"),
        "{shown}"
    );
    let none = world
        .owner("budget set", &[("amount", "none"), ("unit", "tokens")])
        .await;
    assert!(none.contains("5,000 tokens → no limit"), "{none}");
    let default = world.owner("budget set", &[("amount", "default")]).await;
    assert!(default.contains("Limit a day: $7.00 → $100"), "{default}");
}

#[tokio::test]
async fn a_limit_for_one_channel_holds_there_and_nowhere_else() {
    let world = World::new().await;
    let other = world.guild.add_channel("other");
    let channel = world.channel.id.to_string();
    let text = world
        .owner(
            "budget set",
            &[("amount", "10"), ("unit", "tokens"), ("channel", &channel)],
        )
        .await;
    let line = format!("In <#{channel}>: Limit a day: no limit → 10 tokens");
    assert!(text.contains(&line), "{text}");
    assert!(world.ask("hello").await.text().contains("is resting"));
    world.model.say("Here I may.");
    let answer = world.ask_in(&world.ada, &other, "hello").await;
    assert_eq!(answer.words(), "Here I may.");
}

#[tokio::test]
async fn a_model_that_is_not_allowed_is_not_asked() {
    let world = World::with(|config| {
        let mut cheaper = config.model.clone().unwrap();
        cheaper.model = "sim-mini".into();
        config.cheaper_model = Some(cheaper);
    })
    .await;
    let offered = world
        .guild
        .owner
        .autocomplete(&world.channel, "budget set", "models", "")
        .await
        .unwrap();
    let names: Vec<&str> = offered.iter().map(|choice| choice.name.as_str()).collect();
    assert_eq!(names, ["all", "sim-1 at sim", "sim-mini at sim"]);
    let text = world.owner("budget set", &[("models", "sim-mini")]).await;
    assert!(
        text.contains("Models: all models → sim-mini at sim"),
        "{text}"
    );
    world.model.say("Small, and allowed.");
    assert_eq!(world.ask("hello").await.words(), "Small, and allowed.");
    let asked = world.model.generations();
    assert!(
        asked
            .iter()
            .all(|request| request.body["model"] == "sim-mini")
    );
    let shown = world.owner("budget show", &[]).await;
    assert!(shown.contains("· sim-mini at sim"), "{shown}");
    let text = world.owner("budget set", &[("models", "all")]).await;
    assert!(
        text.contains("Models: sim-mini at sim → all models"),
        "{text}"
    );
    let text = world.owner("budget set", &[("models", "sim-huge")]).await;
    assert!(text.contains("“sim-huge” is not a model of mine"), "{text}");
}

#[tokio::test]
async fn warnings_can_be_had_here_there_and_nowhere() {
    let world = World::new().await;
    let here = world.owner("budget set", &[("warnings", "true")]).await;
    let line = format!("Warnings: nowhere → <#{}>", world.channel.id);
    assert!(here.contains(&line), "{here}");
    let closed = world.guild.add_channel("closed");
    closed.deny_bot(Permissions::SEND_MESSAGES);
    let id = closed.id.to_string();
    let text = world.owner("budget set", &[("warning_channel", &id)]).await;
    assert!(
        text.contains("I may not write in") && text.contains("nothing was changed"),
        "{text}"
    );
    let shown = world.owner("budget show", &[]).await;
    assert!(
        shown.contains(&format!("95 % go to <#{}>", world.channel.id)),
        "{shown}"
    );
    let off = world.owner("budget set", &[("warnings", "false")]).await;
    assert!(off.contains("→ nowhere"), "{off}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_an_example() {
    let world = World::new().await;
    for wrong in ["much", "-1", "1.2.3", "9999999999999999999999"] {
        let text = world.owner("budget set", &[("amount", wrong)]).await;
        assert!(
            text.contains("is not an amount") || text.contains("a limit is a number"),
            "{wrong}: {text}"
        );
    }
    let zone = [("amount", "1"), ("time_zone", "Berlin, I think")];
    let text = world.owner("budget set", &zone).await;
    assert!(text.contains("Europe/Berlin"), "{text}");
    let text = world.owner("budget set", &[]).await;
    assert!(text.contains("Say what to change"), "{text}");
    let text = world.owner("budget set", &[("period", "a month")]).await;
    assert!(text.contains("Write the amount as well"), "{text}");
    // Nothing of all that was done by halves.
    let history = world.owner("budget history", &[]).await;
    assert!(history.contains("Nobody has changed"), "{history}");
    let offered = world
        .guild
        .owner
        .autocomplete(&world.channel, "budget set", "time_zone", "berl")
        .await
        .unwrap();
    assert_eq!(offered[0].name, "Europe/Berlin");
}

#[tokio::test]
async fn only_who_manages_the_server_sets_its_budget() {
    let world = World::new().await;
    is_refused(&world, "budget set", &[("amount", "100")]).await;
}

#[tokio::test]
async fn a_change_is_told_in_chinese_too() {
    let world = World::new().await;
    speak_chinese(&world, &world.guild.owner);
    let options = [("amount", "3"), ("member_percent", "20")];
    let text = world.owner("budget set", &options).await;
    assert!(
        text.contains("每天的上限：$100") && text.contains("每位成员最多：默认 → 20 %"),
        "{text}"
    );
}
