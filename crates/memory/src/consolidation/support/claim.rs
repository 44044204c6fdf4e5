//! A claim held against a person's lines: those that it cites, then, since models cite wrong lines, those around them, then two
//! that follow each other.

use std::collections::HashSet;

use super::super::refusal::Unsupported;
use super::clause::{self, About, Around, Clause, Next};
use super::frames::{self, Frame};
use super::spoken::{self, Token};
use super::verbs::Time;
use super::{chinese, is_ideograph};
use crate::names::whole;

/// A line of a person, as a claim about them is held against it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Line<'a> {
    pub(in super::super) text: &'a str,
    /// The line of somebody else right before it, which it may answer.
    pub(in super::super) before: Option<&'a str>,
    /// Whether the claim cites it.
    pub(in super::super) cited: bool,
    pub(in super::super) number: i64,
}

/// Words that were taken back and may still stand in a claim, where the words that were put in their place are in it.
const STILL_GOOD: usize = 3;
/// Words that an "it" may stand for.
const POINTED_AT: usize = 3;

/// The lines that support a claim about whoever is called so, by their places: one, or several of which each says it, or two
/// that say it together. `names` are those of the others in the room.
pub(in super::super) fn support(
    fact: &str,
    name: &str,
    lines: &[Line],
    names: &[&str],
) -> Result<Vec<usize>, Unsupported> {
    let claim = Claim::of(fact, name, names);
    let read = read(lines, names);
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let cited: Vec<i64> = lines
        .iter()
        .filter(|line| line.cited)
        .map(|line| line.number)
        .collect();
    let distance = |at: &usize| {
        let number = lines[*at].number;
        cited
            .iter()
            .map(|cited| (cited - number).abs())
            .min()
            .unwrap_or(0)
    };
    order.sort_by_key(|at| (distance(at), *at));
    let mut nearest = Unsupported::Unsaid;
    let mut supporting: Vec<usize> = vec![];
    for at in &order {
        match claim.stands_in(&read[*at..=*at]) {
            Ok(()) => supporting.push(*at),
            Err(reason) => nearest = nearest.max(reason),
        }
    }
    // All that were cited and say it, or else the one that is nearest to those.
    let said: Vec<usize> = supporting
        .iter()
        .copied()
        .filter(|at| lines[*at].cited)
        .collect();
    if !said.is_empty() {
        return Ok(said);
    }
    if let Some(first) = supporting.first() {
        return Ok(vec![*first]);
    }
    for at in order.iter().filter(|at| **at + 1 < lines.len()) {
        match claim.stands_in(&read[*at..=*at + 1]) {
            Ok(()) => return Ok(vec![*at, *at + 1]),
            Err(reason) => nearest = nearest.max(reason),
        }
    }
    Err(nearest)
}

/// A line as it is read.
struct Read {
    clauses: Vec<Clause>,
    question: Option<Asked>,
}

/// A question that a line answers.
struct Asked {
    units: Vec<String>,
    /// Names and numbers in it: who does not say yes has not said them.
    exact: HashSet<String>,
    /// Others of the person's own whom it is about.
    others: Vec<String>,
    /// Whether it is about a third.
    of_a_third: bool,
    says: Answer,
}

/// How a line begins that answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Otherwise,
}

fn read(lines: &[Line], names: &[&str]) -> Vec<Read> {
    let mut antecedent: Option<String> = None;
    let mut all: Vec<Read> = vec![];
    for (at, line) in lines.iter().enumerate() {
        let next = lines
            .get(at + 1)
            .map_or(Next::Nothing, |next| clause::next(next.text));
        let around = Around {
            names,
            before: line.before,
            next,
            antecedent: antecedent.take().or_else(|| mine(line)),
        };
        let mut clauses = clause::clauses(line.text, at, &around);
        if let Some(before) = line.before {
            echoes(&mut clauses, before);
        }
        antecedent = clauses.iter().rev().find_map(|clause| match &clause.about {
            About::Other(other) => Some(other.clone()),
            _ => clause.possessed.last().cloned(),
        });
        all.push(Read {
            clauses,
            question: line
                .before
                .and_then(|before| asked(before, line.text, names)),
        });
    }
    all
}

