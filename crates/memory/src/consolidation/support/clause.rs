//! The clauses of a line: of each, whom it is about, whether it denies, of which time it speaks, in what frame it stands, and
//! the units of meaning in it.

mod about;
mod kin;
mod line;
mod parts;
mod time;
mod units;
mod way;

use std::collections::HashSet;

use super::super::own::FIRST;
use super::super::refusal::Unsupported;
use super::frames::{self, Frame};
use super::spoken::{self, Token};
use super::verbs::{self, Time};
use super::{chinese, is_ideograph};
use about::about;
use kin::possessed;
use parts::parts;
use units::DISLIKES;

pub(super) use kin::{is_other, others_in_chinese};
pub(super) use line::{Around, Next, clauses, next};
pub use parts::sentences;
pub(super) use time::time;
pub(super) use units::{unit, units, written_out};
pub(super) use way::Way;

/// Whom a clause is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Whoever says it.
    Speaker,
    /// Somebody or an animal whom they name, as a unit.
    Other(String),
    /// Something that they name, as units.
    Thing(Vec<String>),
    /// Whom or what a pronoun stands for; the last one of their own that was named.
    Pronoun(Option<String>),
    /// Whoever is spoken to, or everybody.
    Nobody,
    /// Somebody who is not their own: a neighbour, a stranger.
    Stranger,
}

/// A part of a line.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) units: Vec<String>,
    pub(super) about: About,
    pub(super) negative: bool,
    pub(super) time: Time,
    pub(super) is_change: bool,
    /// It has neither a subject nor a verb of its own.
    pub(super) is_fragment: bool,
    /// It points back with an "it".
    pub(super) points_back: bool,
    /// One of the speaker's own for whom its pronoun stands, as a unit.
    pub(super) stands_for: Option<String>,
    /// Others who are the speaker's own in it, as units: "my sister", "we have two cats".
    pub(super) possessed: Vec<String>,
    /// What is somebody else's in it, as units: "a neighbour's tortoise".
    pub(super) of_another: Vec<String>,
    /// Whether it says that one has something.
    pub(super) has: bool,
    /// The names in it, by their capitals.
    pub(super) names: Vec<String>,
    /// The places in it, each by its first unit.
    pub(super) led: Vec<(Way, String)>,
    /// Why it supports nothing.
    pub(super) fault: Option<Unsupported>,
    /// It was taken back: by the clauses from this one on, if something else was put in its place.
    pub(super) taken_back: Option<usize>,
    /// Which line it is of.
    pub(super) line: usize,
    /// Which sentence of it.
    pub(super) sentence: usize,
    /// It says that something is called off.
    pub(super) calls_off: bool,
    /// What it tells of is no longer so, as is said after it; of a claim: it says that something is over.
    pub(super) is_over: bool,
    /// It says how often or always.
    pub(super) is_habit: bool,
    /// It tells of what is being done now: "am buying".
    pub(super) is_going_on: bool,
    /// It was so on one day, and nothing in it stays so.
    pub(super) is_passing: bool,
    /// It makes an exception: "unless the radio is on".
    pub(super) excepts: bool,
}

/// The clauses of a claim.
pub(super) fn claimed(text: &str, around: &Around) -> Vec<Clause> {
    let mut antecedent = None;
    let mut about = About::Speaker;
    let mut clauses = vec![];
    let mut before = String::new();
    for part in sentences(text).iter().flat_map(|sentence| parts(sentence)) {
        let mut clause = clause(&part, &about, &mut antecedent, around.names);
        let here = Frame::of(&part);
        clause.calls_off = frames::calls_off(&here);
        clause.is_over = frames::is_over(&here) || frames::gives_away(&here);
        clause.fault = frames::fault(&here, &Frame::of(&before), &Frame::of(&before))
            .or_else(|| frames::praises(&here).then_some(Unsupported::Unmeant));
        about = clause.about.clone();
        clause.about = claimed_about(&part, &clause, clauses.last());
        before.push_str(&part);
        before.push(' ');
        clauses.push(clause);
    }
    clauses
}

/// Whom a clause of a claim is about: its person, or somebody of theirs whom it names at its head or goes on to tell of. "She"
/// in a claim is its person, and so is nobody who is named.
fn claimed_about(part: &str, clause: &Clause, last: Option<&Clause>) -> About {
    let Some(last) = last else {
        return clause.about.clone();
    };
    let begin = written_out(part);
    let words: Vec<&str> = begin.split_whitespace().take(2).collect();
    let goes_on = matches!(words.first(), Some(&("that" | "who" | "which")));
    let names_one = words
        .iter()
        .any(|word| matches!(*word, "his" | "her" | "their"))
        || ["是", "他", "她"].iter().any(|of| {
            let rest = part.trim_start().strip_prefix(of).unwrap_or_default();
            rest.starts_with('的')
                || others_in_chinese(&rest.chars().take(3).collect::<String>())
                    .next()
                    .is_some()
        });
    match (&clause.about, last.possessed.last()) {
        (_, Some(own)) if goes_on => About::Other(own.clone()),
        (About::Other(other), _) if names_one => About::Other(other.clone()),
        _ => About::Speaker,
    }
}

