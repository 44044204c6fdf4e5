//! The gateway as a client meets it.

use discord_sim::actor::MessageDraft;
use discord_sim::config::Privileged;
use discord_sim::{Sim, SimConfig};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::raw_bot::{INTENTS, RawBot, SOON};

async fn start() -> Sim {
    Sim::start(SimConfig::default()).await.unwrap()
}

#[tokio::test]
async fn a_bot_that_identifies_gets_ready_and_its_servers() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    home.add_member("ada");
    let mut bot = RawBot::connect(&sim).await;
    bot.identify(INTENTS).await;
    let ready = bot.event("READY").await;
    assert_eq!(ready["v"], 10);
    assert_eq!(ready["user"]["id"], sim.bot_id().to_string());
    assert_eq!(ready["guilds"][0]["unavailable"], true);
    let guild = bot.event("GUILD_CREATE").await;
    assert_eq!(guild["name"], "home");
    assert_eq!(guild["channels"][0]["id"], general.id.to_string());
    // Without the presences intent nobody but the bot, although all are counted.
    let members = guild["members"].as_array().unwrap();
    assert_eq!(members.len(), 1);
    assert_eq!(members[0]["user"]["id"], sim.bot_id().to_string());
    assert_eq!(guild["member_count"], 3);
}

#[tokio::test]
async fn a_heartbeat_is_acknowledged() {
    let sim = start().await;
    let mut bot = RawBot::connect(&sim).await;
    bot.send(json!({"op": 1, "d": null})).await;
    assert_eq!(bot.next().await.unwrap()["op"], 11);
}

#[tokio::test]
async fn a_bot_that_stops_its_heartbeat_is_timed_out() {
    let config = SimConfig {
        heartbeat_interval_ms: 50,
        ..SimConfig::default()
    };
    let sim = Sim::start(config).await.unwrap();
    let mut bot = RawBot::connect(&sim).await;
    assert_eq!(bot.next().await, Err(4009));
}

#[tokio::test]
async fn a_wrong_token_closes_with_4004() {
    let sim = start().await;
    let mut bot = RawBot::connect(&sim).await;
    bot.send(json!({"op": 2, "d": {"token": "no", "intents": 1, "properties": {}}}))
        .await;
    assert_eq!(bot.next().await, Err(4004));
}

#[tokio::test]
async fn a_privileged_intent_that_is_switched_off_closes_with_4014() {
    let sim = Sim::start(SimConfig {
        privileged: Privileged::NONE,
        ..SimConfig::default()
    })
    .await
    .unwrap();
    let mut bot = RawBot::connect(&sim).await;
    bot.identify(INTENTS).await;
    assert_eq!(bot.next().await, Err(4014));
}

#[tokio::test]
async fn nonsense_closes_with_the_code_for_it() {
    let sim = start().await;
    let cases = [
        (
            json!({"op": 2, "d": {"token": sim.token(), "intents": 1_u64 << 40, "properties": {}}}),
            4013,
        ),
        (
            json!({"op": 2, "d": {"token": sim.token(), "intents": 1, "shard": [2, 2], "properties": {}}}),
            4010,
        ),
        (json!({"op": 3, "d": {}}), 4003),
        (json!({"op": 99, "d": {}}), 4001),
        (json!({"no": "op"}), 4002),
        (json!({"op": 1, "d": "x".repeat(5_000)}), 4002),
    ];
    for (payload, code) in cases {
        let mut bot = RawBot::connect(&sim).await;
        bot.send(payload.clone()).await;
        assert_eq!(bot.next().await, Err(code), "{payload}");
    }
    let mut bot = RawBot::login(&sim).await;
    bot.identify(INTENTS).await;
    assert_eq!(bot.next().await, Err(4005));
    let url = format!("{}/?v=6&encoding=json", sim.gateway_url());
    let (mut socket, _) = connect_async(url).await.unwrap();
    let frame = socket.next().await.unwrap().unwrap();
    let Message::Close(Some(frame)) = frame else {
        panic!("{frame:?}")
    };
    assert_eq!(u16::from(frame.code), 4012);
}

