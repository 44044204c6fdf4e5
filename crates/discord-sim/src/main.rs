//! A local Discord on a port: `cargo run -p discord-sim -- --port 8000`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use discord_sim::config::Privileged;
use discord_sim::{Sim, SimConfig};
use tracing_subscriber::EnvFilter;

/// A local Discord with one server, one channel and one person, to try bots against.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Write every request of the bot to this file, one JSON line each.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// The token that the bot must present; made up if absent.
    #[arg(long)]
    token: Option<String>,
    /// The bot's name.
    #[arg(long, default_value = "Familiar")]
    bot: String,
    /// The server's name.
    #[arg(long, default_value = "home")]
    guild: String,
    /// The channel's name.
    #[arg(long, default_value = "general")]
    channel: String,
    /// The person's name.
    #[arg(long, default_value = "ada")]
    user: String,
    /// Leave the privileged intents switched off, as for a new application.
    #[arg(long)]
    no_privileged_intents: bool,
    /// Do not enforce rate limits.
    #[arg(long)]
    no_rate_limits: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let sim = Sim::start(SimConfig {
        port: arguments.port,
        token: arguments.token,
        bot_name: arguments.bot,
        privileged: if arguments.no_privileged_intents {
            Privileged::NONE
        } else {
            SimConfig::default().privileged
        },
        rate_limits: !arguments.no_rate_limits,
        record: arguments.record,
        control: true,
        ..SimConfig::default()
    })
    .await;
    let sim = match sim {
        Ok(sim) => sim,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let home = sim.add_guild(&arguments.guild);
    let channel = home.add_channel(arguments.channel.as_str());
    let user = home.add_member(&arguments.user);
    println!("REST      {}/api/v10", sim.base_url());
    println!("gateway   {}", sim.gateway_url());
    println!("token     {}", sim.token());
    println!("control   {}/_sim", sim.base_url());
    println!("server    {} ({})", arguments.guild, home.id);
    println!("channel   {} ({})", arguments.channel, channel.id);
    println!("person    {} ({})", arguments.user, user.id);
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("cannot wait for Ctrl-C: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
