//! Echoes: whose words a persona's reply repeats. It answers one person, and what it repeats of others has to go when they
//! take it back.
//!
//! Plain word matching, as elsewhere: a reply repeats a line of its prompt if it has a telling word of it that stands neither
//! in what it answers nor in what the persona has of its own. What the person said themself before comes before what others
//! say in the same word; a line of the persona's that retells what stands nowhere else in the prompt hands on all that
//! it repeats. Where it is not sure whose a word is, it is everybody's who has it: at worst a persona's line goes too early.

mod telling;

use std::collections::{BTreeSet, HashSet};

use store::StoreError;
use store::echoes::{Echoes, Origin, SummaryEcho};
use store::facts::{Fact, Origin as FactOrigin};
use store::id::{MessageId, ScopeId, UserId};
use store::turns::{Author, NewTurn, Turn};

use crate::Memory;
use telling::telling;

/// Lines that are read before other work has its turn.
const AT_ONCE: usize = 64;

/// What stood in a reply's prompt.
#[derive(Clone, Debug)]
pub struct Prompted {
    /// Who is answered.
    pub person: UserId,
    /// What the persona has of its own: its frame, its examples, its lore.
    pub own: String,
    /// Turns, of whichever scope.
    pub turns: Vec<Turn>,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Summaries.
    pub summaries: Vec<Summed>,
}

impl Prompted {
    /// A prompt in which nothing stood but a message of this person.
    pub fn bare(person: UserId) -> Self {
        Self {
            person,
            own: String::new(),
            turns: vec![],
            facts: vec![],
            summaries: vec![],
        }
    }
}

/// A summary as it stood in a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summed {
    /// Whose.
    pub scope: ScopeId,
    /// The epoch in which it was read.
    pub epoch: i64,
    /// The words.
    pub text: String,
}

/// Whose words a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    /// The person's who is answered.
    Theirs,
    /// Somebody else's.
    Others,
    /// The persona's own.
    Personas,
    /// The persona's, who retells what stands nowhere else.
    Retold,
}

/// A line, and which of the words in question it has.
struct Line<T> {
    voice: Voice,
    words: HashSet<String>,
    stands_for: T,
}

/// Where words come from.
struct Trace<'a, T> {
    lines: Vec<&'a T>,
    /// Words that no line has.
    untraced: HashSet<String>,
}

/// Finds the lines that words are repeated of.
fn trace<'a, T>(words: &HashSet<String>, lines: &'a [Line<T>]) -> Trace<'a, T> {
    let mut found = BTreeSet::new();
    let mut untraced = HashSet::new();
    for word in words {
        let having = |voice: Voice| {
            let lines = lines.iter().enumerate();
            let has_it = move |line: &Line<T>| line.voice == voice && line.words.contains(word);
            lines
                .filter(move |(_, line)| has_it(line))
                .map(|(at, _)| at)
        };
        if having(Voice::Theirs).next().is_some() {
            found.extend(having(Voice::Theirs));
            continue;
        }
        let is_the_personas = having(Voice::Personas).next().is_some();
        let mut whose: BTreeSet<usize> = having(Voice::Others).collect();
        if !is_the_personas {
            whose.extend(having(Voice::Retold));
        }
        if whose.is_empty() && !is_the_personas {
            untraced.insert(word.clone());
        }
        found.append(&mut whose);
    }
    Trace {
        lines: found.iter().map(|at| &lines[*at].stands_for).collect(),
        untraced,
    }
}