/// "Mine drives a tram": whom of their own somebody else has just named.
fn mine(line: &Line) -> Option<String> {
    let says_mine = spoken::tokens(line.text)
        .iter()
        .any(|token| token.text == "mine");
    let before = spoken::tokens(line.before.filter(|_| says_mine)?);
    before
        .iter()
        .find(|token| clause::is_other(&token.text))
        .map(|token| clause::unit(&token.text))
}

/// Words that only repeat what somebody else has just said are theirs.
fn echoes(clauses: &mut [Clause], before: &str) {
    let raw = before.to_lowercase();
    let is_asked = clause::sentences(before).iter().any(|sentence| {
        let raw = sentence.to_lowercase();
        frames::asks(&Frame {
            words: &clause::written_out(sentence),
            raw: &raw,
        })
    });
    if is_asked {
        return;
    }
    let theirs = clause::units(&spoken::tokens(before), &raw);
    for clause in clauses
        .iter_mut()
        .filter(|clause| clause.is_fragment && !clause.units.is_empty())
    {
        let same = clause
            .units
            .iter()
            .filter(|unit| theirs.contains(unit))
            .count();
        if same * 5 >= clause.units.len() * 3 {
            clause.fault = clause.fault.or(Some(Unsupported::OfAnother));
        }
    }
}

#[rustfmt::skip]
const YES: &[&str] = &["yes", "yep", "yeah", "yea", "yup", "ya", "sure", "of course", "definitely", "absolutely", "indeed", "i do", "i am", "i have", "i did", "aye", "totally", "always have", "correct", "right", "mhm", "uh huh", "exactly", "guilty"];
#[rustfmt::skip]
const NO: &[&str] = &["no", "nope", "nah", "nahh", "never", "not", "nay", "negative", "i do not", "i am not", "i have not", "i did not"];
const YES_CHINESE: &[&str] = &[
    "是的",
    "是啊",
    "是呀",
    "对啊",
    "对呀",
    "对的",
    "对，",
    "嗯",
    "有啊",
    "有的",
    "有呀",
    "会啊",
    "会的",
    "当然",
    "没错",
    "养了",
    "是，",
    "有，",
    "会，",
    "喜欢啊",
    "喜欢，",
    "可不",
];
const NO_CHINESE: &[&str] = &[
    "不是",
    "没有",
    "没，",
    "不，",
    "不会",
    "不喜欢",
    "没呢",
    "从来没",
    "从不",
    "不太",
    "没养",
    "还没",
];

/// The question in somebody's line that the next one answers; `None` where it asks nothing, or asks somebody else.
fn asked(before: &str, answer: &str, names: &[&str]) -> Option<Asked> {
    let sentences = clause::sentences(before);
    let asks = |sentence: &&String| {
        let raw = sentence.to_lowercase();
        frames::asks(&Frame {
            words: &clause::written_out(sentence),
            raw: &raw,
        })
    };
    let questions: Vec<&String> = sentences.iter().filter(asks).collect();
    let question: String = questions
        .iter()
        .map(|question| format!("{question} "))
        .collect();
    if questions.is_empty() || names.iter().any(|name| whole(&question, name).is_some()) {
        return None;
    }
    let tokens = spoken::tokens(&question);
    let has = |words: &[&str]| {
        tokens
            .iter()
            .any(|token| words.contains(&token.text.as_str()))
    };
    let mut units = clause::units(&tokens, &question);
    if has(&["or"]) || question.contains("还是") {
        // Which of two it is only the answer says.
        units.truncate(1);
    }
    let exact = |(at, token): (usize, &Token)| {
        (at > 0 && token.capital || token.text.chars().any(char::is_numeric))
            .then(|| clause::unit(&token.text))
    };
    let begin = clause::written_out(answer);
    let begins = |all: &[&str]| {
        all.iter()
            .any(|word| begin.starts_with(&format!(" {word} ")))
    };
    let begins_so = |all: &[&str]| {
        all.iter().any(|word| {
            answer.trim().starts_with(word) || answer.trim() == word.trim_end_matches('，')
        })
    };
    let says = match () {
        () if begins(NO) || begins_so(NO_CHINESE) => Answer::No,
        () if begins(YES) || begins_so(YES_CHINESE) => Answer::Yes,
        () => Answer::Otherwise,
    };
    Some(Asked {
        exact: tokens.iter().enumerate().filter_map(exact).collect(),
        others: tokens
            .windows(2)
            .filter(|two| {
                clause::is_other(&two[1].text) && matches!(two[0].text.as_str(), "your" | "the")
            })
            .map(|two| clause::unit(&two[1].text))
            .collect(),
        of_a_third: has(&["he", "she", "they", "his"]) && !has(&["you", "your"])
            || question.contains(['他', '她']) && !question.contains('你'),
        units,
        says,
    })
}

