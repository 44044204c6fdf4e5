//! The connection to Discord: the token, the intents, and what the bot may do in each server.

use serenity::all::{ApplicationFlags, Http, Permissions};
use serenity::http::GuildPagination;

use super::report::Report;
use crate::bot::{BotError, Connection};
use crate::config::Discord;

/// What the bot needs in a server, and what it is for.
const NEEDED: [(Permissions, &str); 5] = [
    (
        Permissions::VIEW_CHANNEL,
        "View Channels: to see what is written",
    ),
    (Permissions::SEND_MESSAGES, "Send Messages: to answer"),
    (
        Permissions::SEND_MESSAGES_IN_THREADS,
        "Send Messages in Threads: to answer there",
    ),
    (
        Permissions::READ_MESSAGE_HISTORY,
        "Read Message History: to find what came while it was away",
    ),
    (
        Permissions::MANAGE_WEBHOOKS,
        "Manage Webhooks: to give personas their own name and face",
    ),
];

/// Servers that are looked at.
const SERVERS: u64 = 200;

/// Looks at all of it.
pub async fn look_at(report: &mut Report, discord: &Discord) {
    let token = match discord.token() {
        Ok(token) => token,
        Err(error) => return report.wrong(error),
    };
    let http = Connection::new(discord, &token).http;
    let me = match http.get_current_user().await {
        Ok(me) => me,
        Err(error) => return report.wrong(BotError::from(error)),
    };
    report.good(format!("Discord: logged in as {}", me.name));
    look_at_intents(report, discord, &http).await;
    look_at_servers(report, &http, &me.name).await;
}

async fn look_at_intents(report: &mut Report, discord: &Discord, http: &Http) {
    let flags = match http.get_current_application_info().await {
        Ok(info) => info.flags.unwrap_or(ApplicationFlags::empty()),
        Err(error) => return report.wrong(BotError::from(error)),
    };
    let content = ApplicationFlags::GATEWAY_MESSAGE_CONTENT
        | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
    match (discord.message_content, flags.intersects(content)) {
        (true, true) => report.good("Discord: the message-content intent is on"),
        (true, false) => report.wrong(BotError::Intents),
        (false, _) => report.note(
            "discord.message_content is false: personas read direct messages, mentions and replies to the bot's own account, but no wake names and no active channels",
        ),
    }
}

async fn look_at_servers(report: &mut Report, http: &Http, name: &str) {
    let first = GuildPagination::After(serenity::all::GuildId::new(1));
    let servers = match http.get_guilds(Some(first), Some(SERVERS)).await {
        Ok(servers) => servers,
        Err(error) => return report.wrong(BotError::from(error)),
    };
    if servers.is_empty() {
        report.note(format!("{name} is in no server yet: invite it from the Developer Portal (OAuth2, URL Generator: bot and applications.commands)"));
    }
    for server in servers {
        let lacks: Vec<&str> = NEEDED
            .iter()
            .filter(|(permission, _)| {
                !server.permissions.contains(*permission) && !server.permissions.administrator()
            })
            .map(|(_, what)| *what)
            .collect();
        match lacks.is_empty() {
            true => report.good(format!("server {}: all permissions", server.name)),
            false => report.wrong(format!(
                "server {}: these permissions are missing; give them to the role of {name} in the server's settings: {}",
                server.name,
                lacks.join("; ")
            )),
        }
    }
}
