//! Recall: what matters from memory for this message. The scope is part of every query. Where people have said so, a
//! thread's persona also reads the channel above, and knows whoever speaks from other channels; see [`crate::reach`].

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use memory::names::{Names, has_mark};
use memory::{
    Asker, Author, Fact, Inquiry, Known, Oneself, Prompted, Recalled, Summed, Turn, Why, WindowSpec,
};
use store::StoreError;
use store::id::{MessageId, ScopeId, TurnId, UserId};
use store::reports::{NewReport, Source};

use crate::compose::{Line, Phrases, SUMMARY, Said, Shares};
use crate::house::House;
use crate::reply::Reply;
use crate::speaker::Speaker;
use crate::{called, reach, report};

/// The newest turns, which nobody overlooks.
const FRESH: usize = 4;
/// The most lines of the asker that are told beside their question.
const MOST_TOLD: usize = 6;

/// What a persona has in mind when it answers.
pub(crate) struct Past {
    /// The recent turns, oldest first.
    window: Vec<Turn>,
    /// What the message brought back, the best first.
    recalled: Vec<Recalled>,
    /// What long talk came to: here, then in the channel above, then elsewhere in the server with whoever speaks.
    known: [Known; 3],
    /// What of it stands in the stable part of the prompts here; see [`crate::standing`].
    standing: Known,
    /// The facts that the message brings up, the best first.
    brought_up: Vec<Fact>,
    /// Those who talk here now.
    people: Vec<UserId>,
    /// Who is answered, and what they ask of themselves.
    asker: UserId,
    asks: Oneself,
    /// Whether they speak of what was said before.
    claims: bool,
    /// What everybody is called.
    names: Names,
    /// Whose memory, and where.
    scope: ScopeId,
    /// The memory of the channel above, where it is read.
    parent: Option<ScopeId>,
    now: DateTime<Utc>,
}

/// Reads what goes into the fullest prompt; smaller ones take less of it.
pub(crate) async fn recall(
    house: &House,
    speaker: &dyn Speaker,
    reply: &Reply<'_>,
) -> Result<Past, StoreError> {
    let Shares {
        recent, recalled, ..
    } = house.model.shares(house);
    let (scope, now) = (reply.scope(), house.clock.now());
    let spec = WindowSpec {
        max_tokens: recent,
        ..WindowSpec::default()
    };
    let words = match reply.message.is_empty() {
        // A mere call asks nothing of memory.
        true => String::new(),
        false => reply.message.words(),
    };
    let (memory, text) = (&house.memory, inquiry(reply, &words));
    let seat = reply.message.seat();
    let parent = reach::parent_scope(house, seat, scope.persona).await?;
    let (known, names) = known(house, speaker, reply, parent.as_ref()).await?;
    let window = memory.window_called(&scope, spec, &names).await?;
    let budget = memory::BEYOND * recalled;
    let (asker, asks) = (reply.message.author.id, memory::asks_of_oneself(&words));
    // What the asker said is told once more beside a question about themselves, unless it was said just now: in the middle
    // of a long talk small models overlook it.
    let older = match asks {
        Oneself::Nothing => 0,
        Oneself::Something | Oneself::Everything => window.len().saturating_sub(FRESH),
    };
    let (older, newest) = window.split_at(older);
    let mut found = memory.recall(&scope, text, newest, budget, now).await?;
    let older: HashSet<TurnId> = older.iter().map(|turn| turn.id).collect();
    found.retain(|found| !older.contains(&found.turn.id) || states(&found.turn, asker));
    if asks == Oneself::Everything {
        let latest = memory.show(&scope, Some(asker), 0).await?.rows;
        add_latest(&mut found, latest, asker, now);
    }
    // One query for each scope, never one for both.
    let mut found_above = vec![];
    if let Some(parent) = parent {
        found_above = memory.recall(&parent, text, &[], budget, now).await?;
    }
    let turns = found.iter_mut().chain(&mut found_above);
    turns.for_each(|recalled| names.call(&mut recalled.turn));
    best_first(&mut found);
    best_first(&mut found_above);
    let recalled = by_turns(found, found_above);
    let facts = known.iter().flat_map(|known| &known.facts);
    let turns = recalled
        .iter()
        .map(|recalled| recalled.turn.messages.as_slice());
    let brought_up = memory::bring_up(facts, text, turns);
    let brought_up = brought_up.into_iter().cloned().collect();
    let mut people: Vec<UserId> = window.iter().filter_map(person).collect();
    people.push(asker);
    // The first turn of all has this number.
    let begin = window.first().map_or(1, |turn| turn.number);
    Ok(Past {
        standing: house.standings.of(&scope, begin, &known[0]),
        window,
        recalled,
        known,
        brought_up,
        people,
        asker,
        asks,
        claims: memory::claims_the_past(&words),
        names,
        scope,
        parent,
        now,
    })
}

