//! Reading what a model claims: which of it its people allow and said, and what of that is new.

use store::consolidations::{Consolidated, Reading};
use store::facts::{Fact, NewFact, Origin};
use store::id::{FactId, MessageId, UserId};
use store::turns::Turn;

use super::answer::{self, Claim, RawAnswer};
use super::by_name::by_name;
use super::dated::dated;
use super::refusal::{Notes, Refusal, Unsupported};
use super::sentence::{self, Other, Subjects};
use super::support::{self, Line, are_alike};
use super::words::Words;
use super::{Answered, Batch, Question, Unreadable, mood, own, person, says};
use crate::names::{self, Name, Names};

/// The most facts that one answer may add: more is a list, not a memory.
const MOST_FACTS: usize = 8;
/// Two facts with this share of their words in common are one.
const SAME: f64 = 0.7;

/// The claims of an answer, with their numbers.
fn counted(claims: impl IntoIterator<Item = Claim>) -> impl Iterator<Item = (usize, Claim)> {
    (1..).zip(claims)
}

/// A claim about the writer of the one message that was shown: an answer of sentences says neither whose they are nor where
/// they stand.
fn of_message(claim: Claim, question: &Question) -> Claim {
    match &question.asked {
        Some(asked) if claim.about.is_empty() => Claim {
            about: asked.about.clone(),
            sources: vec![asked.number],
            ..claim
        },
        _ => claim,
    }
}

impl Batch {
    /// Reads a model's answer to the question about all of this, and throws away whatever its sources do not support. Each
    /// claim that is not kept is logged, with the reason and without its words.
    ///
    /// # Errors
    /// If there is nothing to read in it.
    pub fn read(&self, answer: &str) -> Result<Notes, Unreadable> {
        let RawAnswer { summary, claims } = answer::read(answer).ok_or(Unreadable)?;
        let names = self.names([]);
        let notes = match self.reading {
            Reading::Facts => self.notes_of(counted(claims.ok_or(Unreadable)?), &names),
            Reading::Summary => self.note_of(&summary.ok_or(Unreadable)?, &names),
        };
        self.log(&notes);
        Ok(notes)
    }

    /// The same of the answers to several questions. One in which there is nothing to read tells nothing of its message.
    ///
    /// # Errors
    /// If there is nothing to read in any.
    pub fn read_all(&self, answered: &[Answered]) -> Result<Notes, Unreadable> {
        if let [Answered { question, answer }] = answered
            && question.asked.is_none()
        {
            return self.read(answer);
        }
        let mut claims = vec![];
        let mut is_readable = false;
        for Answered { question, answer } in answered {
            let Some(told) = answer::read(answer).and_then(|read| read.claims) else {
                continue;
            };
            is_readable = true;
            let told = told.into_iter().map(|claim| of_message(claim, question));
            claims.extend(counted(told));
        }
        if !is_readable {
            return Err(Unreadable);
        }
        let notes = self.notes_of(claims, &self.names([]));
        self.log(&notes);
        Ok(notes)
    }

    fn log(&self, notes: &Notes) {
        for refusal in &notes.refused {
            let reason = refusal.key();
            tracing::debug!(channel = %self.scope.channel, reason, "a claim is not kept: {refusal}");
        }
        if let Some(unsummed) = notes.unsummed {
            let reason = unsummed.key();
            tracing::debug!(channel = %self.scope.channel, reason, "a summary is not kept: {unsummed}");
        }
    }

    /// What claims come to, each with its number in its answer.
    fn notes_of(&self, claims: impl IntoIterator<Item = (usize, Claim)>, names: &Names) -> Notes {
        let mut outcome = self.nothing();
        let mut refused = vec![];
        let mut days = vec![];
        for (count, claim) in claims {
            let kept = match count > MOST_FACTS {
                true => Err(Refusal::TooMany),
                false => self.kept(&claim, names, &outcome.learned),
            };
            match kept {
                Ok(Kept::New(fact)) => {
                    days.push(self.dated(&fact));
                    outcome.learned.push(fact);
                }
                Ok(Kept::Known(known, sources)) => outcome.confirmed.push((known, sources)),
                Err(refusal) => refused.push(refusal),
            }
        }
        // Facts are told apart without the days that are put back: the same may be known without.
        for (fact, dated) in outcome.learned.iter_mut().zip(days) {
            if let Some(dated) = dated {
                fact.text = dated;
            }
        }
        Notes {
            outcome,
            refused,
            unsummed: None,
        }
    }

    /// A fact with the day that it left out.
    fn dated(&self, fact: &NewFact) -> Option<String> {
        let is_source = |turn: &&Turn| turn.messages.iter().any(|id| fact.sources.contains(id));
        let lines = self.turns.iter().filter(is_source);
        dated(
            &fact.text,
            &fact.about_name,
            lines.map(|turn| turn.text.as_str()),
        )
    }