/// A claim, clause by clause.
struct Claim {
    clauses: Vec<Clause>,
    /// Others of its person's own whom it names.
    others: Vec<String>,
    /// Whether it says that its person has something.
    is_having: bool,
    /// What it says is owned by its person: "Ada's flat".
    subject: Vec<String>,
    time: Time,
}

impl Claim {
    fn of(fact: &str, name: &str, names: &[&str]) -> Self {
        let mut rest = fact.to_owned();
        let (mut about, mut is_owned) = (None, false);
        if let Some(at) = whole(&rest, name) {
            let after = rest[at.end..].to_owned();
            let owned = after
                .strip_prefix("'s")
                .or_else(|| after.strip_prefix("’s"))
                .or_else(|| after.strip_prefix("' "))
                .or_else(|| after.strip_prefix('的'));
            is_owned = at.start == 0 && owned.is_some();
            // "Ada: I live in Porto" says the rest.
            rest = match (at.start, owned) {
                (0, Some(owned)) => format!("my {owned}").replace("my 的", "我的"),
                (0, None) if after.starts_with(':') => after[1..].to_owned(),
                (0, None) => {
                    about = Some(About::Speaker);
                    after
                }
                _ => rest,
            };
            if rest.chars().any(is_ideograph) {
                rest = rest.replacen("my ", "我的", 1);
            }
        }
        while let Some(at) = whole(&rest, name) {
            rest.replace_range(at, "");
        }
        let around = Around {
            names,
            before: None,
            next: Next::Nothing,
            antecedent: None,
        };
        let mut clauses = clause::claimed(&rest, &around);
        let first = match about {
            // Chinese names whose sister it is without a sign between.
            Some(about) => match clauses.first().map(|clause| &clause.about) {
                Some(About::Other(other)) if begins_with_an_other(&rest, other) => {
                    About::Other(other.clone())
                }
                _ => about,
            },
            // Chinese has no word that tells something of one's own from oneself.
            None if is_owned
                && clauses
                    .first()
                    .is_some_and(|clause| clause.about == About::Speaker) =>
            {
                About::Thing(vec![])
            }
            None => clauses
                .first()
                .map_or(About::Speaker, |clause| clause.about.clone()),
        };
        for clause in &mut clauses {
            // In a claim "she" is its person, and so is nobody who is named.
            clause.about = match &clause.about {
                About::Other(other) if first == About::Other(other.clone()) => first.clone(),
                _ => first.clone(),
            };
        }
        let tokens = spoken::tokens(&rest);
        let mut others: Vec<String> = tokens
            .iter()
            .filter(|token| clause::is_other(&token.text))
            .map(|token| clause::unit(&token.text))
            .collect();
        others.extend(clause::others_in_chinese(&rest));
        let subject = match &first {
            About::Thing(units) => units.clone(),
            About::Other(other) => phrase(&tokens, other),
            _ => vec![],
        };
        let begin = tokens.first().map_or("", |token| token.text.as_str());
        Self {
            time: clause::time(&tokens, &rest),
            is_having: matches!(
                begin,
                "has" | "have" | "had" | "owns" | "got" | "keeps" | "adopted" | "bought"
            ) || rest.trim_start().starts_with(['有', '养']),
            clauses,
            others,
            subject,
        }
    }

