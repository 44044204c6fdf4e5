//! A small town whose people talk for ninety days, and a ledger of who may still be found where. Every utterance has a
//! word of its own, which answers, facts and summaries repeat; the ledger knows what has become of each.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use memory::consolidation::{Batch, Pace, Reading};
use memory::{
    Author, Consent, ForgetWhat, Kept, Memory, NewTurn, Prompted, ScopeId, Summed, TurnKind,
    WindowSpec,
};
use serde_json::json;
use store::consolidations::Consolidated;
use store::id::{ChannelId, FactId, GuildId, HoldId, MessageId, PersonaId, TurnId, UserId};
use store::reports::{NewReport, Shrunk};
use store::{Opening, Store};
use tempfile::TempDir;

/// Days for which words are kept where nobody says otherwise.
pub const KEEP: u32 = 30;
const NAMES: [&str; 4] = ["Ada", "Bo", "Cy", "Di"];
/// Server and channel of each place; 11 is a thread below 10, and 30 are direct messages.
const PLACES: [(u64, u64); 6] = [(1, 10), (1, 11), (1, 12), (2, 20), (2, 21), (0, 30)];
/// What an answer repeats of its prompt beside what it answers.
const REPEATED: usize = 3;
const PACE: Pace = Pace {
    every: 1,
    most: 12,
    max_tokens: 2_000,
};

/// An utterance's own word, and what has become of it.
struct Canary {
    who: usize,
    scope: ScopeId,
    message: MessageId,
    at: DateTime<Utc>,
    /// When it was said or answered last.
    last_said: DateTime<Utc>,
    /// Whether the memory has taken it in.
    heard: Option<TurnId>,
    /// It is to be found nowhere any more.
    gone: bool,
}

/// What a model is reading.
struct UnderWay {
    batch: Batch,
    outcome: Consolidated,
}

/// The town.
pub struct Town {
    folder: TempDir,
    store: Store,
    memory: Memory,
    now: DateTime<Utc>,
    last_id: u64,
    canaries: Vec<Canary>,
    /// Canaries whose message waits to be heard.
    waiting: Vec<usize>,
    /// Canaries that a persona is just answering, and what stands in the prompt.
    answering: Vec<(usize, Prompted)>,
    reading: Vec<UnderWay>,
    deleted: Vec<ChannelId>,
}

/// What happens. Numbers choose from what there is.
#[derive(Clone, Debug)]
pub enum Event {
    Says {
        who: usize,
        place: usize,
        persona: i64,
    },
    IsHeard {
        which: usize,
    },
    IsAnswered {
        which: usize,
    },
    ModelBegins {
        place: usize,
        persona: i64,
    },
    ModelEnds {
        which: usize,
    },
    Pins {
        which: usize,
    },
    Corrects {
        which: usize,
    },
    ForgetsFact {
        which: usize,
    },
    Deletes {
        which: usize,
    },
    Edits {
        which: usize,
    },
    ForgetsMe {
        who: usize,
    },
    ForgetsHere {
        who: usize,
        place: usize,
        persona: i64,
    },
    ForgetsAllHere {
        place: usize,
        persona: i64,
    },
    ChannelGoes {
        place: usize,
    },
    BotLeaves {
        guild: u64,
    },
    Allows {
        who: usize,
        facts: bool,
        sensitive: bool,
    },
    Keeps {
        guild: u64,
        days: Option<u32>,
    },
    TimePasses {
        hours: i64,
    },
    Sweep,
    Trim {
        most: u64,
    },
}

fn word(canary: usize) -> String {
    format!("canary{canary:04}q")
}

/// The canaries in a text.
fn canaries_in(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.match_indices("canary")
        .filter_map(|(at, found)| text.get(at + found.len()..)?.get(..4)?.parse().ok())
}

fn user(who: usize) -> UserId {
    UserId::from(100 + who as u64)
}

fn scope(place: usize, persona: i64) -> ScopeId {
    let (guild, channel) = PLACES[place % PLACES.len()];
    ScopeId {
        guild: (guild > 0).then(|| guild.into()),
        channel: channel.into(),
        persona: PersonaId(1 + persona % 2),
    }
}

fn every_scope() -> impl Iterator<Item = ScopeId> {
    (0..PLACES.len()).flat_map(|place| (0..2).map(move |persona| scope(place, persona)))
}

