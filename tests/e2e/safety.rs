//! What people must never meet, and what they must always get.

use discord_sim::actor::ChannelSpec;
use familiar::config::Limit;
use serde_json::json;
use store::clock::Clock;
use store::personas::{NewCard, Owner};

use crate::world::World;

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9/v1";
const NOTICE: &str = "-# Orla is an AI companion, not a person";

#[tokio::test]
async fn a_crisis_is_answered_at_once_with_no_budget_and_no_model() {
    let world = World::with(|config| {
        config.model.as_mut().unwrap().base_url = NOWHERE.into();
        config.budget.instance_day = Limit {
            usd: Some(ledger::PicoUsd::ZERO),
            tokens: Some(0),
        };
        config.rate.member_per_minute = 1;
    })
    .await;
    for (text, line) in [("I want to kill myself", "988"), ("我不想活了", "12356")] {
        let answer = world.ask(text).await;
        assert!(
            answer.text().contains(line) && answer.text().contains("AI"),
            "{}",
            answer.text()
        );
        assert_eq!(answer.first().message.author.id, world.sim.bot_id());
    }
    assert!(world.model.requests().is_empty());
    assert!(world.budget(&world.ada).await.replies.is_empty());
}

#[tokio::test]
async fn a_reply_pings_nobody_masks_no_link_and_unfolds_no_preview() {
    let world = World::new().await;
    let role = world
        .guild
        .add_role("everyone else", twilight_model::guild::Permissions::empty());
    world.model.say(&format!(
        "@everyone @here {} <@&{role}> look: [your bank](https://evil.example/login), join discord.gg/abcdef \u{1b}[31mred\u{1b}[0m",
        world.bo.mention()
    ));
    let answer = world.ask("say something").await;
    let text = answer.text();
    assert!(
        text.contains("https://evil.example/login") && !text.contains("]("),
        "{text}"
    );
    assert!(
        !text.contains("discord.gg/abcdef") && !text.contains('\u{1b}'),
        "{text}"
    );
    assert!(
        !text.contains("@everyone") && !text.contains("@here") && !text.contains("<@"),
        "{text}"
    );
    let message = &answer.first().message;
    assert!(
        !message.mention_everyone
            && message.mentions.is_empty()
            && message.mention_roles.is_empty()
    );
    assert!(
        message
            .flags
            .unwrap()
            .contains(twilight_model::channel::message::MessageFlags::SUPPRESS_EMBEDS)
    );
}

#[tokio::test]
async fn a_long_reply_comes_in_parts_and_every_part_keeps_its_code_fence() {
    let world = World::with(|config| config.model.as_mut().unwrap().cap = 1000).await;
    let code: String = (0..80).map(|n| format!("let value_{n} = {n};\n")).collect();
    world.model.say(&format!(
        "{}\n```rust\n{code}```\nDone.",
        "Well then. ".repeat(40)
    ));
    let answer = world.ask("show me code").await;
    assert!(answer.messages.len() > 1, "{}", answer.text().len());
    for message in &answer.messages {
        assert!(message.text().chars().count() <= 2000);
        assert_eq!(
            message.text().matches("```").count() % 2,
            0,
            "{}",
            message.text()
        );
    }
    assert!(answer.text().contains("let value_79 = 79;") && answer.text().contains("Done."));
}

#[tokio::test]
async fn the_first_answer_of_a_day_says_that_it_is_an_ai_and_the_second_does_not() {
    let world = World::new().await;
    assert!(world.ask("hello").await.text().contains(NOTICE));
    assert!(!world.ask("hello again").await.text().contains(NOTICE));
    assert!(
        world
            .ask_in(&world.bo, &world.channel, "me too")
            .await
            .text()
            .contains(NOTICE)
    );
    world.later(chrono::TimeDelta::days(1));
    assert!(world.ask("good morning").await.text().contains(NOTICE));
}

#[tokio::test]
async fn whoever_asks_whether_it_is_human_gets_the_truth_before_whatever_the_model_says() {
    let world = World::new().await;
    world.model.say("Of course I am a real human, silly.");
    let answer = world.ask("are you human?").await;
    assert!(
        answer
            .text()
            .starts_with("I’m Orla, and I’m an AI, not a human."),
        "{}",
        answer.text()
    );
    let unasked = world.ask("tell me about yourself").await;
    assert!(
        unasked
            .text()
            .starts_with("I’m Orla, and I’m an AI, not a human."),
        "{}",
        unasked.text()
    );
    world
        .model
        .say("I'm Orla, a person who keeps the light. Sit down.");
    let introduced = world.ask("good evening").await;
    assert!(
        introduced.text().starts_with("I’m Orla, and I’m an AI"),
        "{}",
        introduced.text()
    );
    let chinese = world.ask("你是真人吗？").await;
    assert!(
        chinese.text().contains("是 AI，不是真人"),
        "{}",
        chinese.text()
    );
}

/// An age-restricted persona of the operator's, who speaks in this server.
async fn with_nyx(operator_allows: bool) -> World {
    let world = World::with(|config| config.instance.allow_age_restricted = operator_allows).await;
    let card = json!({ "spec": "chara_card_v2", "spec_version": "2.0", "data": {
        "name": "Nyx", "description": "Nyx keeps a bar.", "personality": "", "scenario": "", "first_mes": "Hi.",
        "mes_example": "", "creator_notes": "", "system_prompt": "", "post_history_instructions": "",
        "alternate_greetings": [], "tags": ["nsfw"], "creator": "", "character_version": "", "extensions": {},
    }});
    let new = NewCard {
        owner: Owner::Instance,
        slug: "nyx".into(),
        name: "Nyx".into(),
        card: card.to_string().into_bytes(),
        avatar: None,
        by: None,
    };
    world
        .companion()
        .house()
        .store
        .save_card(new, world.clock.now())
        .await
        .unwrap();
    world
        .owner(
            "persona switch",
            &[("persona", "Nyx"), ("scope", "this server")],
        )
        .await;
    world
}

fn restricted() -> ChannelSpec {
    ChannelSpec {
        name: "late".into(),
        nsfw: true,
        ..ChannelSpec::default()
    }
}

#[tokio::test]
async fn an_age_restricted_persona_speaks_only_in_an_age_restricted_channel() {
    let world = with_nyx(true).await;
    let late = world.guild.add_channel(restricted());
    let thread = late.start_thread(&world.ada, "later", None).unwrap();
    let ordinary = world.ask("hello").await;
    assert!(
        ordinary
            .text()
            .contains("speaks only in channels marked as age-restricted"),
        "{}",
        ordinary.text()
    );
    assert!(world.model.generations().is_empty());
    assert_eq!(
        world.ask_in(&world.ada, &late, "hello").await.author(),
        "Nyx"
    );
    assert_eq!(
        world.ask_in(&world.ada, &thread, "hello").await.author(),
        "Nyx"
    );
}

#[tokio::test]
async fn where_the_operator_does_not_allow_it_an_age_restricted_persona_speaks_nowhere() {
    let world = with_nyx(false).await;
    let late = world.guild.add_channel(restricted());
    let answer = world.ask_in(&world.ada, &late, "hello").await;
    assert!(
        answer
            .text()
            .contains("does not offer age-restricted personas"),
        "{}",
        answer.text()
    );
    assert!(world.model.generations().is_empty());
}