#[tokio::test]
async fn what_was_missed_is_replayed_in_order_after_a_resume() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let mut bot = RawBot::login(&sim).await;
    bot.event("GUILD_CREATE").await;
    sim.drop_connections(None);
    assert_eq!(bot.next().await, Err(0));
    for text in ["one", "two"] {
        ada.say(&general, text).unwrap();
    }
    let (session, sequence) = (bot.session.clone(), bot.sequence);
    let mut bot = RawBot::connect(&sim).await;
    bot.send(json!({"op": 6, "d": {"token": sim.token(), "session_id": session, "seq": sequence}}))
        .await;
    let first = bot.next().await.unwrap();
    assert_eq!(first["d"]["content"], "one");
    assert_eq!(first["s"], sequence + 1);
    assert_eq!(bot.next().await.unwrap()["d"]["content"], "two");
    assert_eq!(bot.next().await.unwrap()["t"], "RESUMED");
    ada.say(&general, "three").unwrap();
    assert_eq!(bot.event("MESSAGE_CREATE").await["content"], "three");
}

#[tokio::test]
async fn an_unknown_session_and_a_session_that_was_ended_cannot_be_resumed() {
    let sim = start().await;
    let mut bot = RawBot::login(&sim).await;
    let session = bot.session.clone();
    let mut news = sim.observe();
    bot.socket.close(None).await.unwrap();
    // A close without a code leaves the session; one with 1000 ends it.
    while !matches!(
        news.recv().await.unwrap(),
        discord_sim::state::Observed::SessionLost
    ) {}
    let mut again = RawBot::connect(&sim).await;
    again
        .send(json!({"op": 6, "d": {"token": sim.token(), "session_id": session, "seq": 1}}))
        .await;
    assert_eq!(again.next().await.unwrap()["t"], "RESUMED");
    sim.invalidate_sessions(false);
    let told = again.next().await.unwrap();
    assert_eq!((&told["op"], &told["d"]), (&json!(9), &json!(false)));
    let mut third = RawBot::connect(&sim).await;
    third
        .send(json!({"op": 6, "d": {"token": sim.token(), "session_id": session, "seq": 1}}))
        .await;
    let told = third.next().await.unwrap();
    assert_eq!((&told["op"], &told["d"]), (&json!(9), &json!(false)));
}

#[tokio::test]
async fn a_sequence_from_the_future_closes_with_4007() {
    let sim = start().await;
    let mut bot = RawBot::login(&sim).await;
    sim.drop_connections(Some(4000));
    assert_eq!(bot.next().await, Err(4000));
    let session = bot.session.clone();
    let mut bot = RawBot::connect(&sim).await;
    bot.send(json!({"op": 6, "d": {"token": sim.token(), "session_id": session, "seq": 99}}))
        .await;
    assert_eq!(bot.next().await, Err(4007));
}

#[tokio::test]
async fn reconnect_is_asked_for_with_op_7() {
    let sim = start().await;
    let mut bot = RawBot::login(&sim).await;
    sim.send_reconnect();
    assert_eq!(bot.next().await.unwrap()["op"], 7);
}

#[tokio::test]
async fn without_the_content_intent_only_what_concerns_the_bot_is_readable() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let mut bot = RawBot::login_with(&sim, INTENTS & !(1 << 15)).await;
    bot.event("GUILD_CREATE").await;
    let mention = format!("{} hi", sim.bot_mention());
    let (status, own) = bot
        .call(
            "POST",
            &format!("/channels/{}/messages", general.id),
            json!({"content": "mine"}),
        )
        .await;
    assert_eq!(status, 200);
    let mine = own["id"].as_str().unwrap().parse().unwrap();
    ada.say(&general, "secret").unwrap();
    ada.say(&general, &mention).unwrap();
    ada.dm("between us").unwrap();
    let reply = |silent_reply| MessageDraft {
        text: "a reply".to_owned(),
        reply_to: Some(mine),
        silent_reply,
        ..MessageDraft::default()
    };
    ada.say_with(&general, reply(true)).unwrap();
    ada.say_with(&general, reply(false)).unwrap();
    for expected in ["mine", "", &mention, "between us", "", "a reply"] {
        let message = bot.event("MESSAGE_CREATE").await;
        assert_eq!(message["content"], expected);
    }
}