/// What long talk came to here, in the channel above and elsewhere, with everybody called as the prompt calls them.
async fn known(
    house: &House,
    speaker: &dyn Speaker,
    reply: &Reply<'_>,
    parent: Option<&ScopeId>,
) -> Result<([Known; 3], Names), StoreError> {
    let (seat, persona) = (reply.message.seat(), reply.persona.id);
    let here = house.memory.known_to(&reply.scope(), seat.user).await?;
    let above = match parent {
        Some(parent) => house.memory.known_to(parent, seat.user).await?,
        None => Known::default(),
    };
    let elsewhere = Known {
        facts: reach::profile(house, speaker, seat, persona).await?,
        ..Known::default()
    };
    let mut known = [here, above, elsewhere];
    let names = called::names(house, speaker, reply, parent, &known).await?;
    let facts = known.iter_mut().flat_map(|known| &mut known.facts);
    facts.for_each(|fact| names.call_in_fact(fact));
    Ok((known, names))
}

/// Puts what somebody stated last among what was found, as the best of it: they ask for all that they said.
fn add_latest(found: &mut Vec<Recalled>, latest: Vec<Turn>, who: UserId, now: DateTime<Utc>) {
    found.retain(|found| latest.iter().all(|turn| turn.id != found.turn.id));
    let stated = latest.into_iter().filter(|turn| states(turn, who));
    found.extend(stated.map(|turn| Recalled {
        score: 1.0,
        why: Why::default(),
        age: now - turn.at,
        turn,
    }));
}

fn best_first(recalled: &mut [Recalled]) {
    recalled.sort_by(|a, b| b.score.total_cmp(&a.score));
}

/// One of the first, one of the second, and so on. A score is a guess among its own scope's candidates, so scores of two
/// scopes do not compare: a thread of three lines would leave no room for the channel above.
fn by_turns<T>(first: Vec<T>, second: Vec<T>) -> Vec<T> {
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut all = vec![];
    loop {
        let pair = (first.next(), second.next());
        if let (None, None) = pair {
            return all;
        }
        all.extend(pair.0);
        all.extend(pair.1);
    }
}

/// The message as a question to memory; reading it for its meaning is a part of the reply, and paid for like it.
fn inquiry<'a>(reply: &Reply<'_>, words: &'a str) -> Inquiry<'a> {
    let spender = reply.spender();
    Inquiry {
        text: words,
        asker: Some(Asker {
            guild: spender.guild,
            channel: spender.channel,
            person: spender.member,
            persona: reply.persona.id,
            message: Some(reply.message.id),
        }),
    }
}

impl Past {
    /// What everybody is called.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Whether somebody in the prompt may have a mark behind their name; `person` is what whoever writes is called.
    pub(crate) fn has_marks(&self, person: &str) -> bool {
        let recalled = self.recalled.iter().map(|recalled| &recalled.turn);
        let spoke = self.window.iter().chain(recalled).filter_map(speaker);
        let standing = self.known.iter().flat_map(|known| &known.facts);
        let standing = standing.filter(|fact| self.people.contains(&fact.about));
        let told = standing.chain(&self.brought_up);
        let told = told.map(|fact| fact.about_name.clone());
        let mut called = spoke.chain(told);
        has_mark(person) || called.any(|label| has_mark(&label))
    }