    /// Whether it stands in these lines, which follow each other.
    fn stands_in(&self, lines: &[Read]) -> Result<(), Unsupported> {
        if self.clauses.is_empty() {
            return Err(Unsupported::Unsaid);
        }
        let offset = |at: usize| {
            lines[..at]
                .iter()
                .map(|line| line.clauses.len())
                .sum::<usize>()
        };
        let said: Vec<(&Clause, Option<usize>)> = lines
            .iter()
            .enumerate()
            .flat_map(|(at, line)| {
                line.clauses
                    .iter()
                    .map(move |clause| (clause, clause.taken_back.map(|from| from + offset(at))))
            })
            .collect();
        let questions: Vec<&Asked> = lines
            .iter()
            .filter_map(|line| line.question.as_ref())
            .collect();
        self.clauses.iter().try_for_each(|claimed| {
            let reason = match self.is_said(claimed, &said, &questions) {
                Ok(()) => return Ok(()),
                Err(reason) => reason,
            };
            match self.is_mended(claimed, &said, &questions) {
                true => Ok(()),
                false => Err(reason),
            }
        })
    }

    /// Whether a clause of it is said in clauses of its kind.
    fn is_said(
        &self,
        claimed: &Clause,
        said: &[(&Clause, Option<usize>)],
        questions: &[&Asked],
    ) -> Result<(), Unsupported> {
        let mut known: HashSet<&str> = HashSet::new();
        let mut anchored: HashSet<&str> = HashSet::new();
        let mut missed: Vec<(&Clause, Unsupported)> = vec![];
        for (at, (clause, taken_back)) in said.iter().enumerate() {
            let shares = clause.units.iter().any(|unit| claimed.units.contains(unit));
            let fault = match (taken_back, self.fault(claimed, clause)) {
                (Some(_), None) => Some(Unsupported::TakenBack),
                (_, fault) => fault,
            };
            if let Some(fault) = fault {
                missed.push((clause, fault));
                continue;
            }
            let Some(role) = self.role(claimed, clause, questions) else {
                missed.push((clause, Unsupported::OfAnother));
                continue;
            };
            if role == Role::Anchor && clause.negative != claimed.negative {
                missed.push((clause, Unsupported::Opposite));
                continue;
            }
            known.extend(clause.units.iter().map(String::as_str));
            known.extend(clause.stands_for.as_deref());
            if role == Role::Support {
                continue;
            }
            anchored.extend(clause.units.iter().map(String::as_str));
            anchored.extend(clause.stands_for.as_deref());
            // What has no verb of its own goes on from the clause before it, and "it" stands for something in there.
            let goes_on = |earlier: &&Clause| {
                !earlier.is_fragment
                    && (earlier.line, earlier.sentence) == (clause.line, clause.sentence)
                    && self.role(claimed, earlier, questions) == Some(Role::Anchor)
            };
            let earlier = said[..at]
                .iter()
                .rev()
                .map(|(earlier, _)| *earlier)
                .find(goes_on);
            let is_whole = clause.units.iter().all(|unit| claimed.units.contains(unit));
            if let Some(earlier) = earlier.filter(|earlier| {
                shares && is_whole && clause.is_fragment && earlier.fault.is_none()
            }) {
                known.extend(earlier.units.iter().map(String::as_str));
                anchored.extend(earlier.units.iter().map(String::as_str));
            }
            if clause.points_back && shares {
                let pointed = said[..at]
                    .iter()
                    .rev()
                    .map(|(earlier, _)| *earlier)
                    .filter(|earlier| earlier.fault.is_none())
                    .take(3);
                let missing: Vec<&str> = pointed
                    .flat_map(|earlier| earlier.units.iter().map(String::as_str))
                    .filter(|unit| claimed.units.iter().any(|own| own == unit))
                    .collect();
                if missing.len() <= POINTED_AT {
                    known.extend(missing);
                }
            }
        }
        let own = claimed
            .units
            .iter()
            .any(|unit| anchored.contains(unit.as_str()));
        for asked in questions {
            let yes = asked.says == Answer::Yes && !claimed.negative
                || asked.says == Answer::No && claimed.negative;
            let of_them = match (&claimed.about, asked.of_a_third) {
                (About::Speaker, true) => false,
                (About::Speaker, false) => {
                    asked.others.iter().all(|other| self.others.contains(other))
                }
                _ => true,
            };
            if of_them && (yes || own && asked.says != Answer::No) {
                // What they said themselves is not taken from what they were asked.
                let is_said =
                    |unit: &String| said.iter().any(|(clause, _)| clause.units.contains(unit));
                let adopted = asked
                    .units
                    .iter()
                    .filter(|unit| yes || !asked.exact.contains(*unit) && !is_said(unit));
                let adopted: Vec<&str> = adopted.map(String::as_str).collect();
                known.extend(&adopted);
                anchored.extend(&adopted);
            }
        }
        let is_known = |unit: &&String| {
            known.contains(unit.as_str())
                || self.subject.contains(unit) && self.is_named(unit, said)
        };
        let head = claimed
            .units
            .iter()
            .find(|unit| !self.subject.contains(unit));
        let is_anchored = head
            .or(claimed.units.first())
            .is_some_and(|head| anchored.contains(head.as_str()));
        let unknown: Vec<&String> = claimed
            .units
            .iter()
            .filter(|unit| !is_known(unit))
            .collect();
        if unknown.is_empty() && is_anchored && !claimed.units.is_empty() {
            return Ok(());
        }
        if claimed.units.is_empty() {
            return Ok(());
        }
        // The reason is that of the clause which would have said the rest.
        let wanted: Vec<&String> = if unknown.is_empty() {
            head.into_iter().collect()
        } else {
            unknown
        };
        let would = missed
            .iter()
            .filter(|(clause, _)| wanted.iter().any(|unit| clause.units.contains(unit)));
        let reason = would.map(|(_, reason)| *reason).max();
        let is_exact = |unit: &&String| unit.chars().any(char::is_numeric);
        Err(reason.unwrap_or(match wanted.iter().any(is_exact) {
            true => Unsupported::Inexact,
            false => Unsupported::Unsaid,
        }))
    }