#[tokio::test]
async fn events_without_their_intent_and_from_hidden_channels_stay_away() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let hidden = home.add_channel("hidden");
    hidden.deny_bot(twilight_model::guild::Permissions::VIEW_CHANNEL);
    let ada = home.add_member("ada");
    let mut bot = RawBot::login_with(&sim, 1 | 1 << 9).await;
    bot.event("GUILD_CREATE").await;
    ada.type_in(&general).unwrap();
    ada.say(&hidden, "unseen").unwrap();
    ada.dm("no intent for this").unwrap();
    ada.say(&general, "seen").unwrap();
    let next = bot.next().await.unwrap();
    assert_eq!(next["t"], "MESSAGE_CREATE");
    assert_eq!(
        next["d"]["id"],
        sim.messages(&general)[0].message.id.to_string()
    );
}

#[tokio::test]
async fn a_shard_hears_only_of_its_servers_and_the_first_of_direct_messages() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let shard = (home.id.get() >> 22) % 2;
    let ada = home.add_member("ada");
    let general = home.add_channel("general");
    let mut bot = RawBot::connect(&sim).await;
    bot.send(json!({"op": 2, "d": {
        "token": sim.token(), "intents": INTENTS, "shard": [1 - shard, 2], "properties": {},
    }}))
    .await;
    let ready = bot.event("READY").await;
    assert_eq!(ready["guilds"], json!([]));
    ada.say(&general, "not for this shard").unwrap();
    ada.dm("for the first").unwrap();
    if shard == 1 {
        assert_eq!(
            bot.event("MESSAGE_CREATE").await["content"],
            "for the first"
        );
    } else {
        sim.send_reconnect();
        assert_eq!(bot.next().await.unwrap()["op"], 7);
    }
}

#[tokio::test]
async fn a_duplicated_event_comes_twice_with_two_numbers() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let mut bot = RawBot::login(&sim).await;
    bot.event("GUILD_CREATE").await;
    sim.duplicate_next_event();
    let id = ada.say(&general, "twice").unwrap();
    let (first, second) = (bot.next().await.unwrap(), bot.next().await.unwrap());
    assert_eq!(first["d"], second["d"]);
    assert_ne!(first["s"], second["s"]);
    sim.replay(&general, id).unwrap();
    assert_eq!(bot.next().await.unwrap()["d"], first["d"]);
}

#[tokio::test]
async fn members_are_listed_on_request() {
    let sim = start().await;
    let home = sim.add_guild("home");
    home.add_member("ada");
    let mut bot = RawBot::login(&sim).await;
    bot.send(json!({"op": 8, "d": {"guild_id": home.id, "query": "a", "limit": 0, "nonce": "n"}}))
        .await;
    let chunk = bot.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(chunk["members"][0]["user"]["username"], "ada");
    assert_eq!(chunk["nonce"], "n");
}

#[tokio::test]
async fn zlib_stream_is_honoured() {
    let sim = start().await;
    let url = format!(
        "{}/?v=10&encoding=json&compress=zlib-stream",
        sim.gateway_url()
    );
    let (mut socket, _) = connect_async(url).await.unwrap();
    let frame = tokio::time::timeout(SOON, socket.next()).await.unwrap();
    let Message::Binary(packed) = frame.unwrap().unwrap() else {
        panic!("not packed")
    };
    let mut unpacked = Vec::with_capacity(1_000);
    flate2::Decompress::new(true)
        .decompress_vec(&packed, &mut unpacked, flate2::FlushDecompress::Sync)
        .unwrap();
    let hello: Value = serde_json::from_slice(&unpacked).unwrap();
    assert_eq!(hello["op"], 10);
}

#[tokio::test]
async fn what_happens_while_muted_comes_with_the_resume() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let mut bot = RawBot::login(&sim).await;
    bot.event("GUILD_CREATE").await;
    sim.mute_gateway(true);
    ada.say(&general, "lost").unwrap();
    sim.mute_gateway(false);
    sim.send_reconnect();
    assert_eq!(bot.next().await.unwrap()["op"], 7);
    let (session, sequence) = (bot.session.clone(), bot.sequence);
    let mut bot = RawBot::connect(&sim).await;
    bot.send(json!({"op": 6, "d": {"token": sim.token(), "session_id": session, "seq": sequence}}))
        .await;
    assert_eq!(bot.event("MESSAGE_CREATE").await["content"], "lost");
}