    /// The recent turns that fit a share.
    pub(crate) fn recent(&self, share: usize) -> Vec<Said> {
        let mut left = share;
        let mut kept: Vec<Said> = vec![];
        for turn in self.window.iter().rev() {
            let Some(rest) = left.checked_sub(memory::turn_tokens(turn)) else {
                break;
            };
            left = rest;
            kept.push(Said {
                by: speaker(turn),
                text: turn.text.clone(),
                told: None,
                number: Some(turn.number),
            });
        }
        kept.reverse();
        kept
    }

    /// The summary, and the facts that are always in mind here, within a share. They stay the same from one
    /// consolidation to the next, as long as the same people talk.
    pub(crate) fn known(&self, share: usize) -> Standing {
        let [_, above, elsewhere] = &self.known;
        let here = &self.standing;
        let mut standing = Standing {
            summary: here.summary.clone(),
            ..Standing::default()
        };
        let Some(left) = share.checked_sub(standing.tokens()) else {
            return Standing::default();
        };
        standing.take(here.always(&self.people, left));
        // What comes from elsewhere takes what is left of the share.
        let left = share.saturating_sub(standing.tokens());
        if !above.summary.is_empty() {
            let summary = format!("In the channel above this thread: {}", above.summary);
            if memory::tokens(&summary) < left {
                let gap = if standing.summary.is_empty() {
                    ""
                } else {
                    "\n"
                };
                standing.summary.push_str(gap);
                standing.summary.push_str(&summary);
            }
        }
        for known in [above, elsewhere] {
            let left = share.saturating_sub(standing.tokens());
            standing.take(known.always(&self.people, left));
        }
        standing
    }

    /// Facts that the message brings up, within a share, without those that stand in the prompt already.
    fn brought_up(&self, standing: &Standing, share: usize) -> BroughtUp {
        let mut taken = standing.taken.clone();
        // The same may be known in two places.
        let everything = self.known.iter().flat_map(|known| &known.facts);
        let everything =
            everything.filter(|fact| self.asks == Oneself::Everything && fact.about == self.asker);
        let wanted = everything.chain(&self.brought_up).chain(self.fresh());
        let new = wanted.filter(|fact| {
            let is_new = !is_taken(&taken, fact);
            if is_new {
                taken.push((*fact).clone());
            }
            is_new
        });
        let mut brought_up = BroughtUp::default();
        for fact in memory::take_facts(new, share, self.now) {
            brought_up.told.extend(&fact.sources);
            let line = Line {
                text: memory::fact_line(fact, self.now),
                source: Some(Source::Fact {
                    id: fact.id,
                    brought_up: true,
                }),
            };
            brought_up.lines.push((fact.about, line));
        }
        brought_up
    }

    /// Facts about those who talk here that stand in the stable part only from the window's next cut on.
    fn fresh(&self) -> impl Iterator<Item = &Fact> {
        let [here, ..] = &self.known;
        let stands = |fact: &Fact| self.standing.facts.iter().any(|known| known.id == fact.id);
        let about = |fact: &&Fact| self.people.contains(&fact.about);
        here.facts
            .iter()
            .filter(about)
            .filter(move |fact| !stands(fact))
    }

    /// What they ask of themselves who are answered.
    pub(crate) fn asks(&self) -> Oneself {
        self.asks
    }

    /// What the message brings back, within a share: facts first, then turns, of which no fact tells. What the asker said is set
    /// apart where they ask for it.
    pub(crate) fn brought(
        &self,
        phrases: &Phrases,
        standing: &Standing,
        share: usize,
        persona: &str,
    ) -> Brought {
        let mut facts = self.brought_up(standing, share / 2);
        let mut left = share.saturating_sub(facts.tokens());
        let mut told = vec![];
        if self.asks != Oneself::Nothing {
            told = self.told(phrases, &mut left, &facts.told);
        }
        let mut recalled = self.recalled(left, persona, &facts.told);
        let (own, others) = facts
            .lines
            .drain(..)
            .partition(|(about, _)| self.asks != Oneself::Nothing && *about == self.asker);
        let lines = |lines: Vec<(UserId, Line)>| lines.into_iter().map(|(_, line)| line);
        told.splice(..0, lines(own));
        recalled.splice(..0, lines(others));
        Brought { told, recalled }
    }

