//! The bot, killed at every step of a turn and at random moments, against a provider that bills all that it is asked, and
//! whose errors it bills by what was run, or like replies.
//!
//! Several people write in the same moment, so that one is being answered and the others wait, and Discord takes its time.
//! After each kill the bot is started again on the same data, and everything is checked: the bill, the windows, their
//! holds, and that each message has one answer.

mod checks;
mod process;
pub mod recovery;
pub mod snare;
mod stage;

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::time::Instant;

use self::checks::{Wounds, check};
use self::process::Bot;
use self::stage::{Asked, LIMIT, PAUSE, Room, STREAMING, Stage};
use super::mishaps::Bills;

/// How many lines of the house's own a room gives before the talk moves on.
const RESTS: usize = 2;
/// So many messages, a second apart, may a room's first whole answer take after errors.
const RECOVERY: usize = 15;
/// A step that has not come by then does not come.
const COMING: Duration = Duration::from_secs(15);
/// The random moment of a kill lies between the message and this much after a reply commonly ends.
const AFTER: Duration = Duration::from_millis(250);

/// How often.
#[derive(clap::Args)]
pub struct Args {
    /// Kills at each labelled step
    #[arg(long, default_value_t = 1)]
    each: usize,
    /// Kills at random moments
    #[arg(long, default_value_t = 10)]
    kills: usize,
    /// People who write in the same moment
    #[arg(long, default_value_t = 3)]
    people: usize,
    /// Holds that a process leaves open and that the next start must post
    #[arg(long, default_value_t = 10_000)]
    holds: usize,
    /// Of a hundred answers of the provider, so many are errors
    #[arg(long, default_value_t = 20)]
    errors: u8,
    /// What the provider bills for its errors
    #[arg(long, default_value = "ran")]
    bills: Bills,
    /// What the random moments begin from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Where the bot is killed.
#[derive(Clone, Copy)]
enum At {
    /// When this step comes for the so-many-th time. The bot kills itself, so that it is exactly there.
    Step(&'static str, usize),
    /// When the provider has the request.
    Request,
    /// So long after the message.
    Moment(Duration),
}

/// The labelled steps.
const STEPS: [(&str, At); 10] = [
    ("claim", At::Step("claimed", 1)),
    (
        "hold, before its commit",
        At::Step("hold, not yet committed", 1),
    ),
    ("hold, after its commit", At::Step("held", 1)),
    ("connect", At::Request),
    ("first byte", At::Step("heard", 1)),
    ("middle", At::Step("heard", 12)),
    ("last byte", At::Step("heard out", 1)),
    ("settle", At::Step("settling, not yet committed", 1)),
    ("speak", At::Step("spoken", 1)),
    ("remember", At::Step("remembered", 1)),
];

/// What came of all kills at one step.
#[derive(Default)]
struct Row {
    kills: usize,
    /// Kills for which the turn was over before the moment came, or rested before the step did.
    missed: usize,
    wounds: Wounds,
}

/// Kills; whether everything held.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let began = Instant::now();
    let mut campaign = Campaign::begin(args).await?;
    println!(
        "a guild's limit is {LIMIT}, and each guild is used until it is spent; the provider bills every reply in full when its \
         request comes; {} % of its answers are errors, for which it bills {}\n",
        args.errors,
        match args.bills {
            Bills::Ran => "what was run",
            Bills::Everything => "a whole reply",
        }
    );
    println!(
        "  killed at                  kills  missed    billed over  window over  left open  unsound    lost  doubled  halved"
    );
    let mut wounds = Wounds::default();
    for (name, at) in STEPS {
        let mut row = Row::default();
        while row.kills < args.each {
            campaign.kill(at, &mut row).await?;
        }
        print(name, &row);
        wounds.join(row.wounds);
    }
    let mut row = Row::default();
    while row.kills < args.kills {
        let most = (PAUSE + STREAMING * args.people.max(1) as u32 + AFTER).as_micros() as u64;
        let moment = Duration::from_micros(campaign.random.random_range(0..most));
        campaign.kill(At::Moment(moment), &mut row).await?;
    }
    print("random moments", &row);
    wounds.join(row.wounds);
    let more = campaign.count_again();
    if more > 0 {
        println!("  {more} messages got another answer later");
    }
    campaign.sum_up(began.elapsed());
    if let Some(first) = &wounds.first {
        println!("  the first that was wrong: {first}");
    }
    let recovered = recovery::run(args.holds).await?;
    let holds = wounds.none() && more == 0 && recovered;
    println!(
        "\n  bounds: billed and posted <= limit, nothing left open, every message answered once, recovery < 2 s: {}",
        if holds { "kept" } else { "BROKEN" }
    );
    Ok(holds)
}

fn print(name: &str, row: &Row) {
    let Wounds {
        overbilled,
        beyond,
        open,
        unsound,
        lost,
        doubled,
        halved,
        ..
    } = row.wounds;
    println!(
        "  {name:<26} {:>5} {:>7} {overbilled:>14} {beyond:>12} {open:>10} {unsound:>8} {lost:>7} {doubled:>8} {halved:>7}",
        row.kills, row.missed
    );
}

/// The killing, with what it goes through.
struct Campaign {
    stage: Stage,
    room: Room,
    bot: Bot,
    random: StdRng,
    people: usize,
    number: usize,
    rests: usize,
    /// Every message that was asked, where.
    asked: Vec<(usize, Asked)>,
    left: Vec<Room>,
    starts: Vec<Duration>,
    fullest: i64,
}

impl Campaign {
    async fn begin(args: &Args) -> anyhow::Result<Self> {
        let people = args.people.max(1);
        let stage = Stage::build(args.errors, args.bills).await?;
        let room = stage.room(people);
        let (bot, took) = stage.bot().await?;
        let mut campaign = Self {
            stage,
            room,
            bot,
            random: StdRng::seed_from_u64(args.seed),
            people,
            number: 0,
            rests: 0,
            asked: Vec::new(),
            left: Vec::new(),
            starts: vec![took],
            fullest: 0,
        };
        campaign.settle_in().await?;
        Ok(campaign)
    }

