//! How far a memory reaches: a thread reads the channel above where the server says so, a persona knows a person in all of
//! a server where that person says so, and nothing else crosses.

use discord_sim::actor::{Channel, ChannelSpec, Person};
use memory::ScopeId;
use store::id::PersonaId;
use twilight_model::channel::ChannelType;
use twilight_model::channel::thread::AutoArchiveDuration;
use twilight_model::guild::Permissions;

use discord_sim::state::thread::ThreadPlan;

use crate::learned::Learned;
use crate::world::World;

async fn world() -> World {
    let world = World::with(|config| config.memory.consolidate_every = 0).await;
    world.model.say("Aye.");
    world
}

async fn orla(world: &World) -> PersonaId {
    let said = world.ask("good evening").await.first().message.id;
    let store = &world.companion().house().store;
    let persona = store.persona_of_message(said.get().into()).await.unwrap();
    persona.unwrap()
}

fn scope(world: &World, channel: &Channel, persona: PersonaId) -> ScopeId {
    ScopeId {
        guild: Some(world.guild.id.get().into()),
        channel: channel.id.get().into(),
        persona,
    }
}

async fn know(world: &World, scope: ScopeId, who: &Person, fact: &str, summary: &str) {
    let learned = Learned {
        about: who,
        name: "somebody",
        text: fact,
        source: None,
        summary: Some(summary),
    };
    learned.keep(world, &scope).await;
}

/// Asks the same in a place, and says which of these stand in the prompt.
async fn found<'a>(world: &World, who: &Person, place: &Channel, of: &[&'a str]) -> Vec<&'a str> {
    world
        .ask_in(who, place, "what do you know of the code word and of me?")
        .await;
    let prompt = world.last_prompt();
    let stands = |canary: &&str| prompt.contains(*canary);
    of.iter().copied().filter(stands).collect()
}

const ABOVE: [&str; 3] = [
    "in the channel above: “the code word is heliotrope”",
    "- Ada has a goat called Balthazar.",
    "In the channel above this thread: Ada told of the harbour.",
];

/// Ada has told a secret in the usual channel, and in another one.
async fn told(world: &World) -> PersonaId {
    let orla = orla(world).await;
    let usual = scope(world, &world.channel, orla);
    world.ask("the code word is heliotrope").await;
    let (fact, summary) = (
        "Ada has a goat called Balthazar.",
        "Ada told of the harbour.",
    );
    know(world, usual, &world.ada, fact, summary).await;
    let second = world.guild.add_channel("second");
    let elsewhere = "the code word is quicksilver";
    world.ask_in(&world.ada, &second, elsewhere).await;
    orla
}

#[tokio::test]
async fn a_thread_reads_the_channel_above_only_while_the_server_says_so() {
    let world = world().await;
    let orla = told(&world).await;
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", None)
        .unwrap();
    let all = [&ABOVE[..], &["heliotrope", "Balthazar", "quicksilver"]].concat();
    assert!(found(&world, &world.ada, &thread, &all).await.is_empty());

    let on = [("state", "on")];
    let refused = world
        .command(&world.ada, &world.channel, "memory threads", &on)
        .await;
    assert!(
        refused.text().contains("Manage Server"),
        "{}",
        refused.text()
    );
    assert!(found(&world, &world.ada, &thread, &all).await.is_empty());
    let answer = world.owner("memory threads", &on).await;
    assert!(answer.contains("also read what the channel"), "{answer}");
    let store = &world.companion().house().store;
    let usual = scope(&world, &world.channel, orla);
    let before = store.newest_number(&usual).await.unwrap();
    assert_eq!(found(&world, &world.ada, &thread, &ABOVE).await, ABOVE);
    assert!(!world.last_prompt().contains("quicksilver"));
    let shown = world.command(&world.ada, &thread, "memory show", &[]).await;
    let says = format!("also reads what <#{}> remembers", world.channel.id);
    assert!(shown.text().contains(&says), "{}", shown.text());

    // Nothing is written there, and the channel does not read its thread.
    world
        .ask_in(&world.ada, &thread, "the second code word is marzipan")
        .await;
    assert_eq!(store.newest_number(&usual).await.unwrap(), before);
    let below = ["marzipan"];
    let heard = found(&world, &world.ada, &world.channel, &below).await;
    assert!(heard.is_empty(), "{}", world.last_prompt());

    world.owner("memory threads", &[("state", "off")]).await;
    assert!(found(&world, &world.ada, &thread, &ABOVE).await.is_empty());
    let shown = world.command(&world.ada, &thread, "memory show", &[]).await;
    assert!(!shown.text().contains("also reads"), "{}", shown.text());
}

