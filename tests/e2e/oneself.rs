//! Who asks about themselves: what they told stands right before their question, and the persona's own things do not answer it.

use familiar::config::Defaults;

use crate::learned::{Learned, scope_of};
use crate::world::World;

const LEAD: &str = "What you know from ada:";

async fn quiet() -> World {
    World::with(|config| config.memory.consolidate_every = 0).await
}

/// Talk that lies between what was told and the question.
async fn meanwhile(world: &World) {
    for text in [
        "the ferry is late",
        "it rains",
        "we had soup",
        "the bell rang",
    ] {
        world.ask(text).await;
    }
}

/// What stands before the message, after the earlier turns.
fn beside(prompt: &str) -> &str {
    prompt.rsplit("<user>").next().unwrap_or_default()
}

#[tokio::test]
async fn what_a_person_told_stands_right_before_their_question() {
    let world = quiet().await;
    world.ask("my goose is called Pretzel").await;
    meanwhile(&world).await;
    world.ask("what is my goose called?").await;
    let prompt = world.last_prompt();
    let told = beside(&prompt).split_once(LEAD);
    let (_, told) = told.unwrap_or_else(|| panic!("{prompt}"));
    assert!(told.contains(": Your goose is called Pretzel"), "{told}");
    assert!(
        told.trim_end()
            .ends_with("\n\nada: what is my goose called?"),
        "{told}"
    );
    // Who only talks has nothing told twice.
    world.ask("my goose is asleep").await;
    let prompt = world.last_prompt();
    assert!(!beside(&prompt).contains(LEAD), "{prompt}");
}

#[tokio::test]
async fn a_small_model_is_shown_once_more_how_a_memory_is_used() {
    let world = World::with(|config| {
        config.memory.consolidate_every = 0;
        let model = config.model.as_mut().unwrap();
        (model.local, model.price) = (true, None);
        model.sampling.defaults = Defaults::None;
    })
    .await;
    // Orla's example, and the answer to it.
    let (asked, answered) = (
        "Do you remember what I planted?",
        "You planted beans on Sunday",
    );
    world.ask("my goose is called Pretzel").await;
    meanwhile(&world).await;
    for (question, shown) in [
        ("what is my goose called?", 2),
        ("my goose is asleep", 1),
        // Nothing that is only an example is told to whoever asks for everything.
        ("what do you remember about me?", 1),
    ] {
        world.ask(question).await;
        let prompt = world.last_prompt();
        let found = (
            prompt.matches(asked).count(),
            prompt.matches(answered).count(),
        );
        assert_eq!(found, (shown, shown), "{question}: {prompt}");
    }
    assert!(beside(&world.last_prompt()).contains(LEAD));
}

#[tokio::test]
async fn the_personas_own_gull_is_no_answer_to_whoever_asks_for_theirs() {
    let world = quiet().await;
    world.ask("what is your gull called?").await;
    assert!(world.last_prompt().contains("Bailiff"));
    let other = quiet().await;
    other.ask("what is my gull called?").await;
    assert!(!other.last_prompt().contains("Bailiff"));
    other.ask("my gull is called Fred").await;
    assert!(!other.last_prompt().contains("Bailiff"));
}

