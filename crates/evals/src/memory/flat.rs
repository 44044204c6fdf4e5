//! `flat-cost`: what a reply's prompt takes in a channel of a hundred messages, and of a hundred thousand.
//!
//! The prompt is the one that arrives at the provider after the whole way of a message through the bot; summary, facts and
//! lore stand in it. People ask things that bring much back, and also just talk on. Beside it stands what a bot would pay
//! that sends the whole history along.

mod report;

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta};
use discord_sim::actor::{Channel, Person};
use model_sim::{ModelSim, Reply};
use serde_json::{Value, json};
use store::consolidations::{Consolidated, Reading};
use store::facts::{NewFact, Origin};

use super::hearth::{Hearth, Manner};
use super::prompt::{Sent, message_tokens};
use super::smalltalk::{Smalltalk, heard, moment, said};
use report::{Prompts, Row};

/// Messages of the smallest history; each next one is ten times as long.
const SMALLEST: u64 = 100;
/// Channels of the smallest history, so that the questions themselves do not make it much longer.
const CHANNELS: u64 = 8;
/// The longest summary that consolidation keeps, about.
const SUMMARY_TOKENS: usize = 240;
/// Facts that are known, half of them of each person.
const FACTS: usize = 60;
/// Tokens of the model's context window.
const WINDOW: u32 = 16_384;
const CARD: &[u8] = include_bytes!("../../../../personas/orla/card.json");

/// How much.
#[derive(clap::Args)]
pub struct Args {
    /// Messages of the longest history
    #[arg(long, default_value_t = 100_000)]
    most: u64,
    /// Replies of each kind at each size
    #[arg(long, default_value_t = 32)]
    replies: u64,
    /// Talk of this file in LoCoMo's format, instead of everyday sentences
    #[arg(long)]
    talk: Option<PathBuf>,
    /// Print one of the longest prompts
    #[arg(long)]
    show: bool,
}

/// Measures, prints, and says whether the bounds hold.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let model = ModelSim::start().await;
    let mut replies = Smalltalk::from(args.talk.as_deref(), 5)?;
    let lines: Vec<String> = (0..500).map(|_| replies.line()).collect();
    model.always(move |prompt| {
        let heard = prompt.last_user().bytes().map(usize::from).sum::<usize>();
        Reply::text(lines[heard % lines.len()].clone())
    });
    let manner = Manner {
        endpoint: model.openai_url(),
        model: "sim".to_owned(),
        context_window: WINDOW,
        cap: 400,
        consolidate_every: 0,
        card: Some(card()?),
        embedder: None,
    };
    let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default();
    let hearth = Hearth::light(manner, now).await?;
    let mut told = Smalltalk::from(args.talk.as_deref(), 3)?;
    let mut stage = Stage {
        ada: hearth.guild.add_member("Ada"),
        bo: hearth.guild.add_member("Bo"),
        talk: Smalltalk::from(args.talk.as_deref(), 1)?,
        questions: (0..args.replies).map(|_| told.question()).collect(),
        lines: (0..args.replies).map(|_| told.line()).collect(),
        hearth,
        model,
        seen: 0,
    };
    let mut rows = Vec::new();
    let sizes = std::iter::successors(Some(SMALLEST), |size| Some(size * 10));
    for size in sizes.take_while(|size| *size <= args.most) {
        rows.push(stage.measure(size, args.replies).await?);
    }
    stage.hearth.out().await;
    if args.show
        && let Some(longest) = rows
            .iter()
            .filter_map(Row::longest)
            .max_by_key(Sent::tokens)
    {
        println!("{}\n", longest.text());
    }
    report::print(&rows)?;
    Ok(report::judge(&rows))
}

/// The bot, its model, and those who talk.
struct Stage {
    hearth: Hearth,
    model: ModelSim,
    ada: Person,
    bo: Person,
    talk: Smalltalk,
    /// What is asked, and what is just said, in histories of each size: the same, so that only the size differs.
    questions: Vec<String>,
    lines: Vec<String>,
    /// Requests that were looked at.
    seen: usize,
}

