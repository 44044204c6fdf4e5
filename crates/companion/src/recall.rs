//! Recall: what matters from memory for this message. The scope is part of every query. Where people have said so, a
//! thread's persona also reads the channel above, and knows whoever speaks from other channels; see [`crate::reach`].

mod brought;
mod past;
mod repeats;
mod standing;
mod stated;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use memory::names::Names;
use memory::{Asker, Author, Fact, Inquiry, Known, Oneself, Recalled, Turn, Why, WindowSpec};
use store::StoreError;
use store::id::{ScopeId, TurnId, UserId};

use crate::compose::Shares;
use crate::house::House;
use crate::reply::Reply;
use crate::speaker::Speaker;
use crate::{called, reach};

pub(crate) use brought::Brought;
pub(crate) use standing::Standing;
use stated::Stated;

/// The newest turns, which nobody overlooks.
const FRESH: usize = 4;

/// What a persona has in mind when it answers.
pub(crate) struct Past {
    /// The recent turns, oldest first.
    window: Vec<Turn>,
    /// What the message brought back, the best first.
    recalled: Vec<Recalled>,
    /// What the asker stated themselves that may answer them, the likeliest first.
    stated: Stated,
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
    // What the asker said is told once more beside a question that it may answer, unless it was said just now: in the middle
    // of a long talk small models overlook it.
    let older = match asks {
        Oneself::Nothing => 0,
        Oneself::Perhaps | Oneself::Something | Oneself::Everything => {
            window.len().saturating_sub(FRESH)
        }
    };
    let (older, newest) = window.split_at(older);
    let mut found = memory.recall(&scope, text, newest, budget, now).await?;
    let older: HashSet<TurnId> = older.iter().map(|turn| turn.id).collect();
    found.retain(|found| !older.contains(&found.turn.id) || states(&found.turn, asker));
    // One query for each scope, never one for both.
    let mut found_above = vec![];
    if let Some(parent) = parent {
        found_above = memory.recall(&parent, text, &[], budget, now).await?;
    }
    let turns = found.iter_mut().chain(&mut found_above);
    turns.for_each(|recalled| names.call(&mut recalled.turn));
    best_first(&mut found);
    best_first(&mut found_above);
    let latest = match asks {
        Oneself::Nothing => vec![],
        _ => memory.latest_of(&scope, asker, stated::LATEST).await?,
    };
    let is_new = |turn: &Turn| newest.iter().any(|new| new.id == turn.id);
    let latest = latest.into_iter().filter(|turn| !is_new(turn));
    let own = found.iter().chain(&found_above).cloned();
    let own: Vec<Recalled> = own.chain(latest.map(|turn| unmatched(turn, now))).collect();
    let stated = Stated::of(&words, asks, own, |turn| states(turn, asker));
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
        stated,
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

/// A turn that no word of the message brought back.
fn unmatched(turn: Turn, now: DateTime<Utc>) -> Recalled {
    Recalled {
        score: 0.0,
        why: Why::default(),
        age: now - turn.at,
        turn,
    }
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
