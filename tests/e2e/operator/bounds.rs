//! A new server has a finite budget, and the bot's own stands above all servers.

use discord_sim::actor::{Channel, Guild, Person};
use ledger::{Overview, Period, Scope};
use model_sim::{Reply, UsageReport};

use crate::world::World;

/// Replies that are asked for in each place; more than any budget here allows.
const ASKED: usize = 6;

/// Another server that has just invited the bot.
struct Newcomer {
    guild: Guild,
    channel: Channel,
    person: Person,
}

impl Newcomer {
    fn new(world: &World, name: &str) -> Self {
        let guild = world.sim.add_guild(name);
        Self {
            channel: guild.add_channel("general"),
            person: guild.add_member("cy"),
            guild,
        }
    }

    /// Asks again and again; says how many replies were no resting line.
    async fn ask_all(&self, world: &World) -> usize {
        let mut spoken = 0;
        for _ in 0..ASKED {
            let answer = world.ask_in(&self.person, &self.channel, "hello").await;
            spoken += usize::from(answer.words() == "Fine.");
        }
        spoken
    }

    async fn posted(&self, world: &World) -> i64 {
        let seen = world.companion().house().ledger.overview().await.unwrap();
        let scope = Scope::Guild(self.guild.id.get().into());
        let windows = seen.guilds.iter().filter(|window| window.scope == scope);
        Overview::sum(windows, Period::Day).posted.1
    }
}

async fn world(guild: Option<i64>, instance: Option<i64>) -> World {
    let world = World::with(|config| {
        config.budget.guild_day.tokens = guild;
        config.budget.instance_day.tokens = instance;
    })
    .await;
    world
        .model
        .always(|_| Reply::text("Fine.").usage(UsageReport::Missing));
    world
}

#[tokio::test]
async fn a_new_server_cannot_spend_more_than_the_default() {
    let most = 12_000;
    let world = world(Some(most), None).await;
    let new = Newcomer::new(&world, "new");
    let spoken = new.ask_all(&world).await;
    let posted = new.posted(&world).await;
    assert!(posted > 0 && posted <= most, "{posted} of {most}");
    assert!((1..ASKED).contains(&spoken), "{spoken} replies");
}

#[tokio::test]
async fn all_servers_together_cannot_pass_the_bots_own_limit() {
    let most = 12_000;
    let world = world(Some(1_000_000), Some(most)).await;
    let (mut spoken, mut posted) = (0, 0);
    for name in ["one", "two", "three"] {
        let new = Newcomer::new(&world, name);
        spoken += new.ask_all(&world).await;
        posted += new.posted(&world).await;
    }
    assert!(posted > 0 && posted <= most, "{posted} of {most}");
    assert!((1..ASKED).contains(&spoken), "{spoken} replies");
    let seen = world.companion().house().ledger.overview().await.unwrap();
    let own = seen.own(Period::Day).unwrap();
    assert_eq!((own.tokens.posted, own.tokens.pending), (posted, 0));
}
