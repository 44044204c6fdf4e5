//! Whether one member can take a server's budget from the others: one floods, the others talk as people do, and together
//! they ask for twice what there is.
//!
//! The ledger and the waiting queue are the bot's own, on a database on disk; the day is played by a clock that is set
//! forward. Each request has one form (a reply that does not fit is refused, not shrunk), and nobody asks again: the
//! message paces, the ladder of smaller requests and people's patience would all help the others, so they are left out.

mod load;
mod server;

use anyhow::ensure;

use self::load::{Load, max_min};
use self::server::{Rules, Served, Server};

/// The flooder's part of the budget may be this at most, or an equal part where that is more.
const MOST_OF_BUDGET: f64 = 0.15;
/// The worst-served other member gets this much of their max-min share at least.
const LEAST_OF_SHARE: f64 = 0.80;

/// How many, for how long.
#[derive(clap::Args)]
pub struct Args {
    /// Members, one of whom floods
    #[arg(long, default_value_t = 10)]
    members: usize,
    /// Days, each judged by itself
    #[arg(long, default_value_t = 3)]
    days: usize,
    /// What all of them ask for, as a multiple of the budget
    #[arg(long, default_value_t = 2.0)]
    load: f64,
    /// The server's limit a day, in tokens; the default is the bot's
    #[arg(long, default_value_t = 2_000_000)]
    limit: i64,
    /// Another seed, another load
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A day's outcome.
struct Day {
    load: Load,
    served: Served,
}

impl Day {
    /// Tokens that a member got, of the limit.
    fn part(&self, member: usize) -> f64 {
        self.served.tokens[member] as f64 / self.load.limit as f64
    }

    /// What the worst-served member but the flooder got of their max-min share.
    fn worst(&self) -> f64 {
        let fair = max_min(&self.load.demands(), self.load.limit);
        let of_share = |member: usize| self.served.tokens[member] as f64 / fair[member] as f64;
        (1..fair.len())
            .map(of_share)
            .min_by(f64::total_cmp)
            .unwrap_or(1.0)
    }
}

/// Measures; whether the bounds hold.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    ensure!(
        args.members >= 2,
        "there is nobody to be fair to: --members is 2 or more"
    );
    ensure!(
        args.load >= 1.0,
        "with less than the budget everybody gets all: --load is 1 or more"
    );
    println!(
        "{} members of whom one floods, {} days, a limit of {} tokens a day, {} times that asked for (seed {})",
        args.members, args.days, args.limit, args.load, args.seed
    );
    let days = play(args, Rules::Fair, args.days).await?;
    for (number, day) in days.iter().enumerate() {
        print(number + 1, day);
    }
    let plain = play(args, Rules::FirstCome, 1).await?;
    for day in &plain {
        println!(
            "\nday 1 without shares, first come, first served: the flooder got {:.1} % of the budget, the worst-served \
             other member {:.0} % of their max-min share",
            100.0 * day.part(0),
            100.0 * day.worst()
        );
    }
    Ok(judge(args, &days))
}

/// Plays days of the same server, each with a load of its own.
async fn play(args: &Args, rules: Rules, days: usize) -> anyhow::Result<Vec<Day>> {
    let server = Server::open(args.members, args.limit, rules).await?;
    let mut played = Vec::with_capacity(days);
    for number in 0..days {
        let seed = args.seed.wrapping_add(number as u64);
        let load = Load::draw(args.members, args.limit, args.load, seed);
        let served = server.play(&load, number).await?;
        played.push(Day { load, served });
    }
    server.check().await?;
    Ok(played)
}

fn print(number: usize, day: &Day) {
    let demands = day.load.demands();
    let fair = max_min(&demands, day.load.limit);
    let percent = |tokens: i64| 100.0 * tokens as f64 / day.load.limit as f64;
    println!(
        "\nday {number}            asked for   max-min     got   of max-min   replies   share used up   limit reached   no room"
    );
    for member in 0..demands.len() {
        let (name, got) = (load::name(member), day.served.tokens[member]);
        println!(
            "  {name:<12} {:>10.1} % {:>7.1} % {:>5.1} % {:>10.0} % {:>9} {:>15} {:>15} {:>9}",
            percent(demands[member]),
            percent(fair[member]),
            percent(got),
            100.0 * got as f64 / fair[member] as f64,
            day.served.replies[member],
            day.served.beyond_share[member],
            day.served.over_limit[member],
            day.served.no_room[member],
        );
    }
    println!(
        "  all          {:>10.1} % {:>7.1} % {:>5.1} %",
        percent(demands.iter().sum()),
        percent(fair.iter().sum()),
        percent(day.served.tokens.iter().sum()),
    );
}

/// Holds the worst day against the bounds.
fn judge(args: &Args, days: &[Day]) -> bool {
    let flooder = days.iter().map(|day| day.part(0)).fold(0.0, f64::max);
    let worst = days.iter().map(Day::worst).fold(1.0, f64::min);
    let most = MOST_OF_BUDGET.max(1.0 / args.members as f64);
    let (few, enough) = (flooder <= most, worst >= LEAST_OF_SHARE);
    let verdict = |kept| if kept { "kept" } else { "BROKEN" };
    println!("\n  worst day                                        measured     bound");
    println!(
        "  the flooder's part of the budget                 {:>6.1} %  ≤ {:>4.1} %   {}",
        100.0 * flooder,
        100.0 * most,
        verdict(few)
    );
    println!(
        "  the worst-served other member, of max-min share  {:>6.1} %  ≥ {:>4.1} %   {}",
        100.0 * worst,
        100.0 * LEAST_OF_SHARE,
        verdict(enough)
    );
    few && enough
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_flooder_stays_within_their_share_and_the_others_get_theirs() {
        let args = Args {
            members: 10,
            days: 1,
            load: 2.0,
            limit: 1_000_000,
            seed: 7,
        };
        let days = play(&args, Rules::Fair, 1).await.unwrap();
        assert!(judge(&args, &days));
        let plain = play(&args, Rules::FirstCome, 1).await.unwrap();
        assert!(!judge(&args, &plain), "the load is one that needs shares");
    }
}
