//! Messages have versions: what is no edit changes nothing, what waits is asked and kept as it says now, and what was
//! deleted is neither asked nor kept.

use std::time::Duration;

use companion::Closed;
use memory::{Known, ScopeId};
use model_sim::Reply;
use store::consolidations::Reading;
use tokio::sync::broadcast;
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use crate::learned::allow_facts;
use crate::world::{SOON, World};

/// What stands at the head of a consolidation's prompt.
const READING: &str = "You keep the notes";
/// How long the model thinks where somebody waits behind it.
const THINKS: Duration = Duration::from_millis(700);

type Message = Id<MessageMarker>;

impl World {
    /// Orla's memory of the usual channel.
    pub async fn orla_here(&self) -> ScopeId {
        let seat = companion::cast::Seat {
            guild: Some(self.guild.id.get().into()),
            channel: self.channel.id.get().into(),
            parent: None,
            user: self.ada.id.get().into(),
        };
        let speaking = self.companion().house().cast.speaking(seat).await;
        let (orla, _) = speaking.unwrap().unwrap();
        ScopeId {
            guild: seat.guild,
            channel: seat.channel,
            persona: orla.id,
        }
    }

    /// All that is remembered word for word in the usual channel, oldest first.
    pub async fn remembered(&self) -> Vec<String> {
        let store = &self.companion().house().store;
        let turns = store.latest_turns(&self.orla_here().await, 1_000).await;
        turns.unwrap().into_iter().map(|turn| turn.text).collect()
    }

