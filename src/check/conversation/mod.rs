//! `familiar check --talk`: a short talk with the operator's own model, through the bot as it is, and what the model can and
//! cannot do as a companion. What is said is thrown away; what it costs is a probe in the operator's books, like any other.

mod ability;
mod aside;
mod findings;
mod most;
mod report;
mod short;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use companion::House;
use ledger::{PicoUsd, Refusal, Rehearsed};
use tokio_util::sync::CancellationToken;

use super::PRICES;
use crate::answers::script::Talk;
use crate::answers::stage::{self, Exchange, Played, Stage};
use crate::answers::tally::Tally;
use crate::answers::{Judge, judge::Verdict};
use crate::cli::CheckArgs;
use crate::config::Config;
use crate::{run, setup, upkeep};
use report::Progress;

/// A talk as far as it was played.
struct Conversation<'a> {
    talk: &'a Talk,
    language: &'a str,
    tally: Tally,
    verdicts: Vec<Verdict>,
    played: Played,
    calls: Vec<Rehearsed>,
    refusal: Option<Refusal>,
}

/// Plays a talk, and succeeds only if the model can be a companion.
pub async fn run(path: &Path, args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(path)?;
    let usual = &config.instance.default_persona;
    let talk = short::talk(&args.language, args.persona.as_deref(), usual)?;
    let house = setup::open_house_beside(&config).await?;
    let done = with(&config, &house, &talk, args).await;
    house.ledger.close().await;
    house.store.close().await?;
    done
}

async fn with(
    config: &Config,
    house: &House,
    talk: &Talk,
    args: &CheckArgs,
) -> anyhow::Result<ExitCode> {
    upkeep::refresh(&house.ledger, &upkeep::models(house), PRICES).await;
    let model = house.model.provider.terms().key.to_string();
    let messages = talk.turns.len();
    let most = match most::of(config, house, messages) {
        Ok(most) => most,
        Err(error) => {
            println!("WRONG  {model}: nothing was asked: {error}");
            return Ok(ExitCode::FAILURE);
        }
    };
    if let Err(declined) = most::agree(&model, messages, most, args.yes).await {
        println!("note   {model}: {declined}");
        return Ok(ExitCode::FAILURE);
    }
    let conversation = converse((config, house), talk, &args.language, most).await?;
    Ok(match report::tell(&conversation, &house.model) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Plays the talk until it is over, no model answers, or somebody has had enough of it.
async fn converse<'a>(
    (config, house): (&Config, &House),
    talk: &'a Talk,
    language: &'a str,
    most: PicoUsd,
) -> anyhow::Result<Conversation<'a>> {
    let stop = CancellationToken::new();
    let enough = run::stop_signal().context("the stop signals cannot be heard")?;
    let waiting = tokio::spawn({
        let stop = stop.clone();
        async move {
            enough.await;
            stop.cancel();
        }
    });
    let ledger = house.ledger.rehearsing(most);
    let (mut tally, mut verdicts) = (Tally::default(), vec![]);
    let mut judge = Judge::of(&talk.persona, language)?;
    let progress = Progress::begin(talk, house, language);
    let played = stage::aside(async |data| {
        let stage = Stage {
            house: aside::house((config, house), ledger.clone(), talk, data).await?,
            relay: None,
            stop: stop.clone(),
        };
        let heard = |at: usize, exchange: &Exchange| {
            progress.heard(at, exchange);
            // What the house says in its place is no reply to judge, and the next message would fare no better.
            if !exchange.is_answer {
                return stop.cancel();
            }
            let turn = &talk.turns[at];
            let verdict = judge.hears(turn, &exchange.reply);
            tally.count(turn.kind, &verdict);
            verdicts.push(verdict);
        };
        stage.play(talk, heard).await
    })
    .await;
    waiting.abort();
    let played = played?;
    tally.count_talk(talk, &played, &verdicts);
    // Facts count as far as the talk was read: a model of many words has some of it left for the next reading.
    let read = played.read.min(talk.turns.len());
    if read > 0 {
        tally.count_facts(&talk.person, &talk.turns[..read], &played.facts);
    }
    Ok(Conversation {
        talk,
        language,
        tally,
        verdicts,
        played,
        calls: ledger.rehearsed().await?,
        refusal: ledger.last_refusal(),
    })
}
