//! The bot on Discord: the companion, its commands and its voice behind one connection.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use companion::speaker::Speaker;
use companion::{Companion, House};
use secrecy::{ExposeSecret, SecretString};
use serenity::all::{ClientBuilder, GatewayIntents, Http, HttpBuilder, ShardManager};
use serenity::gateway::GatewayError;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::Discord;
use crate::discord::events::Events;
use crate::discord::figures::Figures;
use crate::discord::speaker::DiscordSpeaker;
use crate::discord::unread::{Doorway, Unread};
use crate::housekeeping;
use crate::warnings::Warnings;

/// A stop takes at most this long; service managers kill after ten seconds.
pub const GRACE: Duration = Duration::from_secs(8);

/// How Discord is reached.
pub struct Connection {
    /// The REST interface as serenity sees it.
    pub http: Http,
    /// What carries its requests, and those of what speaks beside serenity.
    pub client: reqwest::Client,
    /// The gateway's address, where it is not Discord's own.
    pub gateway: Option<String>,
    /// Whether the message-content intent is asked for.
    pub message_content: bool,
}

impl Connection {
    /// The connection that the configuration describes.
    pub fn new(config: &Discord, token: &SecretString) -> Self {
        let client = reqwest::Client::new();
        let mut http = HttpBuilder::new(token.expose_secret()).client(client.clone());
        if let Some(proxy) = &config.http_proxy {
            // With serenity's own limiter on, requests would go past the proxy to Discord.
            http = http.proxy(proxy).ratelimiter_disabled(true);
        }
        Self {
            http: http.build(),
            client,
            gateway: config.gateway.clone(),
            message_content: config.message_content,
        }
    }
}

/// Why the bot cannot be on Discord; one sentence with the next step.
#[derive(Debug, thiserror::Error)]
pub enum BotError {
    /// Discord does not know the token.
    #[error(
        "Discord does not accept the bot's token. Copy it anew from the Developer Portal (your application, Bot, Reset Token) and set it where the configuration says."
    )]
    WrongToken,
    /// A privileged intent is off.
    #[error(
        "Discord refused the message-content intent. Switch it on in the Developer Portal (your application, Bot, Message Content Intent), or set discord.message_content = false."
    )]
    Intents,
    /// Discord cannot be reached, or says something else.
    #[error(
        "Discord cannot be reached: {0}. Check the network and discord.http_proxy, then start again."
    )]
    Unreachable(String),
}

impl From<serenity::Error> for BotError {
    fn from(error: serenity::Error) -> Self {
        match &error {
            serenity::Error::Gateway(GatewayError::InvalidAuthentication) => Self::WrongToken,
            serenity::Error::Gateway(
                GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
            ) => Self::Intents,
            serenity::Error::Http(http)
                if http
                    .status_code()
                    .is_some_and(|status| status.as_u16() == 401) =>
            {
                Self::WrongToken
            }
            _ => Self::Unreachable(error.to_string()),
        }
    }
}

/// A running bot.
pub struct Bot {
    companion: Companion,
    speaker: Arc<DiscordSpeaker>,
    shards: Arc<ShardManager>,
    connection: JoinHandle<Result<(), serenity::Error>>,
    warnings: JoinHandle<()>,
    stop: CancellationToken,
}

impl Bot {
    /// Connects to Discord. Returns once the connection is being made; [`Bot::ended`] tells when it is over.
    pub async fn start(house: Arc<House>, connection: Connection) -> Result<Self, BotError> {
        // Asked first: serenity would fall back to Discord's own gateway after an error.
        let gateway = match connection.gateway {
            Some(address) => address,
            None => connection.http.get_gateway().await?.url,
        };
        connection.http.get_current_user().await?;
        let mut intents = GatewayIntents::GUILDS
            | GatewayIntents::GUILD_MESSAGES
            | GatewayIntents::DIRECT_MESSAGES;
        intents.set(GatewayIntents::MESSAGE_CONTENT, connection.message_content);
        // Compiled now and beside everything else, so that the first message does not wait for it.
        tokio::task::spawn_blocking(safety::warm_up);
        // The companion speaks through the client's own HTTP and cache, which exist only once the client is built.
        let (cell, rest) = (Arc::new(OnceLock::new()), Arc::new(OnceLock::new()));
        let (framework, opened) = Doorway::new(commands::framework(Arc::clone(&cell)));
        let events = Arc::new(Events::new(Arc::clone(&cell), Arc::clone(&rest)));
        let figures = Figures::default();
        let mut client = ClientBuilder::new_with_http(connection.http, intents)
            .event_handler_arc(Arc::clone(&events))
            .raw_event_handler(Unread::new(events, opened, figures.clone()))
            .framework(framework)
            .await?;
        let stop = CancellationToken::new();
        let http = Arc::clone(&client.http);
        let speaker = Arc::new(
            DiscordSpeaker::counting(http, connection.client, stop.child_token(), figures)
                .with_cache(Arc::clone(&client.cache), Arc::clone(&house.clock)),
        );
        rest.get_or_init(|| speaker.rest().clone());
        let companion = Companion::new(house, Arc::clone(&speaker) as Arc<dyn Speaker>);
        let companion = cell.get_or_init(|| companion).clone();
        let warnings = Warnings::new(Arc::clone(companion.house()), Arc::clone(&speaker));
        let warnings = tokio::spawn(warnings.run(companion.closings(), stop.child_token()));
        *client.ws_url.lock().await = gateway;
        let shards = Arc::clone(&client.shard_manager);
        let connection = tokio::spawn(async move { client.start_autosharded().await });
        tokio::spawn(housekeeping::keep_tidy(
            companion.clone(),
            stop.child_token(),
        ));
        Ok(Self {
            companion,
            speaker,
            shards,
            connection,
            warnings,
            stop,
        })
    }

    /// Who hears and answers.
    pub fn companion(&self) -> &Companion {
        &self.companion
    }

    /// What speaks for it on Discord.
    pub fn speaker(&self) -> &DiscordSpeaker {
        &self.speaker
    }

    /// Waits until the connection ends by itself, which it does only on an error, or Discord no longer knows the token. May
    /// be cancelled and called again.
    pub async fn ended(&mut self) -> BotError {
        let ended = tokio::select! {
            ended = &mut self.connection => ended,
            () = self.speaker.locked_out().cancelled() => return BotError::WrongToken,
        };
        match ended {
            Ok(Ok(())) => BotError::Unreachable("the connection was closed".into()),
            Ok(Err(error)) => error.into(),
            Err(error) => BotError::Unreachable(error.to_string()),
        }
    }

    /// Stops in order: no new turn, running turns finish or settle, everything is written, the connection closes.
    pub async fn stop(self) {
        self.companion.stop(GRACE).await;
        self.stop.cancel();
        let warnings = self.warnings.abort_handle();
        let last = async { tokio::join!(self.speaker.finish(), self.warnings) };
        if tokio::time::timeout(Duration::from_secs(1), last)
            .await
            .is_err()
        {
            tracing::warn!("some messages were not finished in time");
            warnings.abort();
        }
        self.shards.shutdown_all().await;
        self.connection.abort();
        let house = self.companion.house();
        house.ledger.close().await;
        if let Err(error) = house.store.close().await {
            tracing::error!(%error, "the database could not be closed in order");
        }
    }
}
