//! "Why this reply?": what a person sees of it, and what the operator sees.

use std::time::Duration;

use discord_sim::actor::Person;
use discord_sim::state::StoredMessage;
use memory::{Author, NewTurn, ScopeId, TurnKind};
use model_sim::{Chunks, Reply};
use store::clock::Clock as _;
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use crate::commands_memory::press;
use crate::learned::{Learned, scope_of};
use crate::program::{familiar, written};
use crate::world::{Answer, SOON, World};

const MENU: &str = "Why this reply?";
const CANARY: &str = "pterodaustro";

/// Somebody opens the menu on a message of the usual channel.
async fn why(world: &World, who: &Person, message: Id<MessageMarker>) -> StoredMessage {
    let used = who.message_menu(&world.channel, MENU, message);
    used.unwrap().response().await.unwrap()
}

fn link(world: &World, message: Id<MessageMarker>) -> String {
    let (guild, channel) = (world.guild.id, world.channel.id);
    format!("https://discord.com/channels/{guild}/{channel}/{message}")
}

async fn scope(world: &World, answer: &Answer) -> ScopeId {
    scope_of(world, answer.first().message.id).await
}

async fn know(world: &World, who: &Person, source: &Answer, text: &str) {
    let learned = Learned {
        about: who,
        name: "somebody",
        text,
        source: Some(source.to),
        summary: Some("They talked about animals."),
    };
    learned.keep(world, &scope(world, source).await).await;
}

/// Ada told of her goat and Bo of his; much was said since, so that only recall brings it back. Then Ada asks.
/// Returns what Ada said first, what Bo did, and the answer.
async fn asked_long_after(world: &World) -> (Answer, Answer, Answer) {
    world.model.say("Noted.");
    let mine = world.ask(&format!("my goat is called {CANARY}")).await;
    world.model.say("Noted too.");
    let goat = "my goat is called Ludmilla";
    let his = world.ask_in(&world.bo, &world.channel, goat).await;
    let house = world.companion().house();
    for n in 0..60_u64 {
        let turn = NewTurn {
            scope: scope(world, &mine).await,
            author: Author::Person(world.ada.id.get().into()),
            author_name: "ada".into(),
            kind: TurnKind::Chat,
            text: format!(
                "remark {n}: the tide tables of this harbour are long, dull and full of numbers, and I read them all"
            ),
            messages: vec![(his.to.get() + 1_000 + n).into()],
            at: world.clock.now(),
            reply_to: None,
            answers: None,
            proxied: false,
        };
        house.memory.remember_turn(turn).await.unwrap();
    }
    world.model.say("Hm, let me see.");
    let asked = world.ask("do you remember the name of my goat?").await;
    (mine, his, asked)
}

async fn quiet() -> World {
    World::with(|config| config.memory.consolidate_every = 0).await
}

/// Runs `familiar why …` beside the bot.
async fn at_the_command_line(world: &World, line: &[&str]) -> (bool, String) {
    let mut command = familiar(&written(world));
    let output = command.arg("why").args(line).output().await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    (output.status.success(), format!("{text}{errors}"))
}

#[tokio::test]
async fn a_reply_tells_what_was_recalled_and_why_with_a_link_and_what_it_cost() {
    let world = quiet().await;
    let (mine, his, asked) = asked_long_after(&world).await;
    let reply = asked.first().message.id;
    let told = why(&world, &world.ada, reply).await;
    assert!(told.is_ephemeral());
    let text = told.text();
    for part in [
        "Why Orla said that".to_owned(),
        link(&world, asked.to),
        "Asked: sim-1.".to_owned(),
        "$0.".to_owned(),
        "The whole request went out".to_owned(),
        "persona and safety ".to_owned(),
        "of 1,000".to_owned(),
        format!("]({})", link(&world, mine.to)),
        format!("my goat is called {CANARY}"),
        "shares words with the message".to_owned(),
        link(&world, his.to),
        "bo said something".to_owned(),
        "`/memory forget`".to_owned(),
    ] {
        assert!(text.contains(&part), "{part} is not in\n{text}");
    }
    // Others' words are theirs; the link leads to them.
    assert!(!text.contains("Ludmilla"), "{text}");
    let to_bo = why(&world, &world.bo, reply).await;
    let text = to_bo.text();
    assert!(text.contains("my goat is called Ludmilla"), "{text}");
    assert!(!text.contains(CANARY), "{text}");
}