/// What stands in a prompt by its own.
enum Piece<'a> {
    Turn(&'a Turn),
    Fact(&'a Fact),
}

impl Memory {
    /// What a reply to what this person `asked` repeats.
    pub(crate) async fn echoes(
        &self,
        reply: &NewTurn,
        asked: &str,
        prompted: &Prompted,
    ) -> Result<Echoes, StoreError> {
        let mut echoes = Echoes::default();
        let mut words = telling(&reply.text);
        let named = prompted.turns.iter().map(|turn| &turn.author_name);
        let named = named.chain(prompted.facts.iter().map(|fact| &fact.about_name));
        for own in named.chain([&prompted.own]) {
            take_out(&mut words, own);
        }
        let before = words.len();
        take_out(&mut words, asked);
        if words.len() < before {
            echoes.origins.push(Origin {
                person: prompted.person,
                message: reply.reply_to,
                scope: reply.scope,
            });
        }
        if words.is_empty() {
            return Ok(echoes);
        }
        let turns = prompted.turns.iter();
        let mut lines: Vec<Line<Piece<'_>>> = self
            .lines(&words, turns, prompted.person, reply.reply_to)
            .await?
            .into_iter()
            .map(|line| Line {
                voice: line.voice,
                words: line.words,
                stands_for: Piece::Turn(line.stands_for),
            })
            .collect();
        lines.extend(prompted.facts.iter().map(|fact| Line {
            voice: voice_of(fact.about, prompted.person),
            words: shared(&words, &fact.text),
            stands_for: Piece::Fact(fact),
        }));
        let traced = trace(&words, &lines);
        for piece in traced.lines {
            match piece {
                Piece::Turn(turn) => {
                    echoes.turns.push((turn.id, turn.text.clone()));
                    note_turn(&mut echoes, turn);
                }
                Piece::Fact(fact) => note_fact(&mut echoes, fact),
            }
        }
        for summary in &prompted.summaries {
            let words = shared(&traced.untraced, &summary.text);
            if words.is_empty() {
                continue;
            }
            let turns = self.store.turns_summed_up(&summary.scope).await?;
            let lines = self
                .lines(&words, turns.iter(), prompted.person, reply.reply_to)
                .await?;
            let traced = trace(&words, &lines);
            traced
                .lines
                .iter()
                .for_each(|turn| note_turn(&mut echoes, turn));
            echoes.summaries.push(SummaryEcho {
                scope: summary.scope,
                epoch: summary.epoch,
                is_untraced: !traced.untraced.is_empty(),
            });
        }
        Ok(echoes)
    }

    /// Turns as lines, without those of the persona's whose every source stands among them, or is the message that is answered.
    async fn lines<'a>(
        &self,
        words: &HashSet<String>,
        turns: impl Iterator<Item = &'a Turn>,
        answered: UserId,
        question: Option<MessageId>,
    ) -> Result<Vec<Line<&'a Turn>>, StoreError> {
        let mut lines = vec![];
        let mut present: HashSet<MessageId> = question.into_iter().collect();
        for (at, turn) in turns.enumerate() {
            if at % AT_ONCE == AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
            let voice = match turn.author {
                Author::Person(user) => {
                    present.extend(&turn.messages);
                    voice_of(user, answered)
                }
                Author::Persona => Voice::Personas,
            };
            let words = shared(words, &turn.text);
            if !words.is_empty() {
                lines.push(Line {
                    voice,
                    words,
                    stands_for: turn,
                });
            }
        }
        let personas = lines.iter().filter(|line| line.voice == Voice::Personas);
        let ids: Vec<_> = personas.map(|line| line.stands_for.id).collect();
        let repeated = self.store.repeated_by(&ids).await?;
        let is_covered = |line: &Line<&Turn>| {
            let sources = repeated.get(&line.stands_for.id);
            sources.is_some_and(|sources| {
                !sources.is_empty() && sources.iter().all(|one| present.contains(one))
            })
        };
        lines.retain(|line| line.voice != Voice::Personas || !is_covered(line));
        for line in &mut lines {
            let sources = repeated.get(&line.stands_for.id);
            // One that is gone was taken back meanwhile, and so is what repeats it.
            if line.voice == Voice::Personas && sources.is_none_or(|sources| !sources.is_empty()) {
                line.voice = Voice::Retold;
            }
        }
        Ok(lines)
    }
}

fn voice_of(speaker: UserId, answered: UserId) -> Voice {
    match speaker == answered {
        true => Voice::Theirs,
        false => Voice::Others,
    }
}

fn take_out(words: &mut HashSet<String>, text: &str) {
    let taken = telling(text);
    words.retain(|word| !taken.contains(word));
}