    /// What a summary comes to.
    fn note_of(&self, summary: &str, names: &Names) -> Notes {
        let (summary, unsummed) = match self.kept_summary(summary, names) {
            Ok(summary) => (Some(summary), None),
            Err(unsummed) => (None, Some(unsummed)),
        };
        Notes {
            outcome: Consolidated {
                summary,
                ..self.nothing()
            },
            refused: vec![],
            unsummed,
        }
    }

    /// What becomes of a claim beside those that were `learned` before it.
    fn kept(&self, claim: &Claim, names: &Names, learned: &[NewFact]) -> Result<Kept, Refusal> {
        let (fact, unsaid) = self.supported(claim, names)?;
        let same = |about: UserId, name: Name<'_>, text: &str| {
            is_about(&fact, about, name) && are_alike(&fact.text, text, &fact.about_name, SAME)
        };
        if learned
            .iter()
            .any(|other| same(other.about, name_in(other), &other.text))
        {
            return Err(Refusal::Twice);
        }
        let same = |known: &Fact| same(known.about, Name::told(known), &known.text);
        // Turns are read again after something was taken out. What stood then and was replaced since stays replaced.
        let is_past = |past: &&Fact| {
            same(past)
                && fact
                    .sources
                    .iter()
                    .all(|source| past.sources.contains(source))
        };
        if self.past.iter().any(|past| is_past(&past)) {
            return Err(Refusal::Superseded);
        }
        let known = || self.known.iter().find(|known| same(known));
        Ok(match unsaid.or_else(|| known().map(|known| known.id)) {
            Some(known) => Kept::Known(known, fact.sources),
            None => Kept::New(fact),
        })
    }

    /// The fact that a claim makes, if its person allows it and said it, and the one that they had only written before they
    /// said it here, word by word.
    fn supported(
        &self,
        claim: &Claim,
        names: &Names,
    ) -> Result<(NewFact, Option<FactId>), Refusal> {
        let voice = self.whom(claim, names).ok_or(Refusal::Nobody)?;
        let consent = self.consents.get(&voice.user);
        let consent = consent
            .filter(|consent| consent.facts)
            .ok_or(Refusal::NotAllowed)?;
        let others: Vec<(Option<UserId>, String)> = self.others(&voice, names);
        let about_name = voice.name.clone();
        let is_of_a_namesake = |(other, name): &(Option<UserId>, String)| {
            names::are_alike(name, &about_name)
                && other.is_some_and(|other| names::is_marked_in(&claim.fact, other, name))
        };
        if others.iter().any(is_of_a_namesake) {
            return Err(Refusal::Namesake);
        }
        let subjects = Subjects {
            name: &about_name,
            sensitive: consent.sensitive,
            others: self.other_names(&others, &about_name),
        };
        let claimed = names::in_its_letters(names.without_marks(&claim.fact).trim(), &about_name);
        let text = sentence::admit(&claimed, &subjects)?;
        let called: Vec<&str> = others.iter().map(|(_, name)| name.as_str()).collect();
        let sources = self.sources(&text, claim, (&voice, names), &called)?;
        let fact = NewFact {
            about: voice.user,
            about_name,
            proxied: sources.iter().all(|turn| turn.proxied),
            text: by_name(&text, &voice.name),
            sources: sources
                .iter()
                .filter_map(|turn| turn.messages.first().copied())
                .collect(),
            supersedes: None,
            origin: Origin::Extracted,
        };
        let is_said_now = |written: &&Fact| {
            is_about(&fact, written.about, Name::told(written))
                && are_alike(&fact.text, &written.text, &fact.about_name, SAME)
                && (sources.iter())
                    .any(|turn| says(&turn.text, &written.text, &fact.about_name, &called))
        };
        let unsaid = self.unsaid.iter().find(is_said_now);
        let unsaid = unsaid.map(|written| written.id);
        let supersedes = self.replaced(claim, &fact, &sources);
        Ok((NewFact { supersedes, ..fact }, unsaid))
    }

    /// The lines of its person that support a claim: of those that it cites, or, since models cite wrong lines, of those
    /// around them.
    fn sources(
        &self,
        text: &str,
        claim: &Claim,
        (voice, names): (&Voice, &Names),
        others: &[&str],
    ) -> Result<Vec<&Turn>, Unsupported> {
        let own: Vec<&Turn> = self
            .turns
            .iter()
            .filter(|turn| voice.said(turn, names) && own::is_plain_talk(&turn.text))
            .collect();
        let lines: Vec<Line> = own
            .iter()
            .map(|turn| Line {
                text: &turn.text,
                before: self.before(turn).map(|before| before.text.as_str()),
                cited: claim.sources.contains(&self.number(turn)),
                number: turn.number,
            })
            .collect();
        let support = support::support(text, &voice.name, &lines, others)?;
        Ok(support.into_iter().map(|at| own[at]).collect())
    }

    /// A turn's number in the questions: from the first that is read.
    pub(super) fn number(&self, turn: &Turn) -> i64 {
        turn.number - self.progress.through
    }

    /// The others whom a fact may not be about. Whoever has its person's own name is none of them: their name stands for
    /// its person there.
    fn other_names<'a>(
        &self,
        others: &'a [(Option<UserId>, String)],
        name: &str,
    ) -> Vec<Other<'a>> {
        let others = others.iter();
        others
            .filter(|(_, other)| !names::are_alike(other, name))
            .map(|(other, name)| Other {
                name,
                allows: other.is_none_or(|other| self.consents.contains_key(&other)),
            })
            .collect()
    }

    /// The known fact that a claim takes the place of. One that it shares no word with it replaces only if its person
    /// speaks of a change.
    fn replaced(&self, claim: &Claim, fact: &NewFact, sources: &[&Turn]) -> Option<FactId> {
        let known = self
            .known_of_wanted()
            .nth(claim.replaces?.checked_sub(1)?)?;
        let is_near = Words::of(&fact.text, &fact.about_name).touch(&known.text, &known.about_name)
            || sources.iter().any(|turn| mood::is_a_change(&turn.text));
        (is_about(fact, known.about, Name::told(known)) && is_near).then_some(known.id)
    }

    /// The line before, if it may be what a short answer answers: the persona's, or of somebody who allows facts. A
    /// bot's never is.
    fn before(&self, turn: &Turn) -> Option<&Turn> {
        let at = self.turns.iter().position(|other| other.id == turn.id)?;
        let before = self.turns.get(at.checked_sub(1)?)?;
        let counts = person(before).is_none_or(|user| self.consents.contains_key(&user));
        let counts = counts && self.is_read(before) && before.author != turn.author;
        (counts && own::is_plain_talk(&before.text)).then_some(before)
    }

    /// The line with a question that this one answers shortly.
    pub(super) fn answered_by(&self, turn: &Turn) -> Option<&Turn> {
        let before = self.before(turn)?;
        let asks = !own::questions(&before.text).is_empty();
        (asks && own::is_short(&turn.text)).then_some(before)
    }

    /// Everybody else who spoke in these turns, with their names: the persona too, and another alter of the same account.
    fn others(&self, voice: &Voice, names: &Names) -> Vec<(Option<UserId>, String)> {
        let turns = self.turns.iter();
        let mut others: Vec<(Option<UserId>, String)> = turns
            .filter(|turn| !voice.said(turn, names))
            .map(|turn| match person(turn) {
                Some(user) => (Some(user), names.unmarked(user, Name::of(turn))),
                None => (None, turn.author_name.clone()),
            })
            .collect();
        others.sort();
        others.dedup();
        others
    }

    /// The one who is named by a claim, of those who speak in these turns. Of several who have the name, the one who said
    /// its sources.
    fn whom(&self, claim: &Claim, names: &Names) -> Option<Voice> {
        let mut meant: Vec<Voice> = vec![];
        for voice in self.turns.iter().filter_map(|turn| Voice::of(turn, names)) {
            let is_new = !meant.iter().any(|other| other.is(&voice));
            if is_new && names::means(&claim.about, voice.user, &voice.name) {
                meant.push(voice);
            }
        }
        if meant.len() > 1 {
            let is_source = |turn: &&Turn| claim.sources.contains(&self.number(turn));
            let sources: Vec<&Turn> = self.turns.iter().filter(is_source).collect();
            meant.retain(|voice| sources.iter().any(|turn| voice.said(turn, names)));
        }
        let one = meant.pop();
        one.filter(|_| meant.is_empty())
    }
}

/// What becomes of a claim that is kept.
enum Kept {
    /// It is a new fact.
    New(NewFact),
    /// It says again, in these messages, what is known.
    Known(FactId, Vec<MessageId>),
}

/// Somebody who speaks in a batch: an account under its own name, or as one of its alters.
struct Voice {
    user: UserId,
    /// The name as it stands in the question, without its mark.
    name: String,
}

impl Voice {
    fn of(turn: &Turn, names: &Names) -> Option<Self> {
        let user = person(turn)?;
        let name = names.unmarked(user, Name::of(turn));
        Some(Self { user, name })
    }

    fn is(&self, other: &Self) -> bool {
        self.user == other.user && names::are_alike(&self.name, &other.name)
    }

    fn said(&self, turn: &Turn, names: &Names) -> bool {
        Self::of(turn, names).is_some_and(|voice| voice.is(self))
    }
}

fn name_in(fact: &NewFact) -> Name<'_> {
    Name::new(&fact.about_name, fact.proxied)
}

/// Whether a fact is about this person. Two alters of an account are two.
fn is_about(fact: &NewFact, user: UserId, name: Name<'_>) -> bool {
    fact.about == user && name_in(fact).is_ones(name)
}