#[tokio::test]
async fn what_is_deleted_since_is_told_as_gone_and_edits_are_followed() {
    let world = quiet().await;
    let (mine, his, asked) = asked_long_after(&world).await;
    let reply = asked.first().message.id;
    world
        .ada
        .edit(&world.channel, mine.to, "my goat is called Rosalind")
        .unwrap();
    world.bo.delete(&world.channel, his.to).unwrap();
    let followed = async {
        loop {
            let told = why(&world, &world.ada, reply).await;
            if told.text().contains("Rosalind") && told.text().contains("no longer kept") {
                return told;
            }
        }
    };
    let told = tokio::time::timeout(crate::world::SOON, followed)
        .await
        .unwrap();
    let text = told.text();
    assert!(!text.contains(CANARY), "{text}");
    assert!(!text.contains(&link(&world, his.to)), "{text}");
    let (good, text) = at_the_command_line(&world, &[&reply.to_string(), "--words"]).await;
    assert!(
        good && text.contains("forgotten, deleted or expired since"),
        "{text}"
    );
    assert!(
        text.contains("Rosalind") && !text.contains("Ludmilla"),
        "{text}"
    );
}

#[tokio::test]
async fn own_facts_are_told_with_their_source_and_others_are_only_counted() {
    let mut world = quiet().await;
    world.model.say("Noted.");
    let first = world.ask("my goat is called Greta").await;
    know(&world, &world.ada, &first, "Ada has a goat called Greta.").await;
    world.model.say("Hello.");
    let asked = world.ask_in(&world.bo, &world.channel, "hello, all").await;
    let reply = asked.first().message.id;
    let text = why(&world, &world.ada, reply).await.text().to_owned();
    assert!(text.contains("“Ada has a goat called Greta.”"), "{text}");
    assert!(text.contains("always in mind here"), "{text}");
    assert!(text.contains(&link(&world, first.to)), "{text}");
    assert!(
        !text.contains("summary "),
        "it is shown from a cut on: {text}"
    );
    // What has stood since the last cut of the window is lost by a restart.
    world.stop().await;
    world.start().await;
    world.model.say("Hello again.");
    let asked = world.ask_in(&world.bo, &world.channel, "me again").await;
    let reply = asked.first().message.id;
    let text = why(&world, &world.ada, reply).await.text().to_owned();
    assert!(text.contains("always in mind here"), "{text}");
    assert!(text.contains("summary "), "{text}");
    let text = why(&world, &world.bo, reply).await.text().to_owned();
    assert!(text.contains("one fact about somebody else"), "{text}");
    assert!(!text.contains("Greta"), "{text}");
    world
        .command(
            &world.ada,
            &world.channel,
            "memory forget",
            &[("fact", "1")],
        )
        .await;
    let text = why(&world, &world.ada, reply).await.text().to_owned();
    assert!(text.contains("one fact that was forgotten since"), "{text}");
}

