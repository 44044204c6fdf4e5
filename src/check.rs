//! `familiar check`: tries everything out that a run needs, and says of each thing that is wrong how to mend it.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use companion::House;
use companion::house::Model;
use ledger::ModelTerms;
use provider::Found;
use serenity::all::{ApplicationFlags, Http, Permissions};
use serenity::http::GuildPagination;

use crate::bot::{BotError, Connection};
use crate::config::{Config, Discord, Embeddings};
use crate::models::{Pin, folder, looks_whole};
use crate::prices::{day, stated_by};
use crate::{meaning, setup, upkeep};

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

/// How long published prices may take.
const PRICES: Duration = Duration::from_secs(5);

/// Servers that are looked at.
const SERVERS: u64 = 200;

/// What was found, line by line.
#[derive(Default)]
struct Report {
    wrong: usize,
}

impl Report {
    fn good(&self, what: impl std::fmt::Display) {
        println!("ok     {what}");
    }

    fn note(&self, what: impl std::fmt::Display) {
        println!("note   {what}");
    }

    fn wrong(&mut self, what: impl std::fmt::Display) {
        self.wrong += 1;
        println!("WRONG  {what}");
    }
}

/// Looks at everything, and succeeds only if nothing is wrong.
pub async fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let config = match Config::load(path) {
        Ok(config) => config,
        Err(error) => {
            report.wrong(error);
            return Ok(ExitCode::FAILURE);
        }
    };
    report.good(format!("configuration: {}", path.display()));
    match setup::open_house_beside(&config).await {
        Ok(house) => {
            look_at_house(&mut report, &config, &house).await;
            house.ledger.close().await;
            house.store.close().await?;
        }
        Err(error) => report.wrong(error),
    }
    look_at_discord(&mut report, &config.discord).await;
    match report.wrong {
        0 => {
            println!("\nEverything is in order: `familiar run`.");
            Ok(ExitCode::SUCCESS)
        }
        1 => {
            println!("\nOne thing is wrong.");
            Ok(ExitCode::FAILURE)
        }
        wrong => {
            println!("\n{wrong} things are wrong.");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn look_at_house(report: &mut Report, config: &Config, house: &House) {
    report.good(format!("database: {}", setup::database(config).display()));
    upkeep::refresh(&house.ledger, &upkeep::models(house), PRICES).await;
    look_at_model(report, config, house, "model", &house.model).await;
    if let Some(cheaper) = &house.cheaper {
        look_at_model(report, config, house, "cheaper_model", cheaper).await;
    }
    look_at_meaning(report, config, house);
    if house.manner.operator.is_empty() {
        report.note("instance.operator is empty: /about cannot say who runs this bot");
    }
}

/// The list of models is a hint: what is asked of the model itself decides.
fn look_at_list(report: &mut Report, section: &str, terms: &ModelTerms, found: Found) {
    let (key, name) = (&terms.key, &terms.key.model);
    match found {
        Found::Listed { .. } => report.good(format!("[{section}]: {key} answers")),
        Found::AnyName { name, .. } => report.good(format!(
            "[{section}]: {key} answers; its server has one model, under any name: {name}"
        )),
        Found::NoList => report.note(format!(
            "[{section}]: the endpoint answers and lists no models, so that only a reply shows whether it has `{name}`"
        )),
        Found::Nothing { mend } => report.wrong(format!("[{section}]: {mend}")),
        Found::NotListed { instead } => report.wrong(format!(
            "[{section}]: the endpoint does not list `{name}` ({}). Correct the model's name in the configuration.",
            instead.as_str()
        )),
    }
}

async fn look_at_model(
    report: &mut Report,
    config: &Config,
    house: &House,
    section: &str,
    model: &Model,
) {
    let terms = model.provider.terms();
    match model.provider.probe().await {
        Ok(probe) => look_at_list(report, section, terms, probe.found),
        Err(error) => report.wrong(format!("[{section}]: {error}")),
    }
    if terms.local {
        return;
    }
    let book = house.ledger.prices();
    match book.price(terms) {
        Some(price) if Some(&price) == terms.price.as_ref() => {
            let stated = stated_by(config, section, terms);
            report.good(format!("[{section}]: price per million tokens: {stated}"));
        }
        Some(price) => report.good(format!(
            "[{section}]: price per million tokens: {price} (see `familiar prices show`)"
        )),
        None => report.wrong(format!(
            "[{section}]: the price of {} is not known, so it may not speak. Set [{section}.price] (US dollars per million tokens), or local = true if it is free.",
            terms.key
        )),
    }
    match book.certified(&terms.key) {
        Some(at) => report.good(format!(
            "[{section}]: caps are certified by probes of {}",
            day(at)
        )),
        None if terms.caps_certified => report.good(format!(
            "[{section}]: caps are certified by the configuration (caps_certified = true), not by a probe"
        )),
        None => report.note(format!(
            "[{section}]: caps are not certified, so each reply sets {} output tokens aside until it is settled. `familiar check --certify {}` probes it by a few small calls",
            terms.max_output, terms.key.model
        )),
    }
}

/// What memory is searched by.
fn look_at_meaning(report: &mut Report, config: &Config, house: &House) {
    let pin = Pin::mini_lm();
    match config.memory.embeddings {
        Embeddings::None => {
            report.good("memory: searched by words (memory.embeddings is \"none\")")
        }
        Embeddings::Local if looks_whole(&folder(&config.instance.data, &pin), &pin) => report
            .good(format!(
                "memory: searched by words and by meaning, with {} on this machine",
                pin.model
            )),
        Embeddings::Local => report.wrong(format!("memory: {}", meaning::not_there(config))),
        Embeddings::Endpoint => match meaning::endpoint(config) {
            Ok(embeddings) => {
                let terms = embeddings.terms();
                match house.ledger.prices().price(terms) {
                    _ if terms.local => report.good(format!(
                        "memory: searched by words and by meaning, with {} (free, counted in tokens)",
                        terms.key
                    )),
                    Some(price) => report.good(format!(
                        "memory: searched by words and by meaning, with {} (price per million tokens: {price})",
                        terms.key
                    )),
                    None => report.wrong(format!(
                        "memory: the price of {} is not known, so it is not asked and memory is searched by words alone. Set embedding_model.price (US dollars per million tokens), or local = true if it is free.",
                        terms.key
                    )),
                }
            }
            Err(error) => report.wrong(format!("memory: {error}")),
        },
    }
}

async fn look_at_discord(report: &mut Report, discord: &Discord) {
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
