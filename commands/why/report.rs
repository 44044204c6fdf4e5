//! A reply's report in words, for one person: what is theirs is shown, what is others' is only counted or linked to.

use companion::report::Reported;
use ledger::PicoUsd;
use memory::{Author, Fact, Turn};
use store::id::{FactId, TurnId, UserId};
use store::reports::{Call, Fired, Section, Source};

use crate::budget::amounts::grouped;
use crate::memory::facts::written_by;
use crate::memory::link;
use crate::sheet::Sheet;
use crate::texts::{Locale, find, say, shortened};

/// Characters of each memory that are shown; its link leads to the rest.
const SHOWN: usize = 80;
/// Recalled memories that are listed, the best first.
const MEMORIES: usize = 5;
/// Facts that are listed.
const FACTS: usize = 4;
/// Entries of the lorebook that are named.
const ENTRIES: usize = 6;
/// Less than this is no reason.
const SOMETHING: f32 = 0.05;

/// The report as this person may see it: one message, or two where it is long.
pub(super) fn texts(reported: &Reported, asker: UserId, locale: Locale) -> Vec<String> {
    let view = View {
        reported,
        asker,
        locale,
    };
    let mut first = Sheet::default();
    first.line(&view.title());
    first.line(&view.call());
    first.line(&view.size());
    first.line(&say!(locale, "why-hint"));
    first.section(&say!(locale, "why-sections"), &view.sections());
    let mut second = Sheet::default();
    second.section(&say!(locale, "why-recalled"), &view.memories());
    second.section(&say!(locale, "why-facts"), &view.facts());
    second.section(&say!(locale, "why-lore"), &view.lore());
    let (text, second) = (first.text(), second.text());
    let mut whole = Sheet::default();
    if second.is_empty() || whole.line(&text) && whole.line(&second) {
        return vec![if second.is_empty() {
            text
        } else {
            whole.text()
        }];
    }
    vec![text, second.trim_start().to_owned()]
}

/// What a call cost: tokens, and money where there is any.
pub(super) fn cost(call: &Call, locale: Locale) -> String {
    let (Some(usd), Some(tokens)) = (call.usd, call.tokens) else {
        return say!(locale, "why-cost-open", tokens: grouped(call.held_tokens));
    };
    let tokens = match (call.input, call.output) {
        (Some(input), Some(output)) => {
            say!(locale, "cost-reported", input: grouped(input), output: grouped(output))
        }
        _ if call.state == "posted_input" => say!(locale, "cost-prompt", tokens: grouped(tokens)),
        _ => say!(locale, "cost-held", tokens: grouped(tokens)),
    };
    let price = match PicoUsd(usd) {
        PicoUsd::ZERO => say!(locale, "cost-free"),
        usd => usd.to_string(),
    };
    say!(locale, "why-cost", tokens: tokens, price: price)
}

struct View<'a> {
    reported: &'a Reported,
    asker: UserId,
    locale: Locale,
}

