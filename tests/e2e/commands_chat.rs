//! `/chat mode`, `/help`, `/about`, and the language in which commands answer.

use twilight_model::guild::Permissions;

use crate::world::World;

#[tokio::test]
async fn the_nearer_mode_holds_and_inherit_takes_it_back() {
    let world = World::new().await;
    let text = world
        .owner("chat mode", &[("mode", "off"), ("reach", "this server")])
        .await;
    assert!(text.starts_with("I stay silent (in this server)"), "{text}");
    let text = world.owner("chat mode", &[("mode", "active")]).await;
    assert!(
        text.starts_with("I answer every message") && text.contains("(in this channel)"),
        "{text}"
    );
    let text = world.owner("chat mode", &[("mode", "inherit")]).await;
    assert!(text.starts_with("I stay silent (in this server)"), "{text}");
    let text = world
        .owner(
            "chat mode",
            &[("mode", "inherit"), ("reach", "this server")],
        )
        .await;
    assert!(
        text.starts_with("I answer when called (set nowhere"),
        "{text}"
    );
}

#[tokio::test]
async fn a_channels_manager_sets_the_channel_and_not_the_server() {
    let world = World::new().await;
    let role = world
        .guild
        .add_role("moderator", Permissions::MANAGE_CHANNELS);
    let moderator = world.guild.add_member_with("mo", &[role]);
    let done = world
        .command(
            &moderator,
            &world.channel,
            "chat mode",
            &[("mode", "active")],
        )
        .await;
    assert!(done.text().contains("(in this channel)"), "{}", done.text());
    let options = [("mode", "active"), ("reach", "this server")];
    let refused = world
        .command(&moderator, &world.channel, "chat mode", &options)
        .await;
    assert!(
        refused.text().starts_with("You need the permission") && refused.is_ephemeral(),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn help_names_the_one_who_speaks_and_every_command() {
    let world = World::new().await;
    let help = world.command(&world.ada, &world.channel, "help", &[]).await;
    assert!(
        help.is_ephemeral() && help.text().contains("Orla"),
        "{}",
        help.text()
    );
    for command in [
        "/persona",
        "/chat mode",
        "/memory show",
        "/budget show",
        "/about",
    ] {
        assert!(
            help.text().contains(command),
            "{command} is missing: {}",
            help.text()
        );
    }
}

#[tokio::test]
async fn about_says_that_it_is_an_ai_which_model_who_runs_it_and_where_words_go() {
    let world = World::new().await;
    let about = world
        .command(&world.ada, &world.channel, "about", &[])
        .await;
    for needed in [
        "AI",
        "sim-1",
        "127.0.0.1",
        "the keepers of the test",
        "/memory forget",
    ] {
        assert!(
            about.text().contains(needed),
            "{needed} is missing: {}",
            about.text()
        );
    }
    assert!(about.is_ephemeral());
}

#[tokio::test]
async fn whose_client_is_chinese_is_answered_in_chinese() {
    let world = World::new().await;
    let id = world.ada.id;
    world.sim.hub().world().users.get_mut(&id).unwrap().locale = Some("zh-CN".into());
    let list = world
        .command(&world.ada, &world.channel, "persona list", &[])
        .await;
    assert!(
        list.text().starts_with("在这里对你说话的是 **Orla**"),
        "{}",
        list.text()
    );
    let about = world
        .command(&world.ada, &world.channel, "about", &[])
        .await;
    assert!(about.text().contains("AI 伙伴"), "{}", about.text());
    let refused = world
        .command(&world.ada, &world.channel, "budget set", &[("amount", "1")])
        .await;
    assert!(refused.text().starts_with("这需要"), "{}", refused.text());
    let commands = world.ada.commands(&world.channel);
    let help = commands
        .iter()
        .find(|command| command.name == "help")
        .unwrap();
    let chinese = help.description_localizations.as_ref().unwrap();
    assert_eq!(chinese["zh-CN"], "怎么和角色聊天，你能决定什么");
}
