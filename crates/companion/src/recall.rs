//! Recall: what matters from memory for this message. The scope is part of every query. Where people have said so, a
//! thread's persona also reads the channel above, and knows whoever speaks from other channels; see [`crate::reach`].

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use memory::names::{Names, has_mark};
use memory::{Asker, Author, Fact, Inquiry, Known, Prompted, Recalled, Summed, Turn, WindowSpec};
use store::StoreError;
use store::id::{MessageId, ScopeId, UserId};
use store::reports::{NewReport, Source};

use crate::compose::{Line, SUMMARY, Said, Shares};
use crate::house::House;
use crate::reply::Reply;
use crate::speaker::Speaker;
use crate::{called, reach, report};

/// What a persona has in mind when it answers.
pub(crate) struct Past {
    /// The recent turns, oldest first.
    window: Vec<Turn>,
    /// What the message brought back, the best first.
    recalled: Vec<Recalled>,
    /// What long talk came to: here, then in the channel above, then elsewhere in the server with whoever speaks.
    known: [Known; 3],
    /// The facts that the message brings up, the best first.
    brought_up: Vec<Fact>,
    /// Those who talk here now.
    people: Vec<UserId>,
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
    let mut found = memory.recall(&scope, text, &window, budget, now).await?;
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
    people.push(reply.message.author.id);
    Ok(Past {
        window,
        recalled,
        known,
        brought_up,
        people,
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
                number: Some(turn.number),
            });
        }
        kept.reverse();
        kept
    }

    /// The summary, and the facts that are always in mind here, within a share. They stay the same from one
    /// consolidation to the next, as long as the same people talk.
    pub(crate) fn known(&self, share: usize) -> Standing {
        let [here, above, elsewhere] = &self.known;
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
    pub(crate) fn brought_up(&self, standing: &Standing, share: usize) -> BroughtUp {
        let mut taken = standing.taken.clone();
        // The same may be known in two places.
        let new = self.brought_up.iter().filter(|fact| {
            let is_new = !is_taken(&taken, fact);
            if is_new {
                taken.push((*fact).clone());
            }
            is_new
        });
        let mut brought_up = BroughtUp::default();
        for fact in memory::take_facts(new, share, self.now) {
            brought_up.told.extend(&fact.sources);
            brought_up.lines.push(Line {
                text: memory::fact_line(fact, self.now),
                source: Some(Source::Fact {
                    id: fact.id,
                    brought_up: true,
                }),
            });
        }
        brought_up
    }

    /// The recalled turns that fit a share, one line each, with their time and speaker, without those of which a fact
    /// tells that was brought up.
    pub(crate) fn recalled(
        &self,
        share: usize,
        persona: &str,
        told: &HashSet<MessageId>,
    ) -> Vec<Line> {
        let mut left = share;
        let mut kept: Vec<((DateTime<Utc>, i64), Line)> = vec![];
        for recalled in &self.recalled {
            let turn = &recalled.turn;
            if turn.messages.iter().any(|message| told.contains(message)) {
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
        let summaries = scopes.zip(&self.known).filter(|_| has_summary);
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

/// The facts that a message brings up.
#[derive(Default)]
pub(crate) struct BroughtUp {
    pub(crate) lines: Vec<Line>,
    /// The messages that they were read from.
    pub(crate) told: HashSet<MessageId>,
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