    /// Whether what it says was put in the place of something that was taken back: some of its words are of what was, and at
    /// least one of what is new.
    fn is_mended(
        &self,
        claimed: &Clause,
        said: &[(&Clause, Option<usize>)],
        questions: &[&Asked],
    ) -> bool {
        let from = said.iter().filter_map(|(_, taken_back)| *taken_back);
        from.collect::<HashSet<usize>>().into_iter().any(|from| {
            let was: Vec<&Clause> = said
                .iter()
                .filter(|(_, taken_back)| *taken_back == Some(from))
                .map(|(clause, _)| *clause)
                .collect();
            let line = said.get(from).map(|(clause, _)| clause.line);
            let is: Vec<&Clause> = said
                .iter()
                .skip(from)
                .map(|(clause, _)| *clause)
                .take_while(|clause| Some(clause.line) == line)
                .take(4)
                .collect();
            let was_right = |clause: &&&Clause| {
                clause.fault.is_none() && self.role(claimed, clause, questions).is_some()
            };
            let is_right = |clause: &&&Clause| {
                clause
                    .fault
                    .is_none_or(|fault| fault == Unsupported::Unmeant)
                    && clause.negative == claimed.negative
            };
            let (old, new) = (
                clause::set(was.iter().filter(was_right).copied()),
                clause::set(is.iter().filter(is_right).copied()),
            );
            let asked: HashSet<&str> = questions
                .iter()
                .flat_map(|asked| asked.units.iter().map(String::as_str))
                .collect();
            let mut units = claimed.units.iter().map(String::as_str);
            let fresh = claimed
                .units
                .iter()
                .filter(|unit| new.contains(unit.as_str()) && !old.contains(unit.as_str()))
                .count();
            let is_stale =
                |unit: &&String| old.contains(unit.as_str()) && !new.contains(unit.as_str());
            // A word of Chinese has about two signs.
            let weight = |unit: &String| 2 - usize::from(unit.chars().all(is_ideograph));
            let stale: usize = claimed.units.iter().filter(is_stale).map(weight).sum();
            let is_old_news = stale > 2 * STILL_GOOD
                || claimed
                    .units
                    .iter()
                    .any(|unit| unit.chars().any(char::is_numeric) && !new.contains(unit.as_str()));
            fresh > 0
                && !is_old_news
                && units
                    .all(|unit| old.contains(unit) || new.contains(unit) || asked.contains(unit))
        })
    }

    /// Whether somebody or something that the claim is about is named at all.
    fn is_named(&self, unit: &str, said: &[(&Clause, Option<usize>)]) -> bool {
        said.iter().any(|(clause, _)| {
            clause.stands_for.as_deref() == Some(unit)
                || clause.units.iter().any(|own| own == unit)
                    && clause
                        .fault
                        .is_none_or(|fault| fault == Unsupported::Unmeant)
        })
    }