impl Stage {
    /// What prompts take in channels with so many messages.
    async fn measure(&mut self, size: u64, replies: u64) -> anyhow::Result<Row> {
        let channels = (CHANNELS * SMALLEST / size).max(1);
        let mut row = Row::new(size);
        for n in 0..channels {
            let channel = self
                .hearth
                .guild
                .add_channel(format!("{size}-{n}").as_str());
            let history = self.fill(&channel, size).await?;
            self.learn(&channel).await?;
            let each = (replies / channels).max(1);
            let part = |all: &[String]| -> Vec<String> {
                let skipped = all.iter().skip((n * each) as usize);
                skipped.take(each as usize).cloned().collect()
            };
            let (questions, lines) = (part(&self.questions), part(&self.lines));
            self.replies(&channel, questions, &mut row.asks).await?;
            self.replies(&channel, lines, &mut row.talk).await?;
            row.whole = history + row.asks.frame();
        }
        Ok(row)
    }

    /// Has so many messages said in a channel, and says how many tokens all of them take.
    async fn fill(&mut self, channel: &Channel, size: u64) -> anyhow::Result<usize> {
        let (scope, now) = (self.hearth.scope(channel), self.hearth.house.clock.now());
        let people = [&self.ada, &self.bo].map(|person| (person.id.get().into(), &*person.name));
        let mut tokens = 0;
        let turns = (1..=size).map(|number| {
            let (text, at) = (self.talk.line(), moment(now, number, size));
            match number % 2 {
                0 => {
                    tokens += message_tokens("assistant", &text);
                    said(scope, text, at)
                }
                _ => {
                    let by = people[(number / 2 % 2) as usize];
                    tokens += message_tokens("user", &format!("{}: {text}", by.1));
                    heard(scope, by, text, at)
                }
            }
        });
        self.hearth.hears(turns).await?;
        Ok(tokens)
    }

    /// Gives the persona a summary and facts of a channel, as many as consolidation ever keeps in a prompt.
    async fn learn(&mut self, channel: &Channel) -> anyhow::Result<()> {
        let (scope, now) = (self.hearth.scope(channel), self.hearth.house.clock.now());
        let mut summary = String::new();
        loop {
            let longer = format!("{summary} {}", self.talk.line());
            if ::memory::tokens(&longer) > SUMMARY_TOKENS {
                break;
            }
            summary = longer;
        }
        let learned = (0..FACTS).map(|n| {
            let person = [&self.ada, &self.bo][n % 2];
            let said = self.talk.line();
            let words: Vec<&str> = said.split_whitespace().take(14).collect();
            NewFact {
                about: person.id.get().into(),
                about_name: person.name.clone(),
                proxied: false,
                text: format!("{}: {}", person.name, words.join(" ")),
                sources: vec![],
                supersedes: None,
                origin: Origin::Extracted,
            }
        });
        let outcome = Consolidated {
            epoch: 0,
            reading: Reading::Summary,
            through: 0,
            learned: learned.collect(),
            summary: Some(summary.trim().to_owned()),
            confirmed: vec![],
        };
        let kept = self
            .hearth
            .house
            .store
            .consolidate(&scope, outcome, now)
            .await?;
        ensure!(kept, "the summary and the facts were not kept");
        Ok(())
    }

    /// Ada says these texts, one after the other.
    async fn replies(
        &mut self,
        channel: &Channel,
        texts: Vec<String>,
        prompts: &mut Prompts,
    ) -> anyhow::Result<()> {
        let mut before = None;
        for text in texts {
            self.hearth.clock.advance(TimeDelta::minutes(1));
            let spoke = self.hearth.ask(&self.ada, channel, &text).await?;
            ensure!(spoke, "the persona did not answer {text:?}");
            let sent: Vec<Sent> = self.model.generations()[self.seen..]
                .iter()
                .map(|request| Sent::read(&request.body))
                .collect();
            self.seen += sent.len();
            let last = sent.into_iter().last().context("the model was not asked")?;
            prompts.add(before.replace(last.clone()), last);
        }
        Ok(())
    }
}

/// Orla's card, with a piece of lore that is always there.
fn card() -> anyhow::Result<Vec<u8>> {
    let mut card: Value = serde_json::from_slice(CARD).context("Orla's card cannot be read")?;
    let light = card
        .pointer_mut("/data/character_book/entries/0/constant")
        .context("Orla's card has no lore")?;
    *light = json!(true);
    Ok(serde_json::to_vec(&card)?)
}