    /// Whether a turn has no place among the others where the asker asks about themselves: it is their own, or the persona's
    /// guess at an earlier time, unless it is asked what was said.
    fn is_set_apart(&self, turn: &Turn) -> bool {
        self.asks != Oneself::Nothing
            && match turn.author {
                Author::Person(user) => user == self.asker,
                Author::Persona => !self.claims,
            }
    }

    /// What the asker said, quoted, the newest last.
    fn told(&self, phrases: &Phrases, left: &mut usize, known: &HashSet<MessageId>) -> Vec<Line> {
        let found = self
            .recalled
            .iter()
            .filter(|found| states(&found.turn, self.asker));
        let mut kept: Vec<((DateTime<Utc>, i64), Line)> = vec![];
        for found in found {
            let turn = &found.turn;
            if kept.len() >= MOST_TOLD {
                break;
            }
            if turn.messages.iter().any(|message| known.contains(message)) {
                continue;
            }
            let line = Line {
                text: phrases.quoted(&turn.text, turn.at, self.now, turn.scope != self.scope),
                source: Some(report::recalled(found)),
            };
            if let Some(rest) = left.checked_sub(line.tokens()) {
                *left = rest;
                kept.push(((turn.at, turn.number), line));
            }
        }
        kept.sort_by_key(|(said, _)| *said);
        kept.into_iter().map(|(_, line)| line).collect()
    }

    /// The recalled turns that fit a share, one line each, with their time and speaker, without those of which a fact
    /// tells that was brought up, and without those that were set apart.
    fn recalled(&self, share: usize, persona: &str, told: &HashSet<MessageId>) -> Vec<Line> {
        let mut left = share;
        let mut kept: Vec<((DateTime<Utc>, i64), Line)> = vec![];
        for recalled in &self.recalled {
            let turn = &recalled.turn;
            if turn.messages.iter().any(|message| told.contains(message)) || self.is_set_apart(turn)
            {
                continue;
            }
            let place = match turn.scope == self.scope {
                true => "",
                false => " in the channel above",
            };
            let by = speaker(turn).unwrap_or_else(|| persona.to_owned());
            let line = Line {
                text: format!(
                    "{}{place}, {by}: {}",
                    memory::ago(turn.at, self.now),
                    turn.text.replace('\n', " ")
                ),
                source: Some(report::recalled(recalled)),
            };
            let Some(rest) = left.checked_sub(line.tokens()) else {
                continue;
            };
            left = rest;
            kept.push(((turn.at, turn.number), line));
        }
        kept.sort_by_key(|(said, _)| *said);
        kept.into_iter().map(|(_, line)| line).collect()
    }

    /// What of this stood in the prompt that this report tells of, beside what the persona has of its own, for an answer to
    /// this person.
    pub(crate) fn prompted(&self, person: UserId, own: String, report: &NewReport) -> Prompted {
        let items = report.sections.iter().flat_map(|section| &section.items);
        let (mut turns, mut facts) = (HashSet::new(), HashSet::new());
        for item in items {
            match item.source {
                Source::Turn { id, .. } => drop(turns.replace(id)),
                Source::Fact { id, .. } => drop(facts.replace(id)),
                Source::Lore { .. } => {}
            }
        }
        let (first, last) = report.window.unwrap_or_default();
        let recent = self.window.iter();
        let recent = recent.filter(|turn| (first..=last).contains(&turn.number));
        let recalled = self.recalled.iter().map(|recalled| &recalled.turn);
        let recalled = recalled.filter(|turn| turns.contains(&turn.id));
        let known = self.known.iter().flat_map(|known| &known.facts);
        let has_summary = report.sections.iter().any(|one| one.name == SUMMARY);
        let scopes = [Some(self.scope), self.parent].into_iter().flatten();
        let stood = [&self.standing, &self.known[1]];
        let summaries = scopes.zip(stood).filter(|_| has_summary);
        Prompted {
            person,
            own,
            turns: recent.chain(recalled).cloned().collect(),
            facts: known
                .filter(|fact| facts.contains(&fact.id))
                .cloned()
                .collect(),
            summaries: summaries
                .map(|(scope, known)| Summed {
                    scope,
                    epoch: known.epoch,
                    text: known.summary.clone(),
                })
                .collect(),
        }
    }

