//! The same REST as serenity's client speaks it.

use serenity::all::{
    ButtonStyle, ChannelId, CreateActionRow, CreateAllowedMentions, CreateAttachment, CreateButton,
    CreateMessage, CreateThread, CreateWebhook, EditMessage, EditWebhookMessage, ExecuteWebhook,
    GetMessages, GuildId, Http, HttpBuilder, MessageFlags, Nonce, ReactionType, UserId,
};

use crate::caller::Home;

fn http(home: &Home) -> Http {
    HttpBuilder::new(home.sim.token())
        .proxy(home.sim.base_url())
        .ratelimiter_disabled(true)
        .application_id(home.sim.bot_id().get().into())
        .build()
}

#[tokio::test]
async fn serenity_writes_reads_edits_and_reacts() {
    let home = Home::new().await;
    let http = http(&home);
    let channel = ChannelId::new(home.general.id.get());
    let button = CreateButton::new("again")
        .label("Again")
        .style(ButtonStyle::Primary);
    let create = CreateMessage::new()
        .content("hello")
        .nonce(Nonce::String("n".to_owned()))
        .enforce_nonce(true)
        .flags(MessageFlags::SUPPRESS_EMBEDS)
        .allowed_mentions(CreateAllowedMentions::new().replied_user(false))
        .components(vec![CreateActionRow::Buttons(vec![button])])
        .add_file(CreateAttachment::bytes("hi", "hi.txt"));
    let mut sent = channel.send_message(&http, create).await.unwrap();
    assert_eq!(sent.attachments[0].filename, "hi.txt");
    assert_eq!(sent.flags, Some(MessageFlags::SUPPRESS_EMBEDS));
    assert_eq!(sent.components.len(), 1);
    let reply = sent.reply(&http, "a reply").await.unwrap();
    assert_eq!(reply.referenced_message.unwrap().id, sent.id);
    sent.edit(&http, EditMessage::new().content("changed"))
        .await
        .unwrap();
    sent.react(&http, ReactionType::Unicode("👍".to_owned()))
        .await
        .unwrap();
    let history = channel
        .messages(&http, GetMessages::new().limit(10))
        .await
        .unwrap();
    assert_eq!(history[1].content, "changed");
    assert_eq!(history[1].reactions[0].count, 1);
    sent.delete(&http).await.unwrap();
    channel.broadcast_typing(&http).await.unwrap();
    let gone = channel.message(&http, sent.id).await.unwrap_err();
    let serenity::Error::Http(gone) = gone else {
        panic!("{gone}")
    };
    let serenity::http::HttpError::UnsuccessfulRequest(gone) = gone else {
        panic!("{gone}")
    };
    assert_eq!(gone.error.code, 10008);
}

#[tokio::test]
async fn serenity_speaks_through_a_webhook() {
    let home = Home::new().await;
    let http = http(&home);
    let channel = ChannelId::new(home.general.id.get());
    let webhook = channel
        .create_webhook(&http, CreateWebhook::new("Persona"))
        .await
        .unwrap();
    assert_eq!(channel.webhooks(&http).await.unwrap()[0].id, webhook.id);
    let execute = ExecuteWebhook::new()
        .content("hello")
        .username("Vesper")
        .avatar_url("https://example.com/face.png");
    let message = webhook
        .execute(&http, true, execute)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(message.author.name, "Vesper");
    assert_eq!(message.webhook_id, Some(webhook.id));
    let edit = EditWebhookMessage::new().content("hello there");
    let message = webhook.edit_message(&http, message.id, edit).await.unwrap();
    assert_eq!(message.content, "hello there");
    webhook
        .delete_message(&http, None, message.id)
        .await
        .unwrap();
    let thread = channel
        .create_thread(
            &http,
            CreateThread::new("talk").kind(serenity::all::ChannelType::PublicThread),
        )
        .await
        .unwrap();
    let execute = ExecuteWebhook::new().content("inside").in_thread(thread.id);
    let inside = webhook
        .execute(&http, true, execute)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(inside.channel_id, thread.id);
    webhook.delete(&http).await.unwrap();
}

#[tokio::test]
async fn serenity_knows_itself_its_emojis_and_its_servers() {
    let home = Home::new().await;
    // Plain serenity cannot read the newer kind of avatar decoration.
    home.ada.take_off();
    home.guild.owner.take_off();
    let http = http(&home);
    let application = http.get_current_application_info().await.unwrap();
    assert_eq!(application.id.get(), home.sim.bot_id().get());
    assert_eq!(http.get_current_user().await.unwrap().name, "Familiar");
    let image = "data:image/png;base64,iVBORw0KGgo=".to_owned();
    let emoji = http
        .create_application_emoji(&serde_json::json!({"name": "vesper", "image": image}))
        .await
        .unwrap();
    assert_eq!(http.get_application_emojis().await.unwrap()[0].id, emoji.id);
    http.delete_application_emoji(emoji.id).await.unwrap();
    let guild = GuildId::new(home.guild.id.get());
    assert_eq!(guild.to_partial_guild(&http).await.unwrap().name, "home");
    assert_eq!(guild.channels(&http).await.unwrap().len(), 1);
    let ada = guild
        .member(&http, UserId::new(home.ada.id.get()))
        .await
        .unwrap();
    assert_eq!(ada.user.name, "ada");
    let direct = ada.user.create_dm_channel(&http).await.unwrap();
    direct.say(&http, "between us").await.unwrap();
    assert_eq!(http.get_bot_gateway().await.unwrap().shards, 1);
}