    /// The first message of a room is answered in peace: a bot finds messages that it has missed only in channels in
    /// which it has heard one.
    async fn settle_in(&mut self) -> anyhow::Result<()> {
        self.stage.till.keep_peace(true);
        let asked = self.say(1)?;
        let mut checked = check(&self.stage, &self.room, &asked).await?;
        for _ in 0..RECOVERY {
            if !checked.wounds.none() || !checked.rested {
                break;
            }
            // The errors before may have made the bot leave the endpoint alone for a while.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let again = self.say(1)?;
            checked = check(&self.stage, &self.room, &again).await?;
        }
        self.stage.till.keep_peace(false);
        anyhow::ensure!(
            checked.wounds.none() && !checked.rested,
            "the first message of a room goes wrong without any kill: {:?}; the bot logged:\n{}",
            checked.wounds.first,
            self.stage.log()
        );
        Ok(())
    }

    fn say(&mut self, people: usize) -> anyhow::Result<Asked> {
        let asked = self.stage.say(&self.room, self.number + 1, people)?;
        self.number += asked.messages.len();
        self.asked.push((self.room.number, asked.clone()));
        Ok(asked)
    }

    /// A message of each, one kill, one start, and all checks.
    async fn kill(&mut self, at: At, row: &mut Row) -> anyhow::Result<()> {
        if let At::Step(step, times) = at {
            self.bot.set(step, times).await?;
        }
        let before = self.stage.till.billed().calls;
        let asked = self.say(self.people)?;
        let died = match at {
            At::Step(..) => self.dies_or_rests(&asked).await?,
            At::Request => self.is_asked_or_rests(before, &asked).await?,
            At::Moment(moment) => {
                tokio::time::sleep(moment).await;
                // A turn that was over counts all the same: any moment is one.
                true
            }
        };
        self.bot.kill().await.or_else(|error| match at {
            At::Step(..) if died => Ok(()),
            _ => Err(error),
        })?;
        row.kills += usize::from(died);
        row.missed += usize::from(!died);
        let (bot, took) = self.stage.bot().await?;
        self.bot = bot;
        self.starts.push(took);
        let checked = check(&self.stage, &self.room, &asked).await?;
        row.wounds.join(checked.wounds);
        self.rests += usize::from(checked.rested);
        if self.rests >= RESTS {
            self.move_on().await?;
        }
        Ok(())
    }

    /// Whether the bot dies at its step; not where a line of the house's own answers before it comes there.
    async fn dies_or_rests(&mut self, asked: &Asked) -> anyhow::Result<bool> {
        let began = Instant::now();
        while began.elapsed() < COMING {
            if self.bot.dies(Duration::from_millis(20)).await? {
                return Ok(true);
            }
            let answers = asked.answers(&self.room);
            if answers
                .iter()
                .any(|one| !asked.is_part(one) && !asked.is_whole(one))
            {
                return self.bot.dies(Duration::from_millis(200)).await;
            }
        }
        anyhow::bail!(
            "a step does not come; the bot logged:\n{}",
            self.stage.log()
        )
    }

    async fn is_asked_or_rests(&mut self, before: u64, asked: &Asked) -> anyhow::Result<bool> {
        let began = Instant::now();
        while began.elapsed() < COMING {
            if self.stage.till.billed().calls > before {
                return Ok(true);
            }
            if !asked.answers(&self.room).is_empty() {
                return Ok(false);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        anyhow::bail!("no request comes; the bot logged:\n{}", self.stage.log())
    }

    async fn move_on(&mut self) -> anyhow::Result<()> {
        let billed = self.stage.till.billed_to(&self.room.number.to_string());
        self.fullest = self.fullest.max(billed.usd);
        let next = self.stage.room(self.people);
        self.left.push(std::mem::replace(&mut self.room, next));
        self.rests = 0;
        self.settle_in().await
    }

    /// How many times messages have another number of answers than one each, in the end.
    fn count_again(&self) -> usize {
        let rooms = self.left.iter().chain([&self.room]);
        rooms
            .map(|room| {
                let own = self
                    .asked
                    .iter()
                    .filter(|(number, _)| *number == room.number);
                own.filter(|(_, asked)| asked.answers(room).len() != asked.messages.len())
                    .count()
            })
            .sum()
    }

    fn sum_up(&self, took: Duration) {
        let mut starts = self.starts.clone();
        starts.sort_unstable();
        let middle = starts[starts.len() / 2];
        let billed = self.stage.till.billed();
        println!(
            "\n  {} messages in {} guilds, {} requests, of which {} were answered by an error; the fullest spent guild was billed {:.0} % of its limit",
            self.number,
            self.left.len() + 1,
            billed.calls,
            billed.errors,
            self.fullest as f64 * 100.0 / LIMIT.get() as f64
        );
        println!(
            "  {} starts, {:.0} ms each in the middle and {:.0} ms at most until it is on Discord; {:.0} s in all",
            starts.len(),
            middle.as_secs_f64() * 1e3,
            starts[starts.len() - 1].as_secs_f64() * 1e3,
            took.as_secs_f64()
        );
    }
}