    /// The last messages as the lorebook scans them, the newest last.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.window.iter().map(|turn| turn.text.as_str())
    }
}

/// What a message brings back, as a prompt lays it out.
#[derive(Default)]
pub(crate) struct Brought {
    /// What the asker said and what is known of them, where they ask for it.
    pub(crate) told: Vec<Line>,
    /// All else.
    pub(crate) recalled: Vec<Line>,
}

/// The facts that a message brings up, each with its person.
#[derive(Default)]
struct BroughtUp {
    lines: Vec<(UserId, Line)>,
    /// The messages that they were read from.
    told: HashSet<MessageId>,
}

impl BroughtUp {
    /// About how many tokens they take.
    fn tokens(&self) -> usize {
        self.lines.iter().map(|(_, line)| line.tokens()).sum()
    }
}

/// What is known and stands in the prompt whatever the message is.
#[derive(Default)]
pub(crate) struct Standing {
    pub(crate) summary: String,
    pub(crate) facts: Vec<Line>,
    taken: Vec<Fact>,
}

impl Standing {
    /// Takes these facts, each once.
    fn take(&mut self, facts: Vec<&Fact>) {
        for fact in facts {
            if is_taken(&self.taken, fact) {
                continue;
            }
            self.facts.push(Line {
                text: format!("- {}", fact.text),
                source: Some(Source::Fact {
                    id: fact.id,
                    brought_up: false,
                }),
            });
            self.taken.push(fact.clone());
        }
    }

    /// About how many tokens it takes.
    pub(crate) fn tokens(&self) -> usize {
        let facts = self.facts.iter().map(Line::tokens);
        memory::tokens(&self.summary) + facts.sum::<usize>()
    }
}

/// The same may be known in two places.
fn is_taken(taken: &[Fact], fact: &Fact) -> bool {
    taken
        .iter()
        .any(|known| known.id == fact.id || (known.about == fact.about && known.text == fact.text))
}

/// Whether somebody states something in a turn, and does not only ask.
fn states(turn: &Turn, who: UserId) -> bool {
    let sentences = turn
        .text
        .split_inclusive(['.', '!', '?', '\n', '。', '！', '？']);
    let stated = |sentence: &str| {
        let sentence = sentence.trim();
        !sentence.ends_with(['?', '？'])
            && sentence.chars().filter(|c| c.is_alphanumeric()).count() > 2
    };
    turn.author == Author::Person(who) && sentences.into_iter().any(stated)
}

fn person(turn: &Turn) -> Option<UserId> {
    match turn.author {
        Author::Person(user) => Some(user),
        Author::Persona => None,
    }
}

fn speaker(turn: &Turn) -> Option<String> {
    match turn.author {
        Author::Person(_) => Some(turn.author_name.clone()),
        Author::Persona => None,
    }
}

#[cfg(test)]
mod tests {
    use super::by_turns;

    #[test]
    fn of_two_scopes_each_has_its_turn_and_the_thread_is_first() {
        assert_eq!(by_turns(vec![1, 2], vec![10, 20, 30]), [1, 10, 2, 20, 30]);
        assert_eq!(by_turns(vec![1], vec![]), [1]);
        assert_eq!(by_turns(vec![], vec![10]), [10]);
    }
}