#[tokio::test]
async fn who_asks_for_all_of_it_hears_the_latest_and_an_answer_that_repeats_it_goes_with_it() {
    let world = quiet().await;
    let told = world.ask("I keep a QUILLFEATHER in a jar").await.to;
    meanwhile(&world).await;
    world.model.say("You keep a QUILLFEATHER, and it rained.");
    let answer = world.ask("what do you remember about me?").await;
    let prompt = world.last_prompt();
    assert!(
        beside(&prompt).contains(": You keep a QUILLFEATHER in a jar"),
        "{prompt}"
    );
    world.ada.delete(&world.channel, told).unwrap();
    let scope = scope_of(&world, answer.first().message.id).await;
    let house = world.companion().house();
    let gone = async {
        loop {
            let page = house.memory.show(&scope, None, 0).await.unwrap();
            if page
                .rows
                .iter()
                .all(|turn| !turn.text.contains("QUILLFEATHER"))
            {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(crate::world::SOON, gone)
        .await
        .expect("the answer that repeats it is still remembered");
}

#[tokio::test]
async fn a_claim_about_the_past_is_met_with_doubt() {
    let world = quiet().await;
    world
        .ask("you said your gull speaks French, remember?")
        .await;
    let doubts = |prompt: &str| beside(prompt).contains("say that you do not remember it");
    let prompt = world.last_prompt();
    assert!(doubts(&prompt), "{prompt}");
    world.ask("your gull is loud").await;
    let prompt = world.last_prompt();
    assert!(!doubts(&prompt), "{prompt}");
}

#[tokio::test]
async fn what_a_consolidation_wrote_leaves_the_beginning_of_prompts_as_it_is_until_the_window_is_cut()
 {
    let world = quiet().await;
    let said = world.ask("good evening").await.first().message.id;
    let system = |prompt: &str| prompt.split("<user>").next().unwrap_or_default().to_owned();
    let before = system(&world.last_prompt());
    let scope = scope_of(&world, said).await;
    let learned = Learned {
        about: &world.ada,
        name: "ada",
        text: "ada has a goat called Balthazar.",
        source: None,
        summary: Some("They met in the evening."),
    };
    learned.keep(&world, &scope).await;
    world.ask("it rains").await;
    let prompt = world.last_prompt();
    assert_eq!(system(&prompt), before);
    assert!(
        beside(&prompt).contains("ada has a goat called Balthazar."),
        "{prompt}"
    );
    let mut turns = 0;
    while !system(&world.last_prompt()).contains("They met in the evening.") {
        turns += 1;
        assert!(turns < 60, "the window is never cut");
        world
            .ask(&format!(
                "{turns} {}",
                "the ferry is late again and the bell rang ".repeat(4)
            ))
            .await;
    }
    assert!(system(&world.last_prompt()).contains("- ada has a goat called Balthazar."));
}

#[tokio::test]
async fn a_question_that_names_nobody_has_what_its_writer_told_right_before_it() {
    let world = quiet().await;
    world
        .ask("my friend Kwabena moves to Utrecht in June")
        .await;
    meanwhile(&world).await;
    world
        .ask("a card for Kwabena. which city is Kwabena off to?")
        .await;
    let prompt = world.last_prompt();
    let told = beside(&prompt).split_once(LEAD);
    let (_, told) = told.unwrap_or_else(|| panic!("{prompt}"));
    assert!(
        told.contains(": Your friend Kwabena moves to Utrecht in June"),
        "{told}"
    );
    // It may be about the persona's world too, so that lore stays.
    world.ask("what is the gull called?").await;
    let prompt = world.last_prompt();
    assert!(beside(&prompt).contains("Bailiff"), "{prompt}");
}

#[tokio::test]
async fn a_line_that_shares_no_word_with_the_question_it_answers_stands_beside_it() {
    let world = quiet().await;
    world.ask("I tune pianos for a living").await;
    world.ask("the fog does what it can for the bell").await;
    meanwhile(&world).await;
    world.ask("quick test: what do I do for work?").await;
    let prompt = world.last_prompt();
    let told = beside(&prompt).split_once(LEAD);
    let (_, told) = told.unwrap_or_else(|| panic!("{prompt}"));
    assert!(told.contains(": You tune pianos for a living"), "{told}");
}

#[tokio::test]
async fn in_chinese_what_was_told_is_put_to_the_face_of_whoever_told_it() {
    let world = quiet().await;
    world.ask("我在造船厂当焊工。你要不要看看？").await;
    for text in ["码头的风很大", "绳子一直在响", "下雨了", "今天吃了汤"] {
        world.ask(text).await;
    }
    world.ask("我是靠什么手艺吃饭的？").await;
    let prompt = world.last_prompt();
    let told = beside(&prompt).split_once("\n\n[ada对你说过的事：");
    let (asked, told) = told.unwrap_or_else(|| panic!("{prompt}"));
    assert!(asked.ends_with("我是靠什么手艺吃饭的？"), "{asked}");
    assert!(told.contains("你在造船厂当焊工。我要不要看看？"), "{told}");
}

#[tokio::test]
async fn an_english_card_shows_its_examples_in_the_language_of_the_talk_and_is_asked_for_it() {
    const ASKED: &str = "只写中文";
    let world = quiet().await;
    world.ask("今天码头的风很大，绳子一直在响").await;
    let prompt = world.last_prompt();
    assert!(beside(&prompt).contains(ASKED), "{prompt}");
    // Its examples are in that language too, and the memory in them.
    assert!(prompt.contains("<assistant> 日志，18:20。"), "{prompt}");
    assert!(
        prompt.contains("[ada对你说过的事： 2天前：豆子总算种下去了，星期天种的。]"),
        "{prompt}"
    );
    assert!(!prompt.contains("Keeper upright"), "{prompt}");
    // Said in every language: it goes by what was written before.
    world.ask("ok").await;
    assert!(beside(&world.last_prompt()).contains(ASKED));
    world.ask("and how is the light tonight?").await;
    let prompt = world.last_prompt();
    assert!(!beside(&prompt).contains(ASKED), "{prompt}");
}
