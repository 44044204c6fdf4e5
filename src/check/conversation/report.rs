//! What is printed of a talk: how far it is, what was found, what it took and cost, and the verdict.

use std::io::Write as _;
use std::time::Duration;

use companion::House;
use companion::house::Model;
use ledger::{PicoUsd, Purpose, Refusal, Rehearsed, Scope};

use super::Conversation;
use super::findings::{Verdict, findings, verdict};
use crate::answers::judge;
use crate::answers::script::{Kind, Talk, Turn};
use crate::answers::stage::Exchange;

/// Characters of a reply that are shown.
const SHOWN: usize = 160;
/// A talk in which half of the replies take longer than this is slow.
const SLOW: Duration = Duration::from_secs(30);

/// How far the talk is.
pub struct Progress {
    messages: usize,
    reads: bool,
}

impl Progress {
    /// Says what is going to be played.
    pub fn begin(talk: &Talk, house: &House, language: &str) -> Self {
        let messages = talk.turns.len();
        println!(
            "{} talks with {} in {}: {messages} messages, through the bot as it is, to {}. Nothing of it is remembered. Ctrl-C ends it.",
            talk.person,
            called(&talk.persona),
            in_english(language),
            house.model.provider.terms().key
        );
        let reads = house.manner.consolidate_every > 0;
        let progress = Self { messages, reads };
        progress.message(0);
        progress
    }

    /// A message was answered; the next one is on its way.
    pub fn heard(&self, at: usize, exchange: &Exchange) {
        println!("{:.1} s", exchange.whole.as_secs_f64());
        match at + 1 < self.messages {
            true if exchange.is_answer => self.message(at + 1),
            false if self.reads && exchange.is_answer => {
                println!("what was said is read for facts and a summary …");
            }
            _ => {}
        }
    }

    fn message(&self, at: usize) {
        print!("message {} of {} … ", at + 1, self.messages);
        let _ = std::io::stdout().flush();
    }
}

/// Tells of a talk, and says whether the model can be a companion.
pub fn tell(conversation: &Conversation<'_>, model: &Model) -> bool {
    println!();
    let Conversation {
        talk,
        language,
        tally,
        played,
        ..
    } = conversation;
    let found = findings(tally, called(&talk.persona), in_english(language));
    for finding in &found {
        println!("{finding}");
    }
    if played.read == 0 && played.exchanges.len() == talk.turns.len() {
        println!("note   the talk was not read into memory, so nothing is said of facts");
    }
    for line in missed(conversation) {
        println!("note   {line}");
    }
    for line in times(conversation)
        .into_iter()
        .chain(cost(conversation, model))
    {
        println!("note   {line}");
    }
    println!();
    if let Some(why) = ended_early(conversation) {
        println!("{why}");
        return false;
    }
    let verdict = verdict(&found, tally);
    println!("{verdict}");
    matches!(verdict, Verdict::Companion(_))
}

/// Why the talk was not played to its end.
fn ended_early(conversation: &Conversation<'_>) -> Option<String> {
    let Conversation {
        talk,
        played,
        refusal,
        ..
    } = conversation;
    let (answered, messages) = (conversation.verdicts.len(), talk.turns.len());
    if answered == messages {
        return None;
    }
    let so_far = format!("{answered} of {messages} messages were answered, so there is no verdict");
    Some(match (played.exchanges.last(), refusal) {
        (_, Some(refusal)) => format!("{so_far}: {}.", in_words(refusal)),
        (Some(last), None) if !last.is_answer => format!(
            "{so_far}: the model did not answer. People would read: {}. `familiar check` says more.",
            readable(&format!("{}\n{}", last.reply, last.small)).trim_end_matches('.')
        ),
        _ => format!("{so_far}: it was broken off. What runs was ended and paid for."),
    })
}

fn in_words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::OverLimit {
            scope: Scope::Instance,
            period,
            resets_at,
            ..
        } => format!(
            "the bot's own budget of the {period} has no room for another reply until {} UTC. Raise budget.instance_{period} to go on before",
            resets_at.format("%Y-%m-%d %H:%M")
        ),
        other => other.to_string(),
    }
}

