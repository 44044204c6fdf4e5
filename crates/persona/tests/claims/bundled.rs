//! The personas that ship inside the program: these are the first ones that people meet.

use std::collections::HashSet;
use std::io::Cursor;
use std::path::Path;

use persona::bundled::{all, by_slug};
use persona::card::Speaker;
use persona::{estimate, frame};

use crate::fixture::scene;

/// Discord's limit for the file of an emoji.
/// <https://docs.discord.com/developers/resources/emoji>
const MAX_AVATAR_BYTES: usize = 256 * 1024;

/// The frame's share of the prompt.
const FRAME_TOKENS: usize = 500;

#[test]
fn every_folder_is_in_the_program() {
    let folders = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../personas"));
    let cards = folders
        .into_iter()
        .flatten()
        .filter(|folder| folder.as_ref().unwrap().path().join("card.json").exists());
    assert_eq!(
        cards.count(),
        all().len(),
        "a card without avatar.png is left out, and so is one that cannot be read"
    );
}

#[test]
fn every_name_is_one_that_discord_shows() {
    for bundled in all() {
        assert_eq!(bundled.card.name_problem(), None, "{}", bundled.slug);
        assert!(
            bundled
                .slug
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '-'),
            "{}",
            bundled.slug
        );
        assert_eq!(
            by_slug(bundled.slug).unwrap().card.name(),
            bundled.card.name()
        );
    }
}

#[test]
fn no_two_share_a_name_or_a_greeting() {
    let mut seen = HashSet::new();
    for bundled in all() {
        assert!(
            seen.insert(bundled.card.display_name().to_lowercase()),
            "{}",
            bundled.slug
        );
        for greeting in bundled.card.greetings() {
            assert!(
                seen.insert(greeting.to_owned()),
                "{}: {greeting}",
                bundled.slug
            );
        }
    }
}

#[test]
fn each_has_greetings_an_example_and_lore() {
    for bundled in all() {
        let card = &bundled.card;
        assert!(
            !card.first_mes().is_empty() && !card.alternate_greetings().is_empty(),
            "{}: greetings",
            bundled.slug
        );
        assert!(
            card.examples()
                .dialogues
                .iter()
                .any(|dialogue| dialogue.lines.len() > 1),
            "{}: an example",
            bundled.slug
        );
        assert!(
            card.lorebook()
                .is_some_and(|book| book.entries().len() >= 3),
            "{}: lore",
            bundled.slug
        );
        assert!(!card.languages().is_empty(), "{}: a language", bundled.slug);
    }
}

#[test]
fn one_speaks_chinese_and_one_two_languages() {
    if all().is_empty() {
        return;
    }
    assert!(
        all()
            .iter()
            .any(|bundled| bundled.card.languages() == ["zh"])
    );
    assert!(
        all()
            .iter()
            .any(|bundled| bundled.card.languages().len() == 2)
    );
}

#[test]
fn all_lore_fires_by_every_one_of_its_keys() {
    for bundled in all() {
        let book = bundled.card.lorebook().unwrap();
        for entry in book.entries() {
            for key in entry.keys() {
                let fired = book.triggered(&[key], &estimate::tokens, usize::MAX);
                assert!(
                    fired.iter().any(|fired| fired.entry == entry),
                    "{}: “{key}” does not bring {}",
                    bundled.slug,
                    entry.label()
                );
            }
        }
    }
}

#[test]
fn every_frame_keeps_to_its_share_without_being_cut() {
    for bundled in all() {
        let sections = frame::frame(
            &bundled.card,
            &bundled.card.examples(),
            &scene(bundled.card.called(), "you"),
        );
        let tokens: usize = sections
            .iter()
            .map(|section| estimate::tokens(&section.text))
            .sum();
        assert!(tokens <= FRAME_TOKENS, "{}: {tokens} tokens", bundled.slug);
    }
}

#[test]
fn nothing_that_is_shown_or_sent_keeps_a_macro() {
    for bundled in all() {
        let scene = scene(bundled.card.called(), "Ann");
        let greetings = (0..bundled.card.greetings().count())
            .filter_map(|index| frame::greeting(&bundled.card, index, &scene));
        let sections = frame::frame(&bundled.card, &bundled.card.examples(), &scene)
            .into_iter()
            .map(|section| section.text);
        for text in greetings
            .chain(sections)
            .chain([frame::post_history(&bundled.card, &scene)])
        {
            assert!(
                !text.contains("{{") && !text.contains("<START>"),
                "{}: {text}",
                bundled.slug
            );
        }
    }
}

#[test]
fn every_face_is_a_square_png_that_discord_takes() {
    for bundled in all() {
        assert!(
            bundled.avatar.len() <= MAX_AVATAR_BYTES,
            "{}: {} bytes",
            bundled.slug,
            bundled.avatar.len()
        );
        let mut reader = png::Decoder::new(Cursor::new(bundled.avatar))
            .read_info()
            .expect(bundled.slug);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).expect(bundled.slug);
        assert_eq!(info.width, info.height, "{}", bundled.slug);
        assert!(info.width >= 128, "{}: {} pixels", bundled.slug, info.width);
    }
}

#[test]
fn none_is_age_restricted() {
    for bundled in all() {
        assert!(!bundled.card.is_age_restricted(), "{}", bundled.slug);
    }
}

/// Every run of three words, or of five Chinese characters, in small letters.
fn phrases(text: &str) -> HashSet<String> {
    let text = text.to_lowercase();
    let pieces = text.split([
        '.', ',', ':', '!', '?', '"', '\n', '…', '。', '，', '：', '！', '？', '“', '”', '~',
    ]);
    let mut found = HashSet::new();
    for piece in pieces {
        let words: Vec<&str> = piece.split_whitespace().collect();
        found.extend(words.windows(3).map(|run| run.join(" ")));
        let han: Vec<char> = piece.chars().filter(|c| !c.is_ascii()).collect();
        found.extend(han.windows(5).map(|run| run.iter().collect::<String>()));
    }
    found
}

#[test]
fn no_phrase_stands_both_in_the_examples_and_in_the_personality() {
    for bundled in all() {
        let card = &bundled.card;
        let lines = card
            .examples()
            .dialogues
            .into_iter()
            .flat_map(|dialogue| dialogue.lines);
        let said: HashSet<String> = lines
            .filter(|line| line.speaker == Speaker::Persona)
            .flat_map(|line| phrases(&line.text))
            .collect();
        let twice: Vec<String> = phrases(card.personality())
            .intersection(&said)
            .cloned()
            .collect();
        assert!(twice.is_empty(), "{}: {twice:?}", bundled.slug);
    }
}
