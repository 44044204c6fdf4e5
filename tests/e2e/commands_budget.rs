//! `/budget`: what replies cost, and what they may cost.

use crate::world::World;

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
        text.contains("of $100") && text.contains("starts afresh <t:"),
        "{text}"
    );
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("**Orla**"))
        .collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines.iter().all(|line| line.contains(" + ")
        && line.contains("tokens, $0.00")
        && line.contains("sim-1")));
}

#[tokio::test]
async fn before_the_first_reply_it_says_that_nothing_was_spent() {
    let world = World::new().await;
    let answer = world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await;
    assert!(
        answer.text().contains("No reply has cost anything yet."),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_local_model_is_free_and_counted_in_tokens() {
    let world = World::with(|config| {
        let model = config.model.as_mut().unwrap();
        model.local = true;
        model.price = None;
    })
    .await;
    world.ask("hello").await;
    let answer = world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await;
    let line = answer
        .text()
        .lines()
        .find(|line| line.contains("**Orla**"))
        .unwrap()
        .to_owned();
    assert!(line.contains("tokens, free (sim-1)"), "{line}");
}

#[tokio::test]
async fn an_admin_sets_the_servers_limit_and_its_time_zone() {
    let world = World::new().await;
    let options = [
        ("amount", "2.50"),
        ("period", "a month"),
        ("time_zone", "Asia/Shanghai"),
    ];
    let answer = world
        .command(&world.guild.owner, &world.channel, "budget set", &options)
        .await;
    assert!(
        answer.text().contains("$2.50") && answer.text().contains("Asia/Shanghai"),
        "{}",
        answer.text()
    );
    assert!(!answer.is_ephemeral());
    let tokens = world
        .owner("budget set", &[("amount", "5,000"), ("unit", "tokens")])
        .await;
    assert!(tokens.contains("5,000 tokens a day"), "{tokens}");
    let shown = world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await
        .text()
        .to_owned();
    assert!(
        shown.contains("of $2.50 spent") && shown.contains("of 5,000 tokens spent"),
        "{shown}"
    );
    let none = world
        .owner("budget set", &[("amount", "none"), ("unit", "tokens")])
        .await;
    assert!(none.contains("no limit of its own"), "{none}");
}

#[tokio::test]
async fn what_is_no_amount_or_no_zone_is_refused_with_an_example() {
    let world = World::new().await;
    for wrong in ["much", "-1", "1.2.3", "9999999999999999999999"] {
        let text = world.owner("budget set", &[("amount", wrong)]).await;
        assert!(
            text.contains("is not an amount") || text.contains("a limit is a number"),
            "{wrong}: {text}"
        );
    }
    let text = world
        .owner(
            "budget set",
            &[("amount", "1"), ("time_zone", "Berlin, I think")],
        )
        .await;
    assert!(text.contains("Europe/Berlin"), "{text}");
    let offered = world
        .guild
        .owner
        .autocomplete(&world.channel, "budget set", "time_zone", "berl")
        .await
        .unwrap();
    assert_eq!(offered[0].name, "Europe/Berlin");
}

#[tokio::test]
async fn only_who_manages_the_server_sets_its_limit() {
    let world = World::new().await;
    let answer = world
        .command(
            &world.ada,
            &world.channel,
            "budget set",
            &[("amount", "100")],
        )
        .await;
    assert!(
        answer.text().starts_with("You need the permission") && answer.is_ephemeral(),
        "{}",
        answer.text()
    );
    let dm = world.ada.dm_channel().unwrap();
    let answer = world
        .command(&world.ada, &dm, "budget set", &[("amount", "100")])
        .await;
    assert!(
        answer.text().contains("only in a server"),
        "{}",
        answer.text()
    );
}