    /// Waits until it is as it should be.
    pub async fn remembers(&self, what: &str, fits: impl Fn(&[String]) -> bool) {
        let looking = async {
            while !fits(&self.remembered().await) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let looked = tokio::time::timeout(SOON, looking).await;
        assert!(looked.is_ok(), "{what}: {:?}", self.remembered().await);
    }

    /// Calls the bot and does not wait.
    fn call(&self, text: &str) -> Message {
        let text = format!("{} {text}", self.sim.bot_mention());
        self.ada.say(&self.channel, &text).unwrap()
    }

    /// Waits until the model was asked so often.
    async fn asked(&self, times: usize) {
        let asked = async {
            while self.model.generations().len() < times {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(SOON, asked).await.unwrap();
    }

    async fn known(&self) -> Known {
        let memory = &self.companion().house().memory;
        memory.known(&self.orla_here().await).await.unwrap()
    }

    /// Waits until something is known here, and everything is read that is to be read.
    async fn read(&self, every: i64) -> Known {
        let (store, scope) = (&self.companion().house().store, self.orla_here().await);
        let reading = async {
            loop {
                let through = store
                    .progress(&scope, Reading::Summary)
                    .await
                    .unwrap()
                    .through;
                let newest = store.newest_number(&scope).await.unwrap();
                if through > 0 && newest - through < every {
                    return self.known().await;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(SOON, reading).await.unwrap()
    }
}

/// A world that reads its talk after so many turns and learns of Ada's goat, and else says that the day is fine.
async fn reading_world(every: u32, reads: Duration) -> World {
    let discord = discord_sim::SimConfig {
        preview_delay: None,
        ..World::discord()
    };
    let world = World::on(discord, |config| config.memory.consolidate_every = every).await;
    world.model.always(move |prompt| match prompt.system.contains(READING) {
        true => Reply::text(
            r#"{"summary": "Ada told Orla about her goat Balthazar.",
                "facts": [{"about": "ada", "fact": "Ada has a goat called Balthazar.", "sources": ["1"], "replaces": null}]}"#,
        )
        .after(reads),
        false => Reply::text("A fine day."),
    });
    allow_facts(&world, &world.ada).await;
    world
}

/// Waits until everything that Discord told before is worked on: an edit elsewhere is followed in memory.
async fn told_all(world: &World) {
    let elsewhere = world.guild.add_channel("elsewhere");
    let sentinel = world.ask_in(&world.bo, &elsewhere, "as it was").await;
    let text = format!("{} as it is", world.sim.bot_mention());
    world.bo.edit(&elsewhere, sentinel.to, &text).unwrap();
    let scope = ScopeId {
        channel: elsewhere.id.get().into(),
        ..world.orla_here().await
    };
    let store = &world.companion().house().store;
    let followed = async {
        loop {
            let turns = store.latest_turns(&scope, 9).await.unwrap();
            if turns[0].text == "as it is" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, followed).await.unwrap();
}

#[tokio::test]
async fn a_hundred_links_whose_previews_come_late_cost_no_fact_and_no_call() {
    let world = reading_world(24, Duration::ZERO).await;
    let mut links = vec![];
    for n in 0..100 {
        let text = format!("I have a goat called Balthazar, see https://goats.example/{n}");
        links.push(world.ask(&text).await.to);
    }
    let before = world.read(24).await;
    assert_eq!(before.facts.len(), 1);
    let calls = world.model.generations().len();
    for link in &links {
        world.channel.show_previews(*link).unwrap();
    }
    told_all(&world).await;
    world.ask("and now?").await;
    assert_eq!(world.read(24).await, before, "facts and summary");
    assert_eq!(
        world.model.generations().len(),
        calls + 2,
        "two replies, and no reading"
    );
}

#[tokio::test]
async fn a_pin_and_a_thread_on_a_message_change_nothing() {
    let world = reading_world(6, Duration::ZERO).await;
    let goat = world.ask("I have a goat called Balthazar").await.to;
    world.ask("it is windy here").await;
    world.ask("and cold").await;
    let before = world.read(6).await;
    assert_eq!(before.facts.len(), 1);
    let calls = world.model.generations().len();
    world.guild.owner.pin(&world.channel, goat).unwrap();
    let thread = world
        .channel
        .start_thread(&world.guild.owner, "goats", Some(goat));
    thread.unwrap();
    told_all(&world).await;
    assert_eq!(world.known().await, before);
    assert_eq!(world.model.generations().len(), calls + 1);
}

#[tokio::test]
async fn a_reading_that_is_paid_for_is_kept_though_a_preview_comes_meanwhile() {
    let world = reading_world(6, Duration::from_secs(2)).await;
    let goat = world
        .ask("I have a goat called Balthazar, see https://goats.example")
        .await
        .to;
    world.ask("it is windy here").await;
    world.ask("and cold").await;
    world.asked(4).await;
    world.channel.show_previews(goat).unwrap();
    told_all(&world).await;
    assert_eq!(world.known().await.facts, [], "it is still being read");
    assert_eq!(world.read(6).await.facts.len(), 1);
    let read = |prompt: &&String| prompt.contains(READING);
    let (facts, summary) = (1, 1);
    assert_eq!(world.prompts().iter().filter(read).count(), facts + summary);
}

/// Two messages, of which the second waits in the channel's lane behind the first; what is to be done while it waits.
async fn while_it_waits(
    world: &World,
    second: &str,
    act: impl FnOnce(Message),
) -> (Message, broadcast::Receiver<Closed>) {
    world.model.queue(Reply::text("The first.").after(THINKS));
    // Of one that is deleted the end may come before the first one's answer, so each is listened for on its own.
    let (mut firsts, closings) = (world.closings(), world.closings());
    let first = world.call("one moment");
    world.asked(1).await;
    let second = world.call(second);
    let house = world.companion().house();
    let waits = async {
        while house
            .store
            .unanswered_since(chrono::DateTime::UNIX_EPOCH)
            .await
            .unwrap()
            .len()
            < 2
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, waits).await.unwrap();
    act(second);
    assert_eq!(
        world.answer_to(&mut firsts, first).await.words(),
        "The first."
    );
    (second, closings)
}

#[tokio::test]
async fn what_is_edited_while_it_waits_is_asked_and_kept_as_it_says_now() {
    let world = World::new().await;
    let new = format!("{} my boat is called Nightingale", world.sim.bot_mention());
    let (waited, mut closings) = while_it_waits(&world, "my boat is called Marigold", |message| {
        world.ada.edit(&world.channel, message, &new).unwrap();
    })
    .await;
    world.answer_to(&mut closings, waited).await;
    assert!(
        world.last_prompt().contains("Nightingale"),
        "{}",
        world.last_prompt()
    );
    let all = world.prompts().concat() + &world.remembered().await.concat();
    assert!(!all.contains("Marigold"), "{all}");
    assert!(
        world
            .remembered()
            .await
            .contains(&"my boat is called Nightingale".to_owned())
    );
}

#[tokio::test]
async fn what_is_deleted_while_it_waits_is_not_asked_not_answered_not_kept_and_costs_nothing() {
    let world = World::new().await;
    let (waited, mut closings) = while_it_waits(&world, "my boat is called Marigold", |message| {
        world.ada.delete(&world.channel, message).unwrap();
    })
    .await;
    let spent = world.budget(&world.ada).await.replies;
    let closed = async {
        loop {
            let closed = closings.recv().await.unwrap();
            if closed.message.get() == waited.get() {
                return closed.answer;
            }
        }
    };
    assert_eq!(tokio::time::timeout(SOON, closed).await.unwrap(), []);
    assert_eq!(world.model.generations().len(), 1);
    assert_eq!(world.spoken_in(&world.channel).len(), 1);
    assert_eq!(world.remembered().await, ["one moment", "The first."]);
    let house = world.companion().house();
    let open = house
        .store
        .unanswered_since(chrono::DateTime::UNIX_EPOCH)
        .await;
    assert_eq!(open.unwrap(), [], "its claim is closed");
    assert_eq!(world.budget(&world.ada).await.replies.len(), spent.len());
    assert_eq!(house.ledger.verify().await.unwrap(), []);
}

#[tokio::test]
async fn what_is_edited_into_a_cry_for_help_while_it_waits_gets_the_card() {
    let world = World::new().await;
    let cry = format!("{} I want to kill myself", world.sim.bot_mention());
    let (waited, mut closings) = while_it_waits(&world, "never mind me", |message| {
        world.ada.edit(&world.channel, message, &cry).unwrap();
    })
    .await;
    let answer = world.answer_to(&mut closings, waited).await;
    assert!(answer.text().contains("988"), "{}", answer.text());
    assert_eq!(world.model.generations().len(), 1);
}

#[tokio::test]
async fn what_is_deleted_while_it_is_answered_is_answered_and_forgotten_with_its_answer() {
    let world = World::new().await;
    world
        .model
        .queue(Reply::text("Marigold, a fine name.").after(THINKS));
    let mut closings = world.closings();
    let message = world.call("my boat is called Marigold");
    world.asked(1).await;
    world.ada.delete(&world.channel, message).unwrap();
    let answer = world.answer_to(&mut closings, message).await;
    assert_eq!(
        answer.words(),
        "Marigold, a fine name.",
        "what was begun is finished"
    );
    assert_eq!(world.remembered().await, Vec::<String>::new());
    world.ask("what was it called?").await;
    assert!(
        !world.last_prompt().contains("Marigold"),
        "{}",
        world.last_prompt()
    );
}

#[tokio::test]
async fn what_is_edited_while_it_is_answered_is_kept_as_it_says_now() {
    let world = World::new().await;
    world.model.queue(Reply::text("A fine name.").after(THINKS));
    let mut closings = world.closings();
    let message = world.call("my boat is called Marigold");
    world.asked(1).await;
    let new = format!("{} my boat is called Nightingale", world.sim.bot_mention());
    world.ada.edit(&world.channel, message, &new).unwrap();
    world.answer_to(&mut closings, message).await;
    world
        .remembers("the new words", |texts| {
            texts == ["my boat is called Nightingale", "A fine name."]
        })
        .await;
}

#[tokio::test]
async fn what_waits_in_a_channel_that_is_deleted_is_not_asked_and_nothing_of_it_is_kept() {
    let world = World::new().await;
    world.model.queue(Reply::text("The first.").after(THINKS));
    let mut closings = world.closings();
    world.call("one moment");
    world.asked(1).await;
    let waits = world.call("my boat is called Marigold");
    let claimed = async {
        let store = &world.companion().house().store;
        while store
            .watermark(world.channel.id.get().into())
            .await
            .unwrap()
            != Some(waits.get().into())
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, claimed).await.unwrap();
    world.channel.delete();
    world.answer_to(&mut closings, waits).await;
    assert_eq!(world.model.generations().len(), 1);
    assert_eq!(world.remembered().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_a_webhook_edits_that_nobody_heard_becomes_no_memory() {
    let world = World::new().await;
    let text = |boat| format!("{} my boat is called {boat}", world.sim.bot_mention());
    let name = "Weather";
    let posted =
        crate::proxies::repost(&world, &world.channel, None, name, &text("Marigold")).await;
    let address = {
        let state = world.sim.hub().world();
        let stored = &state.channels[&world.channel.id].messages[&posted];
        let hook = stored.message.webhook_id.unwrap();
        let token = state.webhooks[&hook].token.clone().unwrap();
        let base = world.sim.base_url();
        format!("{base}/api/v10/webhooks/{hook}/{token}/messages/{posted}")
    };
    let edited = reqwest::Client::new()
        .patch(address)
        .json(&serde_json::json!({ "content": text("Petrel") }))
        .send()
        .await
        .unwrap();
    assert!(edited.status().is_success(), "{edited:?}");
    told_all(&world).await;
    world.ask("which boat is it?").await;
    let all = world.prompts().concat() + &world.remembered().await.concat();
    assert!(
        !all.contains("Marigold") && !all.contains("Petrel"),
        "{all}"
    );
}
