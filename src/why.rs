//! `familiar why`: what went into a reply, for the operator. References and scores; the words only when asked for.
//! It works beside a bot that runs on the same file.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use companion::report::{self, Reported, Told};
use ledger::PicoUsd;
use store::Store;
use store::facts::Fact;
use store::id::MessageId;
use store::reports::{Call, Fired, Item, Report, Source, Unreported};
use store::turns::{Author, Turn};

use crate::cli::WhyArgs;
use crate::config::Config;
use crate::setup;
use crate::table::table;

const GONE: &str = "no longer kept: forgotten, deleted or expired since";

/// Prints the report.
pub async fn run(path: &Path, args: &WhyArgs) -> anyhow::Result<ExitCode> {
    // Without a configuration the default data folder is meant, as a newcomer has it.
    let config = if path.exists() {
        Config::load(path)?
    } else {
        Config::default()
    };
    let message = args.message.as_deref().map(message).transpose()?;
    let store = setup::open_existing_store(&config).await?;
    let told = told(&store, message).await;
    store.close().await?;
    match told? {
        Told::Reply(reported) => {
            print!("{}", describe(&reported, args.words));
            Ok(ExitCode::SUCCESS)
        }
        Told::Unreported(what) => {
            println!("{}", unreported(&what));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// A message's id, alone or at the end of its link.
fn message(text: &str) -> anyhow::Result<MessageId> {
    let last = text.trim().trim_end_matches('/').rsplit('/').next();
    let id: u64 = last.unwrap_or_default().parse().with_context(|| {
        format!("“{text}” is neither a message's id nor its link; copy one of them in Discord")
    })?;
    Ok(id.into())
}

/// The report of this message, or of the answer to it, or of the newest reply.
async fn told(store: &Store, message: Option<MessageId>) -> anyhow::Result<Told> {
    let Some(message) = message else {
        let Some(newest) = report::newest(store).await? else {
            bail!("no reply is remembered yet, so there is nothing to say of one");
        };
        return Ok(newest);
    };
    let told = report::of(store, message, None).await?;
    if matches!(told, Told::Unreported(Unreported::Unknown))
        && let Some(answer) = store.remembered_answer(message).await?.first()
    {
        return Ok(report::of(store, *answer, None).await?);
    }
    Ok(told)
}

fn unreported(what: &Unreported) -> String {
    match what {
        Unreported::Greeting => {
            "A greeting from the persona's card: no model was asked, it cost nothing.".into()
        }
        Unreported::TooOld => "A reply from before reports were kept.".into(),
        Unreported::NoModel => {
            "No model answered and it cost nothing: a crisis card, a resting line or a notice."
                .into()
        }
        Unreported::NotKept(call) => format!(
            "{} at {} was asked ({}); nothing else is kept: memory was paused, the model said nothing, or it was forgotten since.",
            call.model,
            call.provider,
            cost(call)
        ),
        Unreported::Unknown => {
            "Nothing is known of that message: it is no reply of this bot, or it was forgotten. \
             familiar why without a message shows the newest reply."
                .into()
        }
    }
}

fn describe(reported: &Reported, words: bool) -> String {
    let report = &reported.report;
    let mut text = heading(report);
    let _ = writeln!(text, "\n{}", table(&sections(report)));
    let _ = writeln!(text, "{}", window(report));
    let mut items: Vec<&Item> = report.items().collect();
    items.sort_by(|a, b| score(&b.source).total_cmp(&score(&a.source)));
    if items.is_empty() {
        text.push_str("Nothing was recalled, no fact and no lore went along.\n");
        return text;
    }
    let mut rows = vec![["what", "tokens", "why", "where"].map(str::to_owned)];
    rows.extend(items.iter().map(|item| row(reported, item)));
    let _ = write!(text, "\n{}", table(&rows));
    if words {
        text.push('\n');
        for item in items {
            if let Some(words) = words_of(report, &item.source) {
                let _ = writeln!(text, "{}: {words}", name(reported, &item.source));
            }
        }
    } else if items
        .iter()
        .any(|item| words_of(report, &item.source).is_some())
    {
        text.push_str("\nThe words are private to those who said them; --words prints them too.\n");
    }
    text
}

fn heading(report: &Report) -> String {
    let reply = &report.reply;
    let mut text = format!(
        "{} (version {}) replied at {} UTC, {}\n",
        reply.author_name,
        report.persona_version,
        minute(reply.at),
        place(reply)
    );
    let _ = match &report.asked {
        Some(asked) => writeln!(text, "answers   {}", place(asked)),
        None => writeln!(text, "answers   {GONE}"),
    };
    let Some(call) = &report.call else {
        text.push_str("model     the ledger has no such call any more\n");
        return text;
    };
    let _ = writeln!(
        text,
        "model     {} at {}, cap {} of {}",
        call.model, call.provider, call.cap, report.usual_cap
    );
    let _ = writeln!(
        text,
        "cost      {}; {} and {} tokens were set aside",
        cost(call),
        PicoUsd(call.held_usd),
        call.held_tokens
    );
    let _ = writeln!(text, "request   {}", shrunk(report));
    text
}

fn shrunk(report: &Report) -> String {
    let shrunk = report.shrunk;
    let ways = [
        (shrunk.cheaper, "the cheaper model"),
        (shrunk.lean, "fewer memories"),
        (shrunk.brief, "asked to come to the point"),
    ];
    let mut ways: Vec<&str> = ways.iter().filter(|way| way.0).map(|way| way.1).collect();
    let cap = report.call.as_ref().map(|call| call.cap);
    if cap.is_some_and(|cap| cap < report.usual_cap) {
        ways.push("a lower cap");
    }
    match ways.is_empty() {
        true => "the whole request, nothing was left out".to_owned(),
        false => format!(
            "made smaller to fit the budget (rung {} of the ladder): {}",
            shrunk.step + 1,
            ways.join(", ")
        ),
    }
}

fn cost(call: &Call) -> String {
    let tokens = match (call.input, call.output) {
        (Some(input), Some(output)) => {
            let cached = call.cached_input.unwrap_or_default();
            format!("{input} ({cached} cached) + {output} tokens")
        }
        _ => format!("{} tokens", call.tokens.unwrap_or(call.held_tokens)),
    };
    let usd = PicoUsd(call.usd.unwrap_or(call.held_usd));
    format!("{usd}, {tokens}, {}", call.state.replace('_', " "))
}

fn sections(report: &Report) -> Vec<[String; 4]> {
    let mut rows = vec![["section", "tokens", "share", "limit"].map(str::to_owned)];
    rows.extend(report.sections.iter().map(|section| {
        let (share, limit) = match &section.share {
            Some(share) => (share.name.clone(), share.limit.to_string()),
            None => ("none".to_owned(), String::new()),
        };
        let tokens = section.tokens.to_string();
        [section.name.clone(), tokens, share, limit]
    }));
    let sum: u32 = report.sections.iter().map(|section| section.tokens).sum();
    rows.push([
        "all".to_owned(),
        sum.to_string(),
        String::new(),
        String::new(),
    ]);
    rows
}

fn window(report: &Report) -> String {
    match report.window {
        Some((first, last)) => format!("Turns {first} to {last} went along word for word."),
        None => "No turn went along word for word.".to_owned(),
    }
}

fn row(reported: &Reported, item: &Item) -> [String; 4] {
    let report = &reported.report;
    let (why, place) = match &item.source {
        Source::Turn {
            id,
            score,
            words,
            neighbours,
            meaning,
            speaker,
        } => {
            let mut why = format!("score {score:.3}: words {words:.2}, neighbours {neighbours:.2}");
            if *meaning > 0.0 {
                let _ = write!(why, ", meaning {meaning:.2}");
            }
            if *speaker {
                why.push_str(", speaker named");
            }
            (why, report.turns.get(id).map(place))
        }
        Source::Fact { id, brought_up } => {
            let why = match brought_up {
                true => "the message brought it up",
                false => "always in mind here",
            };
            (why.to_owned(), report.facts.get(id).map(sources))
        }
        Source::Lore { entry, because } => {
            let why = match because {
                Fired::Always => "always there".to_owned(),
                Fired::Key(back) => format!("a key of it {back} messages back"),
                Fired::Lore => "a key of it in other lore".to_owned(),
            };
            (why, reported.entry(*entry).map(|_| "the card".to_owned()))
        }
    };
    [
        name(reported, &item.source),
        item.tokens.to_string(),
        why,
        place.unwrap_or_else(|| GONE.to_owned()),
    ]
}

fn name(reported: &Reported, source: &Source) -> String {
    match source {
        Source::Turn { id, .. } => match reported.report.turns.get(id) {
            Some(turn) => format!("turn {}", turn.number),
            None => "a turn".to_owned(),
        },
        Source::Fact { id, .. } => format!("fact {id}"),
        Source::Lore { entry, .. } => match reported.entry(*entry) {
            Some(label) => format!("lore “{label}”"),
            None => format!("lore {entry}"),
        },
    }
}

fn words_of<'a>(report: &'a Report, source: &Source) -> Option<&'a str> {
    match source {
        Source::Turn { id, .. } => report.turns.get(id).map(|turn| turn.text.as_str()),
        Source::Fact { id, .. } => report.facts.get(id).map(|fact| fact.text.as_str()),
        Source::Lore { .. } => None,
    }
}

fn score(source: &Source) -> f32 {
    match source {
        Source::Turn { score, .. } => *score,
        _ => -1.0,
    }
}

/// Who said a turn, and where it stands on Discord.
fn place(turn: &Turn) -> String {
    let who = match turn.author {
        Author::Person(user) => format!("by {user}, "),
        Author::Persona => String::new(),
    };
    let message = turn.messages.first().map(MessageId::to_string);
    let guild = turn.scope.guild.map(|guild| guild.to_string());
    format!(
        "{who}https://discord.com/channels/{}/{}/{}",
        guild.as_deref().unwrap_or("@me"),
        turn.scope.channel,
        message.unwrap_or_default()
    )
}

fn sources(fact: &Fact) -> String {
    let messages: Vec<String> = fact.sources.iter().map(MessageId::to_string).collect();
    let superseded = match fact.superseded {
        Some(_) => ", superseded since",
        None => "",
    };
    format!(
        "about {}, messages {}{superseded}",
        fact.about,
        messages.join(", ")
    )
}

fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_named_by_its_id_or_its_link() {
        for text in [
            "789",
            " 789 ",
            "https://discord.com/channels/123/456/789",
            "https://ptb.discord.com/channels/@me/456/789/",
        ] {
            assert_eq!(message(text).ok(), Some(789.into()), "{text}");
        }
        assert!(message("the last one").is_err());
    }
}
