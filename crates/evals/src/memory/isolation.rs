//! `isolation`: secrets in many channels of many servers and in direct messages, and messages that try to pull them across,
//! some of them kept as memories. No prompt may hold what another place knows.
//!
//! Each message goes the whole way through the bot, and what is looked at is the prompt that arrives at the model: recent
//! turns, recalled ones, summary, facts and lore. Once by words alone, once by meaning too, with a model of meaning under
//! which all secrets are alike. Then, where people have said that something may be read elsewhere, that it is, and that
//! nothing else is.

mod alike;
mod places;
mod reach;

use std::sync::Arc;

use ::memory::Embedder;
use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta};
use discord_sim::actor::{Channel, Person};
use model_sim::{ModelSim, Reply};

use super::hearth::{Hearth, Manner};
use super::prompt::Sent;
use alike::Alike;
use places::{Place, Source};

/// Turns are read for their meaning after so many prompts.
const READ_EVERY: usize = 25;

/// How much.
#[derive(clap::Args)]
pub struct Args {
    /// Messages that try to pull something across
    #[arg(long, default_value_t = 500)]
    prompts: usize,
    /// Messages in and around threads that read the channel above, and by people with a profile
    #[arg(long, default_value_t = 245)]
    reaching: usize,
}

/// Measures, prints, and says whether nothing crossed.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let by_words = try_all(args, None).await?;
    let by_meaning = try_all(args, Some(Arc::new(Alike))).await?;
    Ok(by_words && by_meaning)
}

async fn try_all(args: &Args, embedder: Option<Arc<dyn Embedder>>) -> anyhow::Result<bool> {
    let how = match embedder {
        Some(_) => "by meaning too",
        None => "by words",
    };
    let model = ModelSim::start().await;
    // A model that tells all it has read would put a secret that crossed once into the memory there.
    model.always(|prompt| Reply::text(prompt.all_text().chars().take(1_500).collect::<String>()));
    let manner = Manner {
        endpoint: model.openai_url(),
        model: "sim".to_owned(),
        context_window: 16_384,
        cap: 400,
        consolidate_every: 0,
        card: None,
        embedder,
    };
    let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default();
    let hearth = Hearth::light(manner, now).await?;
    println!("{how}:");
    let apart = pull(&hearth, &model, args.prompts).await?;
    let within_reach = reach::pull(&hearth, &model, args.reaching).await?;
    hearth.out().await;
    Ok(apart && within_reach)
}

/// Nothing may be read anywhere but where it was said.
async fn pull(hearth: &Hearth, model: &ModelSim, prompts: usize) -> anyhow::Result<bool> {
    let (places, elsewhere) = places::build(hearth).await?;
    while hearth.memory().read_some().await? > 0 {}
    let (mut crossings, mut own) = (0, [0_usize; Source::ALL.len()]);
    for n in 0..prompts {
        let here = &places[n % places.len()];
        let target = &places[(n * 7 + 1 + n / places.len()) % places.len()];
        let text = here.pull(target, n);
        let prompt = prompt(hearth, model, (&here.person, &here.channel), &text).await?;
        for place in places
            .iter()
            .filter(|place| !place.same(here))
            .chain(&elsewhere)
        {
            for source in Source::ALL {
                // A server's lore is known in all of its channels.
                let known = source == Source::Lore && place.guild == here.guild;
                if !known && prompt.contains(&place.secret(source)) {
                    crossings += 1;
                    println!(
                        "{text:?} in {:?} brought {source:?} of {:?}",
                        here.scope, place.scope
                    );
                }
            }
        }
        for (count, source) in own.iter_mut().zip(Source::ALL) {
            *count += usize::from(prompt.contains(&here.secret(source)));
        }
        if n % READ_EVERY == 0 {
            while hearth.memory().read_some().await? > 0 {}
        }
    }
    println!(
        "    {} channels in {} servers, {} direct, {} as another persona remembers them; {} prompts, crossings {crossings}",
        places.iter().filter(|place| place.guild.is_some()).count(),
        places::GUILDS,
        places::DIRECT,
        elsewhere.len(),
        prompts,
    );
    let seen: Vec<String> = Source::ALL
        .iter()
        .zip(own)
        .map(|(source, count)| format!("{source:?} {count}"))
        .collect();
    println!(
        "      prompts that held their own place's secret: {}",
        seen.join(", ")
    );
    ensure!(
        own.iter().all(|count| *count > 0),
        "a source never reached a prompt, so it could not cross either"
    );
    Ok(crossings == 0)
}

/// Somebody says something somewhere; the prompt that arrives at the model.
async fn prompt(
    hearth: &Hearth,
    model: &ModelSim,
    (who, channel): (&Person, &Channel),
    text: &str,
) -> anyhow::Result<String> {
    hearth.clock.advance(TimeDelta::minutes(1));
    let asked = model.generations().len();
    hearth.ask(who, channel, text).await?;
    let sent = model.generations().into_iter().nth(asked);
    let sent = sent.with_context(|| format!("the model was not asked about {text:?}"))?;
    Ok(Sent::read(&sent.body).text())
}

impl Place {
    /// Whether this is the same place, as the same persona remembers it.
    fn same(&self, other: &Self) -> bool {
        self.scope == other.scope
    }
}