fn clause(part: &str, carried: &About, antecedent: &mut Option<String>, names: &[&str]) -> Clause {
    let tokens = spoken::tokens(part);
    let found = about(&tokens, part, names);
    let pronoun = tokens.iter().any(|token| {
        matches!(
            token.text.as_str(),
            "it" | "him" | "her" | "them" | "he" | "she" | "they"
        )
    });
    let has_subject = matches!(
        &found,
        Some(About::Other(_) | About::Pronoun(_) | About::Thing(_))
    );
    let is_verb = |token: &Token| match has_subject {
        true => verbs::is_verb(&token.text) && !is_other(&token.text),
        false => verbs::is_plainly_a_verb(&token.text),
    };
    let signs = part.chars().filter(|c| is_ideograph(*c)).count();
    let has_verb = tokens.iter().any(is_verb) || signs > 6;
    let says_i = tokens
        .iter()
        .any(|token| FIRST.contains(&token.text.as_str()))
        || part.contains('我');
    let is_fragment = !has_verb && !says_i;
    let stands_for = antecedent.clone().filter(|_| {
        tokens.iter().any(|token| {
            matches!(
                token.text.as_str(),
                "he" | "she"
                    | "they"
                    | "him"
                    | "her"
                    | "his"
                    | "their"
                    | "them"
                    | "it"
                    | "its"
                    | "mine"
            )
        }) || points_back(part)
    });
    let about = match found {
        Some(About::Pronoun(_)) => About::Pronoun(antecedent.clone()),
        Some(about) => about,
        None => carried.clone(),
    };
    let possessed = possessed(&tokens, part, &about, is_fragment);
    if let About::Other(other) = &about {
        *antecedent = Some(other.clone());
    } else if let Some(own) = possessed.last() {
        *antecedent = Some(own.clone());
    }
    let time = time(&tokens, part);
    let is_change = verbs::is_change(&tokens)
        || [
            "买", "搬", "换", "养了", "领养", "开始", "加入", "学会", "考上", "结婚", "毕业",
            "收养", "报名", "报了", "当上", "生了", "辞",
        ]
        .iter()
        .any(|word| part.contains(word));
    // Whoever moved today lives there now; what else was so today says nothing of tomorrow.
    let is_passing = frames::is_of_a_day(&Frame::of(part)) && !is_change && time != Time::Plan;
    Clause {
        units: units(&tokens, part),
        negative: is_negative(&tokens, part),
        time,
        is_change,
        is_passing,
        is_fragment,
        points_back: pronoun || points_back(part),
        about,
        stands_for,
        possessed,
        of_another: kin::of_another(&tokens, part),
        has: kin::has(&tokens, part),
        names: names_in(&tokens),
        led: way::led(&tokens, part),
        fault: None,
        taken_back: None,
        line: 0,
        sentence: 0,
        calls_off: false,
        is_over: false,
        is_habit: time::is_habit(&tokens, part),
        is_going_on: time::is_going_on(&tokens),
        excepts: tokens
            .iter()
            .any(|token| matches!(token.text.as_str(), "unless" | "except" | "until"))
            || part.contains("除非")
            || part.contains("除了"),
    }
}

/// What is written with a capital, but for the first word.
fn names_in(tokens: &[Token]) -> Vec<String> {
    let capitals = tokens.iter().skip(1).filter(|token| token.capital);
    capitals.map(|token| unit(&token.text)).collect()
}

/// Whether a pronoun of Chinese stands in it.
fn points_back(part: &str) -> bool {
    part.replace("吉他", "")
        .replace("其他", "")
        .contains(['它', '他', '她'])
}

fn is_negative(tokens: &[Token], part: &str) -> bool {
    let at = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let denies = |(place, token): (usize, &Token)| match token.text.as_str() {
        "not" => !matches!(at(place + 1), "only" | "just"),
        "no" => !matches!(
            at(place + 1),
            "way" | "idea" | "wonder" | "problem" | "worries" | "matter" | "doubt"
        ),
        "nah" | "nope" if place == 0 && tokens.len() > 2 => false,
        "never" | "without" | "nobody" | "none" | "neither" | "nor" | "nothing" | "hardly"
        | "nope" | "nah" | "nahh" => true,
        _ => false,
    };
    let dislikes = tokens
        .iter()
        .any(|token| DISLIKES.contains(&token.text.as_str()));
    (tokens.iter().enumerate().any(denies) != dislikes) != chinese::denies(part)
}

/// The units of a clause, to be looked up.
pub(super) fn set<'a>(clauses: impl IntoIterator<Item = &'a Clause>) -> HashSet<&'a str> {
    clauses
        .into_iter()
        .flat_map(|clause| clause.units.iter().map(String::as_str))
        .collect()
}
