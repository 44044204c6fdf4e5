//! How well the crisis detector does. `cargo test -p safety --test crisis_corpus -- --nocapture` prints the figures.
//!
//! The corpus was begun before the detector. The held-out files were written first and never tuned on, but by the hand
//! that wrote the patterns, so their figures flatter. More honest are the rounds that the comments in the tuned files
//! mark: each was written after the patterns of its day, run once, and only then tuned on. The last two found 0.90 and
//! 0.85 of the English and 0.89 and 0.90 of the Chinese crises: about one unseen sentence in ten is missed, most of them
//! indirect. That is why the system prompt's safety frame tells the model what to do as well.

#![expect(clippy::expect_used, reason = "a broken corpus should stop the test")]

use safety::crisis::{Kind, detect};

/// The least share of crises that must be found.
const RECALL: f64 = 0.95;
/// The greatest share of ordinary sentences, chosen to sound alike, that may be taken for a crisis.
const FALSE_POSITIVES: f64 = 0.05;

struct Line {
    label: Option<Kind>,
    text: String,
}

struct Score {
    crises: usize,
    found: usize,
    kind_right: usize,
    ordinary: usize,
    false_alarms: usize,
    wrong: Vec<String>,
}

impl Score {
    fn recall(&self) -> f64 {
        self.found as f64 / self.crises as f64
    }
    fn false_positive_rate(&self) -> f64 {
        self.false_alarms as f64 / self.ordinary as f64
    }
    fn precision(&self) -> f64 {
        self.found as f64 / (self.found + self.false_alarms) as f64
    }
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').expect("a closed escape");
        plain.push(
            char::from_u32(u32::from_str_radix(code, 16).expect("hexadecimal"))
                .expect("a character"),
        );
        plain.push_str(rest);
    }
    plain
}

fn lines(file: &str) -> Vec<Line> {
    let of_line = |line: &str| {
        let (label, text) = line.split_once(" | ").expect("label | text");
        let label = match label {
            "suicide" => Some(Kind::Suicide),
            "self-harm" => Some(Kind::SelfHarm),
            "eating" => Some(Kind::EatingDisorder),
            "none" => None,
            other => panic!("unknown label {other}"),
        };
        Line {
            label,
            text: unescaped(text),
        }
    };
    file.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(of_line)
        .collect()
}

fn score(name: &str, file: &str) -> Score {
    let mut score = Score {
        crises: 0,
        found: 0,
        kind_right: 0,
        ordinary: 0,
        false_alarms: 0,
        wrong: Vec::new(),
    };
    for Line { label, text } in lines(file) {
        let found = detect(&text).map(|crisis| crisis.kind);
        match (label, found) {
            (Some(label), found) => {
                score.crises += 1;
                score.found += usize::from(found.is_some());
                score.kind_right += usize::from(found == Some(label));
            }
            (None, found) => {
                score.ordinary += 1;
                score.false_alarms += usize::from(found.is_some());
            }
        }
        if found != label {
            score
                .wrong
                .push(format!("{label:?} taken for {found:?}: {text}"));
        }
    }
    println!(
        "{name}: recall {:.3} ({}/{}), precision {:.3}, false positives {:.3} ({}/{}), kind right {}/{}",
        score.recall(),
        score.found,
        score.crises,
        score.precision(),
        score.false_positive_rate(),
        score.false_alarms,
        score.ordinary,
        score.kind_right,
        score.found,
    );
    score
}

fn holds(name: &str, file: &str) {
    let score = score(name, file);
    for wrong in &score.wrong {
        println!("  {wrong}");
    }
    assert!(
        score.recall() >= RECALL,
        "{name}: recall {:.3}",
        score.recall()
    );
    assert!(
        score.false_positive_rate() <= FALSE_POSITIVES,
        "{name}: false positives {:.3}",
        score.false_positive_rate()
    );
    assert!(
        score.kind_right * 10 >= score.found * 9,
        "{name}: kind right {}/{}",
        score.kind_right,
        score.found
    );
}

#[test]
fn english_crises_are_found_and_ordinary_speech_is_left_alone() {
    holds(
        "English, tuned on",
        include_str!("corpus/english_tuned.txt"),
    );
}

#[test]
fn chinese_crises_are_found_and_ordinary_speech_is_left_alone() {
    holds(
        "Chinese, tuned on",
        include_str!("corpus/chinese_tuned.txt"),
    );
}

#[test]
fn english_that_was_held_out_is_understood_too() {
    holds(
        "English, held out",
        include_str!("corpus/english_held_out.txt"),
    );
}

#[test]
fn chinese_that_was_held_out_is_understood_too() {
    holds(
        "Chinese, held out",
        include_str!("corpus/chinese_held_out.txt"),
    );
}
