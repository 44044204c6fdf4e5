//! Which servers are a shard's own.

use serenity::model::gateway::ShardInfo;
use store::id::GuildId;

/// One connection to the gateway among those of the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its number, from 0.
    pub number: u64,
    /// How many there are.
    pub total: u64,
}

impl Shard {
    /// The shard of which a READY tells; without a word of shards there is one.
    pub fn of(told: Option<ShardInfo>) -> Self {
        told.map_or(
            Self {
                number: 0,
                total: 1,
            },
            |shard| Self {
                number: shard.id.0.into(),
                total: u64::from(shard.total.max(1)),
            },
        )
    }

    /// Whether this shard hears of a server: Discord deals them out by the time in their ids. Direct messages belong to the first,
    /// <https://discord.com/developers/docs/events/gateway#sharding>.
    pub fn has(self, guild: Option<GuildId>) -> bool {
        let number = guild.map_or(0, |guild| guild.timestamp() % self.total);
        number == self.number
    }

    /// Of the servers that are known, those that this shard would hear of, and that are not among those that it was told
    /// of: the bot was removed from them while it was away.
    pub fn missed(self, known: Vec<GuildId>, told: &[GuildId]) -> Vec<GuildId> {
        let left = |guild: &GuildId| self.has(Some(*guild)) && !told.contains(guild);
        known.into_iter().filter(left).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guild(of_shard: u64) -> GuildId {
        ((1_000 + of_shard) << 22).into()
    }

    #[test]
    fn each_shard_misses_its_own_servers_only() {
        let known: Vec<GuildId> = (0..4).map(guild).collect();
        let shard = |number| Shard { number, total: 2 };
        assert_eq!(shard(0).missed(known.clone(), &[guild(0)]), [guild(2)]);
        assert_eq!(shard(1).missed(known.clone(), &[guild(1), guild(3)]), []);
        let alone = Shard::of(None);
        assert_eq!(
            alone.missed(known, &[guild(0), guild(1), guild(3)]),
            [guild(2)]
        );
    }

    #[test]
    fn direct_messages_belong_to_the_first_shard() {
        assert!(
            Shard {
                number: 0,
                total: 3
            }
            .has(None)
        );
        assert!(
            !Shard {
                number: 2,
                total: 3
            }
            .has(None)
        );
    }
}