/// Questions that were answered otherwise than one hopes.
fn missed(conversation: &Conversation<'_>) -> Vec<String> {
    let exchanges = conversation
        .talk
        .turns
        .iter()
        .zip(&conversation.played.exchanges);
    let judged = exchanges.zip(&conversation.verdicts);
    let missed = judged.filter(|((turn, _), verdict)| is_missed(turn, verdict));
    missed
        .map(|((turn, exchange), _)| {
            format!(
                "to “{}” it said: {}",
                readable(&turn.say),
                readable(&exchange.reply)
            )
        })
        .collect()
}

fn is_missed(turn: &Turn, verdict: &judge::Verdict) -> bool {
    let of_its_kind = match turn.kind {
        Kind::Ask => !verdict.uses,
        Kind::False => verdict.accepts_false,
        Kind::Trap => verdict.lore_for_memory,
        Kind::Tell | Kind::Talk => false,
    };
    of_its_kind || verdict.swaps
}

/// One line that a terminal can show.
fn readable(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn times(conversation: &Conversation<'_>) -> Option<String> {
    let of = |time: fn(&Exchange) -> Duration| {
        let answers = conversation.played.exchanges.iter();
        let mut all: Vec<Duration> = answers.filter(|one| one.is_answer).map(time).collect();
        all.sort_unstable();
        Some((*all.get(all.len() / 2)?, *all.last()?))
    };
    let ((first, _), (whole, slowest)) = (of(|one| one.first)?, of(|one| one.whole)?);
    let slow = match whole > SLOW {
        true => "; people wait long for this",
        false => "",
    };
    Some(format!(
        "half of the replies begin within {:.1} s and are whole within {:.1} s, the slowest took {:.1} s{slow}",
        first.as_secs_f64(),
        whole.as_secs_f64(),
        slowest.as_secs_f64()
    ))
}

/// What replies took, and what all of it has cost.
fn cost(conversation: &Conversation<'_>, model: &Model) -> Vec<String> {
    let calls = &conversation.calls;
    let ran = |rehearsed: &&Rehearsed| rehearsed.call.state != "void";
    let replies: Vec<&Rehearsed> = calls
        .iter()
        .filter(ran)
        .filter(|rehearsed| rehearsed.purpose == Purpose::Reply)
        .collect();
    let mut lines = vec![];
    let many = i64::try_from(replies.len()).unwrap_or(i64::MAX);
    if many > 0 {
        let sum = |part: fn(&Rehearsed) -> i64| replies.iter().map(|one| part(one)).sum::<i64>();
        let tokens = sum(|one| one.call.tokens.unwrap_or(one.call.held_tokens)) / many;
        let output = sum(|one| one.call.output.unwrap_or_default()) / many;
        let usd = PicoUsd(sum(|one| one.call.usd.unwrap_or(one.call.held_usd)) / many);
        let price = match model.provider.terms().local {
            true => "is free".to_owned(),
            false => format!("costs about {usd}"),
        };
        lines.push(match replies.iter().any(|one| one.call.output.is_none()) {
            true => format!("a reply counts as about {tokens} tokens and {price}; some came without a usage report and count with all that was set aside"),
            false => format!("a reply takes about {tokens} tokens, {output} of them its own, and {price}"),
        });
    }
    let key = &model.provider.terms().key;
    let others = replies
        .iter()
        .filter(|one| one.call.model != key.model || one.call.provider != key.provider);
    match others.count() {
        0 => {}
        others => lines.push(format!(
            "{others} of {many} replies came from the cheaper model, for the budget runs low"
        )),
    }
    let all = calls
        .iter()
        .map(|one| one.call.usd.unwrap_or(one.call.held_usd));
    let tokens = calls
        .iter()
        .map(|one| one.call.tokens.unwrap_or(one.call.held_tokens));
    lines.push(format!(
        "all of it took {} calls with {} tokens and cost {}; it stands in the ledger as probes",
        calls.iter().filter(ran).count(),
        tokens.sum::<i64>(),
        PicoUsd(all.sum())
    ));
    lines
}

/// What a bundled persona is called.
fn called(slug: &str) -> &str {
    persona::bundled::by_slug(slug).map_or(slug, |bundled| bundled.card.called())
}

fn in_english(language: &str) -> &'static str {
    match language {
        "zh" => "Chinese",
        _ => "English",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_says_cannot_steer_the_terminal() {
        assert_eq!(readable("a\u{1b}[2Jb\r\n  c\u{7}"), "a[2Jb c");
        let long = "灯".repeat(200);
        assert_eq!(readable(&long).chars().count(), SHOWN + 1);
    }
}
