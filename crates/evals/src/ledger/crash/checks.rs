//! What must be true after every kill, once the bot is back and at rest.

use std::time::Duration;

use anyhow::Context as _;
use chrono::DateTime;
use ledger::{Scope, WindowView};
use tokio::time::Instant;

use super::stage::{Asked, LIMIT, Room, Stage};

/// A message that has no answer by then is lost.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(5);

/// What a kill did.
#[derive(Clone, Debug, Default)]
pub struct Wounds {
    /// Messages that got no answer.
    pub lost: usize,
    /// Answers that were given more than once, and messages of the bot beyond one for each.
    pub doubled: usize,
    /// Parts of answers.
    pub halved: usize,
    /// The provider billed more than the limit, or more than the ledger posted.
    pub overbilled: usize,
    /// A window was beyond its limit.
    pub beyond: usize,
    /// Something was still set aside when everything was at rest.
    pub open: usize,
    /// A window differed from its holds.
    pub unsound: usize,
    /// The first of them, in words.
    pub first: Option<String>,
}

impl Wounds {
    /// Whether there is none.
    pub fn none(&self) -> bool {
        self.count() == 0
    }

    fn count(&self) -> usize {
        self.money() + self.lost + self.doubled + self.halved
    }

    /// Those that concern money.
    pub fn money(&self) -> usize {
        self.overbilled + self.beyond + self.open + self.unsound
    }

    /// Adds those of another kill.
    pub fn join(&mut self, other: Self) {
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.halved += other.halved;
        self.overbilled += other.overbilled;
        self.beyond += other.beyond;
        self.open += other.open;
        self.unsound += other.unsound;
        self.first = self.first.take().or(other.first);
    }
}

/// What came of messages.
pub struct Checked {
    /// What was wrong.
    pub wounds: Wounds,
    /// Whether an answer was a line of the house's own although no error came for it: the budget is used up.
    pub rested: bool,
}

/// Waits until the messages are answered and everything is at rest, and looks at everything.
pub async fn check(stage: &Stage, room: &Room, asked: &Asked) -> anyhow::Result<Checked> {
    let began = Instant::now();
    let mut open = true;
    while began.elapsed() < PATIENCE {
        open = !at_rest(stage).await?;
        if !open && asked.answers(room).len() >= asked.messages.len() {
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    let answers = asked.answers(room);
    let wholes = asked.wholes(&answers);
    let parts = answers.iter().filter(|one| asked.is_part(one)).count();
    let (said, wanted) = (answers.len(), asked.messages.len());
    let again: usize = wholes.iter().map(|times| times.saturating_sub(1)).sum();
    let mut wounds = Wounds {
        lost: wanted.saturating_sub(said),
        doubled: again.max(said.saturating_sub(wanted)),
        halved: parts,
        open: usize::from(open),
        ..money(stage, room).await?
    };
    if !wounds.none() {
        let said: Vec<&str> = answers.iter().map(|one| one.text()).collect();
        wounds.first = Some(format!("{:?}: {wounds:?}; {said:?}", asked.messages));
    }
    Ok(Checked {
        wounds,
        rested: parts == 0
            && wholes
                .iter()
                .zip(&asked.messages)
                .any(|(times, (_, number))| *times == 0 && !stage.failed(*number)),
    })
}

/// No claim is open, and nothing is set aside.
async fn at_rest(stage: &Stage) -> anyhow::Result<bool> {
    let claims = stage.store.unanswered_since(DateTime::UNIX_EPOCH).await?;
    if !claims.is_empty() {
        return Ok(false);
    }
    let overview = stage.ledger.overview().await?;
    Ok(overview
        .instance
        .iter()
        .all(|window| window.usd.pending == 0 && window.tokens.pending == 0))
}

/// The bills are read before the windows: a call is held before it is billed, so that at no moment more is billed than
/// is posted and set aside, also while the bot works in the background.
async fn money(stage: &Stage, room: &Room) -> anyhow::Result<Wounds> {
    let billed = stage.till.billed_to(&room.number.to_string()).usd;
    let billed_in_all = stage.till.billed().usd;
    let overview = stage.ledger.overview().await?;
    let scope = Scope::Guild(room.guild.id.get().into());
    let own = overview.guilds.iter().filter(|one| one.scope == scope);
    let guild: Vec<i64> = own.clone().map(spent).collect();
    let instance = overview.instance.iter().map(spent).min();
    let covered = *guild.iter().min().context("the guild has no window")?;
    let beyond = own
        .clone()
        .any(|window| spent(window) > LIMIT.get() || window.usd.overrun > 0);
    let over = billed > LIMIT.get() || billed > covered || Some(billed_in_all) > instance;
    Ok(Wounds {
        overbilled: usize::from(over),
        beyond: usize::from(beyond),
        unsound: usize::from(!stage.ledger.verify().await?.is_empty()),
        ..Wounds::default()
    })
}

fn spent(window: &WindowView) -> i64 {
    window.usd.posted + window.usd.pending
}