/// Bo calls; the model takes so long for its words. Returns the reply's first message as soon as somebody can see it.
async fn growing(world: &World, over: Duration) -> Id<MessageMarker> {
    let words = "The storm came in from the west. The lamp went out twice. I relit it twice.";
    world
        .model
        .queue(Reply::text(words).chunks(Chunks::Words).over(over));
    let called = format!("{} tell me a story", world.sim.bot_mention());
    world.bo.say(&world.channel, &called).unwrap();
    let begun = tokio::time::timeout(SOON, async {
        loop {
            if let Some(first) = world.spoken_in(&world.channel).first() {
                return first.message.id;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    begun.await.unwrap()
}

#[tokio::test]
async fn a_reply_that_still_grows_is_waited_for() {
    let world = quiet().await;
    let reply = growing(&world, Duration::from_secs(3)).await;
    let text = why(&world, &world.ada, reply).await.text().to_owned();
    assert!(text.starts_with("**Why Orla said that**"), "{text}");
}

#[tokio::test]
async fn whoever_asks_about_a_reply_that_grows_for_long_is_told_so() {
    let world = quiet().await;
    let reply = growing(&world, Duration::from_secs(25)).await;
    let text = why(&world, &world.ada, reply).await.text().to_owned();
    assert!(text.starts_with("I am still answering here"), "{text}");
}

#[tokio::test]
async fn what_is_no_reply_of_a_model_gets_a_kind_answer() {
    let world = quiet().await;
    let stranger = world.bo.say(&world.channel, "I wrote this myself").unwrap();
    let text = why(&world, &world.ada, stranger).await.text().to_owned();
    assert!(text.starts_with("I know nothing of this message"), "{text}");
    let card = world.ask("I want to kill myself").await;
    let text = why(&world, &world.ada, card.first().message.id).await;
    assert!(
        text.text().starts_with("No model answered"),
        "{}",
        text.text()
    );
    world
        .command(&world.ada, &world.channel, "memory pause", &[])
        .await;
    let unkept = world.ask("between us").await;
    let text = why(&world, &world.ada, unkept.first().message.id).await;
    assert!(
        text.text().starts_with("sim-1 was asked for this ("),
        "{}",
        text.text()
    );
    world
        .owner("budget set", &[("amount", "10"), ("unit", "tokens")])
        .await;
    let resting = world.ask("are you there?").await;
    assert!(resting.text().contains("is resting"), "{}", resting.text());
    let text = why(&world, &world.ada, resting.first().message.id).await;
    assert!(
        text.text().starts_with("No model answered"),
        "{}",
        text.text()
    );
    let goes_on = [("paused", "False")];
    world
        .command(&world.ada, &world.channel, "memory pause", &goes_on)
        .await;
    world
        .command(&world.ada, &world.channel, "persona greet", &[])
        .await;
    let greeted = world.spoken_in(&world.channel).pop().unwrap();
    let text = why(&world, &world.ada, greeted.message.id).await;
    assert!(text.text().contains("first words"), "{}", text.text());
}

#[tokio::test]
async fn a_smaller_request_says_how_it_was_made_smaller() {
    let world = quiet().await;
    world.model.say("Noted.");
    world.ask("hello").await;
    // What the day may still cost becomes less and less, until there is enough for a short answer only.
    let mut told = String::new();
    for left in (2_000..6_000).rev().step_by(100) {
        let spent = world.budget(&world.ada).await.windows[0].tokens.posted;
        let amount = (spent + left).to_string();
        world
            .owner("budget set", &[("amount", &amount), ("unit", "tokens")])
            .await;
        let answer = world.ask("tell me more").await;
        if answer.text().contains("is resting") {
            break;
        }
        told = why(&world, &world.ada, answer.first().message.id)
            .await
            .text()
            .to_owned();
        if told.contains("Made smaller") {
            break;
        }
    }
    assert!(told.contains("Made smaller to fit the budget:"), "{told}");
}

#[tokio::test]
async fn the_operator_sees_references_and_scores_and_words_only_when_asked() {
    let world = quiet().await;
    let (mine, _, asked) = asked_long_after(&world).await;
    let reply = asked.first().message.id;
    let (good, newest) = at_the_command_line(&world, &[]).await;
    assert!(good, "{newest}");
    for part in [
        "Orla (version 1) replied at".to_owned(),
        link(&world, reply),
        "sim-1 at sim, cap 400 of 400".to_owned(),
        "settled".to_owned(),
        "persona and safety".to_owned(),
        "went along word for word".to_owned(),
        link(&world, mine.to),
        "score 0.".to_owned(),
        "--words".to_owned(),
    ] {
        assert!(newest.contains(&part), "{part} is not in\n{newest}");
    }
    assert!(!newest.contains(CANARY), "{newest}");
    let by_link = at_the_command_line(&world, &[&link(&world, reply)]).await;
    assert_eq!(by_link, (true, newest));
    let (_, words) = at_the_command_line(&world, &[&reply.to_string(), "--words"]).await;
    assert!(words.contains(CANARY), "{words}");
    let (_, by_question) = at_the_command_line(&world, &[&asked.to.to_string()]).await;
    assert!(by_question.contains(&link(&world, reply)), "{by_question}");
    let (good, unknown) = at_the_command_line(&world, &["1"]).await;
    assert!(!good && unknown.contains("Nothing is known"), "{unknown}");
}

#[tokio::test]
async fn forget_me_takes_the_reports_along_and_leaves_no_byte() {
    let world = quiet().await;
    let (_, _, asked) = asked_long_after(&world).await;
    let reply = asked.first().message.id;
    let question = world
        .command(&world.ada, &world.channel, "privacy forget-me", &[])
        .await;
    press(&world, &question, "Forget it").await;
    let text = why(&world, &world.ada, reply).await.text().to_owned();
    assert!(text.starts_with("I know nothing of this message"), "{text}");
    let folder = std::fs::read_dir(&world.config.instance.data).unwrap();
    for file in folder
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file())
    {
        let bytes = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(CANARY), "{}", file.display());
    }
}

#[tokio::test]
async fn direct_messages_have_it_too_and_it_speaks_the_askers_language() {
    let world = quiet().await;
    let direct = world.ada.dm_channel().unwrap();
    world.model.say("Hello there.");
    let answer = world.say_in(&world.ada, &direct, "hello").await;
    let reply = answer.first().message.id;
    let told = world.ada.message_menu(&direct, MENU, reply).unwrap();
    let told = told.response().await.unwrap();
    assert!(
        told.text().contains("Why Orla said that"),
        "{}",
        told.text()
    );
    let commands = world.sim.hub().world().commands.clone();
    let menu = commands
        .values()
        .find(|command| command.name == MENU)
        .unwrap();
    let names = menu.name_localizations.as_ref().unwrap();
    assert_eq!(names["zh-CN"], "为什么这么说？");
}