    /// Why a clause says nothing for the claim, whoever it is about.
    fn fault(&self, claimed: &Clause, clause: &Clause) -> Option<Unsupported> {
        if let Some(fault) = clause.fault {
            let is_supposed_too = fault == Unsupported::Supposed && claimed.fault == Some(fault);
            return (!is_supposed_too).then_some(fault);
        }
        if clause.calls_off && !claimed.calls_off {
            return Some(Unsupported::TakenBack);
        }
        if clause.excepts != claimed.excepts {
            return Some(Unsupported::Opposite);
        }
        let fits = match (self.time, clause.time) {
            (Time::OldPlan, Time::OldPlan) => true,
            (_, Time::OldPlan) => false,
            (Time::Plan, Time::Past | Time::Over) => false,
            (Time::Plan, _) => true,
            (Time::Present | Time::Open, Time::Past) => clause.is_change,
            (Time::Present | Time::Open, Time::Plan | Time::Over) => false,
            (Time::Past, Time::Plan) => false,
            (Time::Over, Time::Present | Time::Plan) => false,
            _ => true,
        };
        (!fits).then_some(Unsupported::OtherTime)
    }

    /// What a clause is to a clause of the claim.
    fn role(&self, claimed: &Clause, clause: &Clause, questions: &[&Asked]) -> Option<Role> {
        let names = |other: &String| self.others.contains(other);
        let owns = |other: &String| clause.possessed.contains(other);
        match (&claimed.about, &clause.about) {
            (About::Speaker, About::Speaker) => Some(Role::Anchor),
            (About::Speaker, About::Thing(units)) => (clause.is_fragment
                || units.iter().any(|unit| claimed.units.contains(unit)))
            .then_some(Role::Anchor),
            (About::Speaker, About::Other(other)) => {
                match (names(other), self.is_having && owns(other)) {
                    (true, true) => Some(Role::Anchor),
                    (true, false) if clause.is_fragment => Some(Role::Anchor),
                    (true, false) => Some(Role::Support),
                    (false, _) => None,
                }
            }
            (About::Speaker, About::Pronoun(Some(other))) => names(other).then_some(Role::Support),
            (About::Speaker, About::Pronoun(None)) => Some(Role::Support),
            (About::Other(mine), About::Other(other)) => {
                match mine == other || names(other) && owns(mine) {
                    true => Some(Role::Anchor),
                    false => names(other).then_some(Role::Support),
                }
            }
            (About::Other(mine), About::Pronoun(Some(other))) => {
                (mine == other || names(other)).then_some(Role::Anchor)
            }
            (About::Other(_), About::Pronoun(None)) => Some(Role::Anchor),
            (About::Other(mine), About::Speaker) => {
                match owns(mine) || clause.is_fragment && !questions.is_empty() {
                    true => Some(Role::Anchor),
                    false => clause.units.contains(mine).then_some(Role::Support),
                }
            }
            (About::Other(mine), About::Thing(units)) => {
                (clause.is_fragment || units.contains(mine) || owns(mine)).then_some(Role::Anchor)
            }
            (About::Thing(_), About::Other(other)) => names(other).then_some(Role::Anchor),
            (About::Thing(_), About::Nobody) => None,
            (About::Thing(_), _) => Some(Role::Anchor),
            (_, About::Nobody) => None,
            _ => None,
        }
    }
}

/// What a clause is to a claim: it says it, or names somebody whom it mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Anchor,
    Support,
}

/// "Ada妹妹住在上海".
fn begins_with_an_other(rest: &str, other: &str) -> bool {
    let begin: String = rest.trim_start().chars().take(6).collect();
    begin.chars().any(is_ideograph) && chinese::signs(&begin).concat().starts_with(other)
}

/// The noun phrase that names somebody of one's own, as units: "new puppy".
fn phrase(tokens: &[Token], other: &str) -> Vec<String> {
    let units = tokens
        .iter()
        .skip(1)
        .take(4)
        .map(|token| clause::unit(&token.text));
    let units: Vec<String> = units.collect();
    match units.iter().position(|unit| unit == other) {
        Some(end) => units[..=end].to_vec(),
        None => vec![other.to_owned()],
    }
}