impl View<'_> {
    fn title(&self) -> String {
        let report = &self.reported.report;
        let name = report.reply.author_name.as_str();
        let asked = report.asked.as_ref().and_then(|asked| {
            let message = asked.messages.first()?;
            Some(link(&asked.scope, *message))
        });
        match asked {
            Some(link) => say!(self.locale, "why-title", name: name, link: link),
            None => say!(self.locale, "why-title-alone", name: name),
        }
    }

    fn call(&self) -> String {
        let Some(call) = &self.reported.report.call else {
            return say!(self.locale, "why-call-gone");
        };
        let held = match PicoUsd(call.held_usd) {
            PicoUsd::ZERO => say!(self.locale, "tokens", count: grouped(call.held_tokens)),
            usd => usd.to_string(),
        };
        say!(
            self.locale, "why-call",
            model: call.model.as_str(),
            cost: cost(call, self.locale),
            cap: call.cap,
            held: held,
        )
    }

    /// Whether and how the request was made smaller.
    fn size(&self) -> String {
        let (locale, report) = (self.locale, &self.reported.report);
        let cap = report.call.as_ref().map(|call| call.cap);
        let shorter = cap.filter(|cap| *cap < report.usual_cap);
        let mut ways = vec![];
        if report.shrunk.cheaper {
            ways.push(say!(locale, "why-cheaper"));
        }
        if let Some(cap) = shorter {
            ways.push(say!(locale, "why-shorter", cap: cap, usual: report.usual_cap));
        }
        if report.shrunk.lean {
            ways.push(say!(locale, "why-lean"));
        }
        if report.shrunk.brief {
            ways.push(say!(locale, "why-brief"));
        }
        match ways.is_empty() {
            true => say!(locale, "why-full"),
            false => {
                let ways = ways.join(&say!(locale, "list-comma"));
                say!(locale, "why-shrunk", ways: ways)
            }
        }
    }

    /// A line for each share of the prompt, with the sections that took from it.
    fn sections(&self) -> Vec<String> {
        let sections = &self.reported.report.sections;
        let mut shares: Vec<&Option<_>> = vec![];
        for section in sections {
            if !shares.contains(&&section.share) {
                shares.push(&section.share);
            }
        }
        let mut lines = vec![];
        for share in shares {
            let of_it = sections.iter().filter(|section| section.share == *share);
            let parts: Vec<String> = of_it.map(|section| self.section(section)).collect();
            let parts = parts.join(&say!(self.locale, "list-comma"));
            lines.push(match share {
                Some(share) => {
                    say!(self.locale, "why-share", parts: parts, limit: grouped(share.limit.into()))
                }
                None => say!(self.locale, "why-no-share", parts: parts),
            });
        }
        lines
    }

    fn section(&self, section: &Section) -> String {
        let id = format!("why-section-{}", section.name.replace(' ', "-"));
        // A section that is newer than the texts goes by its own name.
        let name = find(self.locale, &id, None).unwrap_or_else(|| section.name.clone());
        let tokens = grouped(section.tokens.into());
        match self.reported.report.window {
            Some((first, last)) if section.name == "recent turns" => say!(
                self.locale, "why-window",
                name: name, tokens: tokens, first: grouped(first), last: grouped(last),
            ),
            _ => format!("{name} {tokens}"),
        }
    }

    fn memories(&self) -> Vec<String> {
        let mut recalled: Vec<&Source> = self.sources().collect();
        recalled.retain(|source| matches!(source, Source::Turn { .. }));
        recalled.sort_by(|a, b| score(b).total_cmp(&score(a)));
        let more = recalled.len().saturating_sub(MEMORIES);
        let mut lines: Vec<String> = recalled
            .into_iter()
            .take(MEMORIES)
            .filter_map(|source| match source {
                Source::Turn { id, .. } => Some(self.memory(*id, source)),
                _ => None,
            })
            .collect();
        if more > 0 {
            lines.push(say!(self.locale, "why-more", count: more));
        }
        lines
    }

    fn memory(&self, id: TurnId, source: &Source) -> String {
        let Some(turn) = self.reported.report.turns.get(&id) else {
            return say!(self.locale, "why-gone");
        };
        let why = because(source, self.locale);
        let at = turn.at.timestamp();
        let when = match turn.messages.first() {
            Some(message) => format!("[<t:{at}:d>]({})", link(&turn.scope, *message)),
            None => format!("<t:{at}:d>"),
        };
        format!("• {when} {} · {why}", self.who_and_what(turn))
    }

    /// The words of the one who asks; of others only the name.
    fn who_and_what(&self, turn: &Turn) -> String {
        match turn.author == Author::Person(self.asker) {
            true => format!("“{}”", shortened(&turn.text, SHOWN)),
            false => say!(self.locale, "why-by", name: turn.author_name.as_str()),
        }
    }

    fn facts(&self) -> Vec<String> {
        let mut named: Vec<(FactId, bool)> = vec![];
        for source in self.sources() {
            if let Source::Fact { id, brought_up } = source {
                named.push((*id, *brought_up));
            }
        }
        let known = &self.reported.report.facts;
        let (mut lines, mut others, mut gone) = (vec![], 0, 0);
        for (id, brought_up) in named {
            match known.get(&id) {
                Some(fact) if fact.about == self.asker => lines.push(self.fact(fact, brought_up)),
                Some(_) => others += 1,
                None => gone += 1,
            }
        }
        let more = lines.len().saturating_sub(FACTS);
        lines.truncate(FACTS);
        if more > 0 {
            lines.push(say!(self.locale, "why-more", count: more));
        }
        if gone > 0 {
            lines.push(say!(self.locale, "why-facts-gone", count: gone));
        }
        if others > 0 {
            lines.push(say!(self.locale, "why-facts-others", count: others));
        }
        lines
    }

    fn fact(&self, fact: &Fact, brought_up: bool) -> String {
        let at = fact.confirmed_at.timestamp();
        let when = match fact.sources.last() {
            Some(message) => format!("[<t:{at}:d>]({})", link(&fact.scope, *message)),
            None => format!("<t:{at}:d>"),
        };
        let why = match (fact.pinned, brought_up) {
            (_, true) => say!(self.locale, "why-brought-up"),
            (true, false) => say!(self.locale, "why-pinned"),
            (false, false) => say!(self.locale, "why-always"),
        };
        let since = match fact.superseded {
            Some(_) => format!(" {}", say!(self.locale, "fact-superseded")),
            None => String::new(),
        };
        let by = written_by(fact, self.locale);
        let words = shortened(&fact.text, SHOWN);
        format!("• {when} “{words}”{since} · {why}{by}")
    }

    fn lore(&self) -> Vec<String> {
        let mut entries = vec![];
        for source in self.sources() {
            if let Source::Lore { entry, because } = source {
                entries.push((*entry, *because));
            }
        }
        let more = entries.len().saturating_sub(ENTRIES);
        let mut lines: Vec<String> = entries
            .into_iter()
            .take(ENTRIES)
            .map(|(entry, because)| {
                let Some(name) = self.reported.entry(entry) else {
                    return say!(self.locale, "why-lore-gone");
                };
                let why = match because {
                    Fired::Always => say!(self.locale, "why-lore-always"),
                    Fired::Key(back) => say!(self.locale, "why-lore-key", back: back),
                    Fired::Lore => say!(self.locale, "why-lore-lore"),
                };
                format!("• “{}” · {why}", shortened(name, SHOWN))
            })
            .collect();
        if more > 0 {
            lines.push(say!(self.locale, "why-more", count: more));
        }
        lines
    }

    fn sources(&self) -> impl Iterator<Item = &Source> {
        self.reported.report.items().map(|item| &item.source)
    }
}

fn score(source: &Source) -> f32 {
    match source {
        Source::Turn { score, .. } => *score,
        _ => 0.0,
    }
}

/// Why a turn was brought back, in words.
fn because(source: &Source, locale: Locale) -> String {
    let Source::Turn {
        score,
        words,
        neighbours,
        meaning,
        speaker,
        ..
    } = source
    else {
        return String::new();
    };
    let mut reasons = vec![];
    if *words >= SOMETHING {
        reasons.push(say!(locale, "why-words"));
    }
    if *meaning >= SOMETHING {
        reasons.push(say!(locale, "why-meaning"));
    }
    if *neighbours >= SOMETHING {
        reasons.push(say!(locale, "why-neighbours"));
    }
    if *speaker {
        reasons.push(say!(locale, "why-speaker"));
    }
    if reasons.is_empty() {
        reasons.push(say!(locale, "why-nearest"));
    }
    let reasons = reasons.join(&say!(locale, "list-comma"));
    match (score * 100.0).round() as i64 {
        0 => format!("{reasons} (< 1 %)"),
        percent => format!("{reasons} ({percent} %)"),
    }
}