#[tokio::test]
async fn a_private_thread_reads_the_channel_above_as_well() {
    let world = world().await;
    told(&world).await;
    world.guild.set_bot_permissions(Permissions::all());
    world.owner("memory threads", &[("state", "on")]).await;
    let plan = ThreadPlan {
        name: "between us".into(),
        kind: ChannelType::PrivateThread,
        message: None,
        auto_archive: AutoArchiveDuration::Day,
        owner: world.ada.id,
    };
    let made = {
        let mut inside = world.sim.hub().world();
        inside.add_thread(world.channel.id, plan).unwrap()
    };
    let thread = world.sim.channel(made.id);
    assert_eq!(found(&world, &world.ada, &thread, &ABOVE).await, ABOVE);
}

/// Facts of Ada that never may leave the place where they were told, and one of Bo's.
const NEVER: [&str; 6] = [
    "Ada fears heights.",
    "Ada sails the Petrel.",
    "Ada plans a feast.",
    "Ada likes marzipan.",
    "Bo plays the bassoon.",
    "Ada is in therapy for depression.",
];

#[tokio::test]
async fn a_profile_brings_facts_of_whoever_speaks_from_open_channels_of_the_server_and_nothing_else()
 {
    let world = world().await;
    let orla = told(&world).await;
    let here = world.guild.add_channel("here");
    // The bot sees closed channels as well: what it sees is not what everybody sees.
    world.guild.set_bot_permissions(Permissions::all());
    let everybody = world.guild.id.cast();
    let view = Permissions::VIEW_CHANNEL;
    let closed = world.guild.add_channel("closed");
    closed.overwrite_role(everybody, Permissions::empty(), view);
    let adult = world.guild.add_channel(ChannelSpec {
        nsfw: true,
        ..ChannelSpec::from("adult")
    });
    let away = world.sim.add_guild("away");
    let usual = scope(&world, &world.channel, orla);
    let places = [
        ScopeId {
            guild: None,
            ..usual
        },
        ScopeId {
            guild: Some(away.id.get().into()),
            ..usual
        },
        scope(&world, &closed, orla),
        scope(&world, &adult, orla),
    ];
    for (place, fact) in places.into_iter().zip(NEVER) {
        know(&world, place, &world.ada, fact, "").await;
    }
    know(&world, usual, &world.bo, NEVER[4], "The harbour again.").await;
    know(&world, usual, &world.ada, NEVER[5], "The harbour again.").await;

    let goat = "- Ada has a goat called Balthazar.";
    let all = [&NEVER[..], &[goat, "heliotrope", "The harbour"]].concat();
    let hears = async || found(&world, &world.ada, &here, &all).await;
    assert!(hears().await.is_empty(), "{}", world.last_prompt());
    let profile = async |state| {
        let options = [("state", state)];
        let said = world.command(&world.ada, &here, "memory profile", &options);
        said.await
    };
    let answer = profile("on").await;
    assert!(answer.is_ephemeral());
    assert!(
        answer.text().contains("never from direct messages"),
        "{}",
        answer.text()
    );
    assert_eq!(hears().await, [goat], "{}", world.last_prompt());
    let others = found(&world, &world.bo, &here, &all).await;
    assert!(others.is_empty(), "{}", world.last_prompt());
    let shown = world.command(&world.ada, &here, "memory show", &[]).await;
    let from = format!(" from <#{}>", world.channel.id);
    assert!(
        shown.text().contains("Balthazar") && shown.text().contains(&from),
        "{}",
        shown.text()
    );
    assert!(!shown.text().contains("marzipan"), "{}", shown.text());

    // A channel that is closed later takes its facts along; whether it is open is asked at each reply.
    let none = Permissions::empty();
    world.channel.overwrite_role(everybody, none, view);
    assert!(hears().await.is_empty(), "{}", world.last_prompt());
    world.channel.overwrite_role(everybody, view, none);
    assert_eq!(hears().await, [goat]);

    let answer = profile("off").await;
    assert!(answer.text().contains("only what it learned there"));
    assert!(hears().await.is_empty(), "{}", world.last_prompt());
}

#[tokio::test]
async fn who_opts_in_without_allowing_facts_is_told_what_is_missing() {
    let world = world().await;
    let on = [("state", "on")];
    let answer = world
        .command(&world.ada, &world.channel, "memory profile", &on)
        .await;
    assert!(
        answer.text().contains("/memory consent facts:True"),
        "{}",
        answer.text()
    );
    let dm = world.ada.dm_channel().unwrap();
    let refused = world.command(&world.ada, &dm, "memory profile", &on).await;
    assert!(
        refused.text().contains("only in a server"),
        "{}",
        refused.text()
    );
}