impl Town {
    pub async fn found() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opening = Opening {
            volatile: true,
            ballast: 0,
            ..Opening::default()
        };
        let store = Store::open_with(folder.path().join("familiar.db"), opening)
            .await
            .unwrap();
        store
            .note_thread(11.into(), 10.into(), Some(1.into()))
            .await
            .unwrap();
        Self {
            folder,
            memory: Memory::new(store.clone()),
            store,
            now: "2026-05-01T12:00:00Z".parse().unwrap(),
            last_id: 0,
            canaries: vec![],
            waiting: vec![],
            answering: vec![],
            reading: vec![],
            deleted: vec![],
        }
    }

    fn id(&mut self) -> MessageId {
        let newest = MessageId::first_of(self.now).get();
        self.last_id = newest.max(self.last_id + 1);
        MessageId::from(self.last_id)
    }

    pub async fn happens(&mut self, event: &Event) {
        self.now += TimeDelta::minutes(7);
        match *event {
            Event::Says {
                who,
                place,
                persona,
            } => self.says(who, scope(place, persona)),
            Event::IsHeard { which } => self.is_heard(which).await,
            Event::IsAnswered { which } => self.is_answered(which).await,
            Event::ModelBegins { place, persona } => self.model_begins(scope(place, persona)).await,
            Event::ModelEnds { which } => self.model_ends(which).await,
            Event::Pins { which } => {
                if let Some((scope, fact, _)) = self.nth_fact(which).await {
                    self.memory.pin(&scope, fact, true).await.unwrap();
                }
            }
            Event::Corrects { which } => self.corrects(which).await,
            Event::ForgetsFact { which } => self.forgets_fact(which).await,
            Event::Deletes { which } => self.deletes(which).await,
            Event::Edits { which } => self.edits(which).await,
            Event::ForgetsMe { who } => {
                let before = self.id();
                let who = who % NAMES.len();
                self.memory.forget_person(user(who), before).await.unwrap();
                self.bury(|canary| canary.who == who);
            }
            Event::ForgetsHere {
                who,
                place,
                persona,
            } => {
                let (scope, who) = (scope(place, persona), who % NAMES.len());
                let what = ForgetWhat::Person(user(who));
                self.memory.forget(&scope, what).await.unwrap();
                self.bury(|canary| {
                    canary.scope == scope && canary.who == who && canary.heard.is_some()
                });
            }
            Event::ForgetsAllHere { place, persona } => {
                let scope = scope(place, persona);
                self.memory.forget(&scope, ForgetWhat::All).await.unwrap();
                self.bury(|canary| canary.scope == scope && canary.heard.is_some());
            }
            Event::ChannelGoes { place } => {
                let channel = scope(place, 0).channel;
                self.memory
                    .channel_deleted(channel, self.now)
                    .await
                    .unwrap();
                let gone = match channel.get() {
                    10 => vec![channel, 11.into()],
                    _ => vec![channel],
                };
                self.bury(|canary| gone.contains(&canary.scope.channel));
                self.deleted.extend(gone);
            }
            Event::BotLeaves { guild } => self.bot_leaves(GuildId::from(1 + guild % 2)).await,
            Event::Allows {
                who,
                facts,
                sensitive,
            } => {
                let consent = Consent {
                    facts,
                    sensitive: facts && sensitive,
                };
                self.memory
                    .consent(user(who % NAMES.len()), consent, self.now)
                    .await
                    .unwrap();
            }
            Event::Keeps { guild, days } => {
                let guild = GuildId::from(1 + guild % 2);
                self.store.set_retention_days(guild, days).await.unwrap();
            }
            Event::TimePasses { hours } => {
                // Nothing is under way for days.
                if hours > 20 {
                    self.end_what_is_under_way().await;
                }
                self.now += TimeDelta::hours(hours);
            }
            Event::Sweep => self.sweep().await,
            Event::Trim { most } => {
                self.store.drop_excess(most).await.unwrap();
            }
        }
    }

    fn bury(&mut self, is_gone: impl Fn(&Canary) -> bool) {
        for canary in self.canaries.iter_mut().filter(|canary| is_gone(canary)) {
            canary.gone = true;
        }
    }

    /// It comes back half a day later, when nothing is under way there any more.
    async fn bot_leaves(&mut self, guild: GuildId) {
        self.store
            .note_departure(guild, Some(self.now))
            .await
            .unwrap();
        self.now += TimeDelta::hours(13);
        self.store
            .purge_departed(self.now - TimeDelta::hours(12))
            .await
            .unwrap();
        self.bury(|canary| canary.scope.guild == Some(guild));
        let canaries = &self.canaries;
        let is_elsewhere = |number: &usize| canaries[*number].scope.guild != Some(guild);
        self.waiting.retain(is_elsewhere);
        self.answering.retain(|(number, _)| is_elsewhere(number));
        self.reading
            .retain(|reading| reading.batch.scope().guild != Some(guild));
        self.store.note_departure(guild, None).await.unwrap();
    }

    fn says(&mut self, who: usize, scope: ScopeId) {
        // Direct messages are between one person and a persona.
        let who = if scope.guild.is_none() {
            0
        } else {
            who % NAMES.len()
        };
        if self.deleted.contains(&scope.channel) {
            return;
        }
        let message = self.id();
        self.waiting.push(self.canaries.len());
        self.canaries.push(Canary {
            who,
            scope,
            message,
            at: self.now,
            last_said: self.now,
            heard: None,
            gone: false,
        });
    }

    async fn is_heard(&mut self, which: usize) {
        if self.waiting.is_empty() {
            return;
        }
        let number = self.waiting.remove(which % self.waiting.len());
        let prompted = self.prompt(number).await;
        let canary = &self.canaries[number];
        let turn = NewTurn {
            scope: canary.scope,
            author: Author::Person(user(canary.who)),
            author_name: NAMES[canary.who].into(),
            kind: TurnKind::Chat,
            text: self.said(number),
            messages: vec![canary.message],
            at: canary.at,
            reply_to: None,
            answers: None,
            proxied: false,
        };
        let kept = self.memory.remember_heard(turn, None).await.unwrap();
        if let Kept::As(turn) = kept {
            self.canaries[number].heard = Some(turn);
        }
        self.answering.push((number, prompted));
    }

    /// What stands in the prompt of whoever answers: what was said here lately, what comes back, what is known, and the same of
    /// the channel above a thread.
    async fn prompt(&self, number: usize) -> Prompted {
        let canary = &self.canaries[number];
        let mut prompted = Prompted::bare(user(canary.who));
        let above = (canary.scope.channel.get() == 11).then(|| ScopeId {
            channel: 10.into(),
            ..canary.scope
        });
        let question = "What are the names of the cats?";
        for scope in [Some(canary.scope), above].into_iter().flatten() {
            let memory = &self.memory;
            let window = memory.window(&scope, WindowSpec::default()).await.unwrap();
            let recalled = memory.recall(&scope, question, &window, 500, self.now);
            let recalled = recalled.await.unwrap().into_iter();
            prompted
                .turns
                .extend(recalled.map(|recalled| recalled.turn));
            prompted.turns.extend(window);
            let known = memory.known(&scope).await.unwrap();
            prompted.facts.extend(known.facts);
            prompted.summaries.push(Summed {
                scope,
                epoch: known.epoch,
                text: known.summary,
            });
        }
        prompted
    }

    /// The answer repeats what it answers, and a few more things of what stands in its prompt.
    async fn is_answered(&mut self, which: usize) {
        if self.answering.is_empty() {
            return;
        }
        let (number, prompted) = self.answering.remove(which % self.answering.len());
        let Some(asked) = self.canaries[number].heard else {
            return;
        };
        let turns = prompted.turns.iter().map(|turn| turn.text.as_str());
        let facts = prompted.facts.iter().map(|fact| fact.text.as_str());
        let summaries = prompted.summaries.iter().map(|summed| summed.text.as_str());
        let prompt: Vec<&str> = turns.chain(facts).chain(summaries).collect();
        let mut repeated: Vec<usize> = canaries_in(&prompt.join(" ")).collect();
        repeated.sort();
        repeated.dedup();
        let others = repeated.len().max(1);
        repeated.rotate_left(which % others);
        repeated.truncate(REPEATED);
        repeated.push(number);
        let words: Vec<String> = repeated.iter().map(|number| word(*number)).collect();
        let message = self.id();
        let canary = &self.canaries[number];
        let turn = NewTurn {
            scope: canary.scope,
            author: Author::Persona,
            author_name: "Orla".into(),
            kind: TurnKind::Chat,
            text: format!("{} are fine names!", words.join(" and ")),
            messages: vec![message],
            at: self.now,
            reply_to: Some(canary.message),
            answers: Some(asked),
            proxied: false,
        };
        let said = self.said(number);
        self.memory
            .remember_reply(turn, said, &prompted, report())
            .await
            .unwrap();
        // The answer is kept as long as anything that is said now.
        for number in repeated {
            self.canaries[number].last_said = self.now;
        }
    }

    fn said(&self, canary: usize) -> String {
        format!("I have a cat named {}.", word(canary))
    }

    /// The model repeats all that it reads: each line as a fact, and all of it as the summary.
    async fn model_begins(&mut self, scope: ScopeId) {
        for reading in Reading::ALL {
            if let Some(batch) = self.memory.due(&scope, reading, PACE).await.unwrap() {
                self.model_reads(batch);
            }
        }
    }

    fn model_reads(&mut self, batch: Batch) {
        let question = batch.question("Orla").text;
        let mut told: Vec<usize> = canaries_in(&question).collect();
        told.sort();
        told.dedup();
        told.truncate(20);
        let facts: Vec<_> = question
            .lines()
            .filter_map(|line| {
                let number: i64 = line.strip_prefix('[')?.split(']').next()?.parse().ok()?;
                let canary = canaries_in(line).next()?;
                let about = NAMES[self.canaries.get(canary)?.who];
                let fact = format!("{about} has a cat named {}.", word(canary));
                Some(json!({"about": about, "fact": fact, "sources": [number], "replaces": null}))
            })
            .collect();
        let all: Vec<String> = told.into_iter().map(word).collect();
        let summary = format!("Cats named {}.", all.join(", "));
        let answer = json!({"summary": summary, "facts": facts});
        let outcome = match batch.is_empty() {
            true => batch.nothing(),
            false => batch.read(&answer.to_string()).unwrap().outcome,
        };
        self.reading.push(UnderWay { batch, outcome });
    }

    async fn model_ends(&mut self, which: usize) {
        if self.reading.is_empty() {
            return;
        }
        let UnderWay { batch, outcome } = self.reading.remove(which % self.reading.len());
        self.memory
            .consolidate(&batch, outcome, self.now)
            .await
            .unwrap();
    }

    /// All that is known of anybody: where, what and in which words.
    async fn facts(&self) -> Vec<(ScopeId, FactId, String)> {
        let mut all = vec![];
        for scope in every_scope() {
            let page = self.store.facts_page(&scope, None, 0, 1_000).await.unwrap();
            all.extend(
                page.rows
                    .into_iter()
                    .map(|fact| (scope, fact.id, fact.text)),
            );
        }
        all
    }

    async fn nth_fact(&self, which: usize) -> Option<(ScopeId, FactId, String)> {
        let mut standing = vec![];
        for scope in every_scope() {
            let facts = self.store.facts(&scope, 1_000).await.unwrap();
            standing.extend(facts.into_iter().map(|fact| (scope, fact.id, fact.text)));
        }
        let nth = which.checked_rem(standing.len())?;
        Some(standing.swap_remove(nth))
    }

    /// Where the words of its message are kept no longer, nothing is left of it.
    async fn forgets_fact(&mut self, which: usize) {
        let Some((scope, fact, text)) = self.nth_fact(which).await else {
            return;
        };
        self.memory.forget_fact(&scope, fact).await.unwrap();
        let kept = self.store.latest_turns(&scope, 10_000).await.unwrap();
        for number in canaries_in(&text) {
            let canary = &mut self.canaries[number];
            canary.gone |= !kept
                .iter()
                .any(|turn| turn.messages.contains(&canary.message));
        }
    }

    /// Whoever corrects says the same in other words.
    async fn corrects(&mut self, which: usize) {
        let Some((scope, fact, text)) = self.nth_fact(which).await else {
            return;
        };
        let text = text.replace("has a cat", "has an old cat");
        let about = self.store.fact(&scope, fact).await.unwrap().unwrap().about;
        self.memory
            .correct(&scope, fact, about, &text, self.now)
            .await
            .unwrap();
    }

    async fn deletes(&mut self, which: usize) {
        let Some(number) = which.checked_rem(self.canaries.len()) else {
            return;
        };
        let message = self.canaries[number].message;
        self.memory.messages_deleted(vec![message]).await.unwrap();
        self.canaries[number].gone = true;
    }

    /// The message has a new word; the old one is to be found nowhere.
    async fn edits(&mut self, which: usize) {
        let Some(number) = which.checked_rem(self.canaries.len()) else {
            return;
        };
        let old = &self.canaries[number];
        let edited = Canary { ..*old };
        if old.gone || old.heard.is_none() {
            return;
        }
        let new = self.canaries.len();
        let text = format!("I have a cat named {}.", word(new));
        self.memory
            .message_edited(edited.message, self.now, text)
            .await
            .unwrap();
        self.canaries[number].gone = true;
        self.canaries.push(edited);
    }

    async fn sweep(&self) {
        self.store.drop_expired(KEEP, self.now).await.unwrap();
        self.store
            .prune_versions(self.now - TimeDelta::days(1))
            .await
            .unwrap();
        self.store
            .prune_forgotten(self.now - TimeDelta::days(7))
            .await
            .unwrap();
    }

    async fn keeps_for(&self, scope: &ScopeId) -> i64 {
        let set = match scope.guild {
            Some(guild) => self.store.retention_days(guild).await.unwrap(),
            None => None,
        };
        i64::from(set.unwrap_or(KEEP))
    }

    /// What a prompt could hold, place by place: as an error the first word that may not be in it.
    pub async fn look_into_minds(&self) -> Result<(), String> {
        for scope in every_scope() {
            let spec = WindowSpec::default();
            let window = self.memory.window(&scope, spec).await.unwrap();
            let known = self.memory.known(&scope).await.unwrap();
            let lost = self.canaries.iter().rposition(|canary| canary.gone);
            let question = lost.map(word).unwrap_or_default();
            let recalled = self
                .memory
                .recall(&scope, question.as_str(), &[], 4_000, self.now)
                .await
                .unwrap();
            let texts = window
                .iter()
                .map(|turn| turn.text.as_str())
                .chain(recalled.iter().map(|recalled| recalled.turn.text.as_str()))
                .chain(known.facts.iter().map(|fact| fact.text.as_str()))
                .chain([known.summary.as_str()]);
            for text in texts {
                if let Some(gone) = canaries_in(text).find(|n| self.canaries[*n].gone) {
                    return Err(format!(
                        "{} is in the mind of {scope:?}: {text}",
                        word(gone)
                    ));
                }
            }
            let other = canaries_in(&known.summary).find(|n| {
                let said = self.canaries[*n].scope;
                let is_above = (said.channel.get(), scope.channel.get()) == (10, 11);
                (said.guild, said.channel) != (scope.guild, scope.channel) && !is_above
            });
            if let Some(other) = other {
                return Err(format!("{} crossed to {scope:?}", word(other)));
            }
        }
        Ok(())
    }

    async fn end_what_is_under_way(&mut self) {
        while !self.reading.is_empty() {
            self.model_ends(0).await;
        }
        while !self.waiting.is_empty() {
            self.is_heard(0).await;
        }
        while !self.answering.is_empty() {
            self.is_answered(0).await;
        }
    }

    /// Ends what is under way, sweeps once more and reads every file: as an error the first word that may not be there.
    pub async fn look_into_files(&mut self) -> Result<(), String> {
        self.end_what_is_under_way().await;
        self.look_into_minds().await?;
        self.sweep().await;
        self.store.checkpoint().await.unwrap();
        let files = read_all(self.folder.path());
        let facts: String = self
            .facts()
            .await
            .into_iter()
            .map(|(.., text)| text)
            .collect();
        let in_files: std::collections::HashSet<usize> = canaries_in(&files).collect();
        for number in in_files {
            let canary = &self.canaries[number];
            if canary.gone {
                return Err(format!("{} is still in a file", word(number)));
            }
            let days = self.keeps_for(&canary.scope).await;
            let is_old = days > 0
                && canary.last_said < self.now - TimeDelta::days(days) - TimeDelta::hours(24);
            if is_old && !facts.contains(&word(number)) {
                return Err(format!(
                    "{} is kept for longer than {days} days",
                    word(number)
                ));
            }
        }
        Ok(())
    }

    /// How many words were said, and how many of them had to go.
    pub fn count(&self) -> (usize, usize) {
        let gone = self.canaries.iter().filter(|canary| canary.gone).count();
        (self.canaries.len(), gone)
    }
}

fn report() -> NewReport {
    NewReport {
        hold: HoldId(1),
        persona_version: 1,
        usual_cap: 100,
        shrunk: Shrunk::default(),
        window: None,
        sections: vec![],
    }
}

/// Every byte of the files of a folder, as text.
fn read_all(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
    all
}
