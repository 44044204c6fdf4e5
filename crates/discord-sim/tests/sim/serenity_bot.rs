//! A bot on serenity, the library that Familiar stands on: it logs in, hears, replies, edits, registers and answers a
//! command, and resumes.

use std::sync::Arc;

use discord_sim::{Sim, SimConfig};
use serenity::all::{
    ChannelId, Client, Command, Context, CreateCommand, CreateInteractionResponse,
    CreateInteractionResponseMessage, EditMessage, EventHandler, GatewayIntents, HttpBuilder,
    Interaction, Message, Ready, ResumedEvent,
};
use serenity::async_trait;
use tokio::sync::Notify;

use crate::raw_bot::SOON;

struct Handler {
    resumed: Arc<Notify>,
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, ctx: Context, _: Ready) {
        let command = CreateCommand::new("ping").description("Answers");
        Command::set_global_commands(&ctx.http, vec![command])
            .await
            .unwrap();
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        self.resumed.notify_one();
    }

    async fn message(&self, ctx: Context, message: Message) {
        if message.author.bot {
            return;
        }
        ChannelId::broadcast_typing(message.channel_id, &ctx.http)
            .await
            .unwrap();
        let text = format!("you said {}", message.content);
        let mut reply = message.reply(&ctx.http, text).await.unwrap();
        let edit = EditMessage::new().content(format!("{}!", reply.content));
        reply.edit(&ctx.http, edit).await.unwrap();
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        if let Interaction::Command(command) = interaction {
            let message = CreateInteractionResponseMessage::new()
                .content("pong")
                .ephemeral(true);
            let response = CreateInteractionResponse::Message(message);
            command.create_response(&ctx.http, response).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_serenity_bot_lives_here() {
    // Plain serenity cannot read the newer kind of avatar decoration.
    let config = SimConfig {
        decorations: false,
        ..SimConfig::default()
    };
    let sim = Sim::start(config).await.unwrap();
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let http = HttpBuilder::new(sim.token())
        .proxy(sim.base_url())
        .ratelimiter_disabled(true)
        .build();
    let intents = GatewayIntents::non_privileged() | GatewayIntents::MESSAGE_CONTENT;
    let resumed = Arc::new(Notify::new());
    let handler = Handler {
        resumed: resumed.clone(),
    };
    let mut client = serenity::client::ClientBuilder::new_with_http(http, intents)
        .event_handler(handler)
        .await
        .unwrap();
    let running = tokio::spawn(async move { Client::start(&mut client).await });

    sim.wait_for_commands(SOON).await.unwrap();
    let said = ada.say(&general, "hello").unwrap();
    let reply = sim
        .wait_for_message(&general, |m| m.text() == "you said hello!", SOON)
        .await
        .unwrap();
    assert_eq!(reply.revisions.len(), 2);
    let reference = reply.message.reference.unwrap();
    assert_eq!(reference.message_id, Some(said));
    assert_eq!(general.bot_typed(), 1);

    let answer = ada.bare_command(&general, "ping").unwrap();
    let answer = answer.response().await.unwrap();
    assert!(answer.is_ephemeral());

    sim.mute_gateway(true);
    ada.say(&general, "missed").unwrap();
    sim.mute_gateway(false);
    sim.send_reconnect();
    tokio::time::timeout(SOON * 2, resumed.notified())
        .await
        .expect("the bot resumes");
    sim.wait_for_message(&general, |m| m.text() == "you said missed!", SOON)
        .await
        .unwrap();
    running.abort();
}