/// Which of these words a text has.
fn shared(words: &HashSet<String>, text: &str) -> HashSet<String> {
    let mut telling = telling(text);
    telling.retain(|word| words.contains(word));
    telling
}

fn note_turn(echoes: &mut Echoes, turn: &Turn) {
    let Author::Person(person) = turn.author else {
        return echoes.lines.push(turn.id);
    };
    note(echoes, person, &turn.messages, turn.scope);
}

fn note_fact(echoes: &mut Echoes, fact: &Fact) {
    echoes.facts.push(fact.id);
    note(echoes, fact.about, &fact.sources, fact.scope);
    if let FactOrigin::Corrected { by, .. } = fact.origin
        && by != fact.about
    {
        note(echoes, by, &[], fact.scope);
    }
}

fn note(echoes: &mut Echoes, person: UserId, messages: &[MessageId], scope: ScopeId) {
    let origin = |message| Origin {
        person,
        message,
        scope,
    };
    match messages {
        [] => echoes.origins.push(origin(None)),
        messages => (echoes.origins).extend(messages.iter().map(|one| origin(Some(*one)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The lines of which an answer to Bo repeats a word, by their beginnings.
    fn repeats(answer: &str, lines: &[(Voice, &'static str)]) -> Vec<&'static str> {
        let words = telling(answer);
        let line = |(voice, text): &(Voice, &'static str)| Line {
            voice: *voice,
            words: shared(&words, text),
            stands_for: *text,
        };
        let lines: Vec<Line<&str>> = lines.iter().map(line).collect();
        trace(&words, &lines).lines.into_iter().copied().collect()
    }

    const ADA: (Voice, &str) = (Voice::Others, "my locker code is QUILLFEATHER");
    const CY: (Voice, &str) = (Voice::Others, "I saw a heron by the ferry today");
    const BO: (Voice, &str) = (Voice::Theirs, "Ada, is it the quillfeather again?");
    const TO_ADA: (Voice, &str) = (Voice::Retold, "Quillfeather, like the gulls say.");
    const TO_BO: (Voice, &str) = (Voice::Personas, "Hush, the gulls are listening.");
    const 小明: (Voice, &str) = (Voice::Others, "我的暗号是青鸟");
    const 小红: (Voice, &str) = (Voice::Theirs, "青鸟是我的猫");

    #[rstest]
    #[case::it_tells_of_somebody("Her code is QuillFeather.", &[ADA, CY], &[ADA])]
    #[case::of_two("A heron, and a quillfeather.", &[ADA, CY], &[ADA, CY])]
    #[case::of_nobody("I really could not say, my friend.", &[ADA, CY], &[])]
    #[case::their_own_words_come_first("Quillfeather it is.", &[ADA, BO], &[BO])]
    #[case::an_earlier_retelling("It was quillfeather.", &[CY, TO_ADA], &[TO_ADA])]
    #[case::the_personas_own_manner("The gulls are loud.", &[CY, TO_ADA, TO_BO], &[])]
    #[case::somebody_said_what_the_persona_says_too("A heron and gulls.", &[CY, (Voice::Personas, "A heron!")], &[CY])]
    #[case::chinese("他的暗号是青鸟。", &[小明, CY], &[小明])]
    #[case::chinese_of_their_own("青鸟真可爱！", &[小明, 小红], &[小红])]
    #[case::chinese_of_nobody("我不知道，你觉得呢？", &[小明, 小红], &[])]
    fn a_line_is_repeated_whose_telling_word_stands_nowhere_nearer(
        #[case] answer: &str,
        #[case] lines: &[(Voice, &'static str)],
        #[case] expected: &[(Voice, &'static str)],
    ) {
        let expected: Vec<&str> = expected.iter().map(|(_, text)| *text).collect();
        assert_eq!(repeats(answer, lines), expected);
    }

    #[test]
    fn a_word_that_no_line_has_is_looked_for_in_the_summary() {
        let words = telling("Quillfeather, by the lighthouse.");
        let lines = [Line {
            voice: Voice::Others,
            words: shared(&words, ADA.1),
            stands_for: (),
        }];
        let traced = trace(&words, &lines);
        assert_eq!(traced.untraced, telling("lighthouse"));
    }
}
