//! The frame of a prompt.

use persona::frame::{fit, frame, greeting, post_history};
use persona::{Card, Part, Section};
use serde_json::json;

use crate::fixture::{card, scene, words};

fn full() -> Card {
    card(json!({
        "description": "{{char}} is a cook. She has a boat. She likes rain.",
        "personality": "Dry. Kind.",
        "scenario": "{{user}} comes in.",
        "mes_example": "<START>\n{{user}}: Soup?\n{{char}}: Soup.\n<START>\n{{user}}: Bread?\n{{char}}: Bread.",
    }))
}

fn parts(sections: &[Section]) -> Vec<Part> {
    sections.iter().map(|section| section.part).collect()
}

fn cost(sections: &[Section]) -> usize {
    sections.iter().map(|section| words(&section.text)).sum()
}

#[test]
fn the_frame_has_everything_in_order_with_macros_expanded() {
    let sections = frame(&full(), &full().examples(), &scene("Mia", "Tom"));
    use Part::{Description, Example, Identity, Instruction, Personality, Scenario};
    assert_eq!(
        parts(&sections),
        [
            Identity,
            Instruction,
            Description,
            Personality,
            Scenario,
            Example,
            Example
        ]
    );
    let text: Vec<&str> = sections
        .iter()
        .map(|section| section.text.as_str())
        .collect();
    assert_eq!(text[0], "You are Mia.");
    assert!(text[2].ends_with("Mia is a cook. She has a boat. She likes rain."));
    assert!(text[4].contains("Tom comes in."));
    assert!(text[5].ends_with("Tom: Soup?\nMia: Soup."));
    assert!(!text.concat().contains("{{"));
}

#[test]
fn the_same_scene_gives_the_same_frame() {
    let card = card(json!({ "description": "{{random:a,b,c,d}} {{roll:100}}" }));
    assert_eq!(
        frame(&card, &card.examples(), &scene("Mia", "Tom")),
        frame(&card, &card.examples(), &scene("Mia", "Tom"))
    );
}

fn bare() -> Vec<Section> {
    let card = card(json!({}));
    frame(&card, &card.examples(), &scene("Mia", "Tom"))
}

#[test]
fn an_empty_card_still_says_who_and_how() {
    let sections = bare();
    assert_eq!(parts(&sections), [Part::Identity, Part::Instruction]);
    assert!(sections[1].text.contains("Mia"));
}

#[test]
fn the_cards_system_prompt_replaces_the_houses_and_can_quote_it() {
    let house = bare()[1].text.clone();
    let own = card(json!({ "system_prompt": "Be {{char}}." }));
    assert_eq!(
        frame(&own, &own.examples(), &scene("Mia", "Tom"))[1].text,
        "Be Mia."
    );
    let quoting = card(json!({ "system_prompt": "{{original}}\nBe loud." }));
    assert_eq!(
        frame(&quoting, &quoting.examples(), &scene("Mia", "Tom"))[1].text,
        format!("{house}\nBe loud.")
    );
}

#[test]
fn instructions_after_the_history_stand_apart() {
    let scene = scene("Mia", "Tom");
    let house = post_history(&card(json!({})), &scene);
    assert!(house.contains("Mia"));
    let own = card(json!({ "post_history_instructions": "Rhyme, {{char}}. {{original}}" }));
    assert_eq!(post_history(&own, &scene), format!("Rhyme, Mia. {house}"));
    assert!(
        frame(&own, &own.examples(), &scene)
            .iter()
            .all(|section| !section.text.contains("Rhyme"))
    );
}

#[test]
fn notes_tags_and_makers_never_reach_the_prompt() {
    let card = card(
        json!({ "creator_notes": "SECRET", "tags": ["SECRET"], "creator": "SECRET", "character_version": "SECRET" }),
    );
    assert!(
        frame(&card, &card.examples(), &scene("Mia", "Tom"))
            .iter()
            .all(|section| !section.text.contains("SECRET"))
    );
}

#[test]
fn a_chinese_persona_is_framed_in_chinese() {
    let card = card(json!({ "extensions": { "familiar": { "language": "zh" } } }));
    assert_eq!(
        frame(&card, &card.examples(), &scene("小美", "你"))[0].text,
        "你是小美。"
    );
}

#[test]
fn what_fits_stays_whole() {
    let sections = frame(&full(), &full().examples(), &scene("Mia", "Tom"));
    assert_eq!(fit(sections.clone(), cost(&sections), &words), sections);
}

#[test]
fn examples_go_first_and_the_last_one_before_the_others() {
    let sections = frame(&full(), &full().examples(), &scene("Mia", "Tom"));
    let fewer = fit(sections.clone(), cost(&sections) - 1, &words);
    assert_eq!(fewer, sections[..6]);
    let none = fit(sections.clone(), cost(&sections[..5]), &words);
    assert_eq!(none, sections[..5]);
}

#[test]
fn then_the_longest_text_loses_its_last_sentence() {
    let sections = frame(&full(), &full().examples(), &scene("Mia", "Tom"));
    let fitted = fit(sections.clone(), cost(&sections[..5]) - 1, &words);
    assert!(
        fitted[2].text.ends_with("Mia is a cook. She has a boat."),
        "{}",
        fitted[2].text
    );
}

#[test]
fn the_identity_stays_whatever_it_takes() {
    let fitted = fit(
        frame(&full(), &full().examples(), &scene("Mia", "Tom")),
        0,
        &words,
    );
    assert_eq!(parts(&fitted), [Part::Identity]);
}

#[test]
fn a_frame_never_passes_its_share() {
    let long = card(json!({
        "description": "word ".repeat(3_000), "personality": "字".repeat(3_000), "scenario": "One. Two! Three? ".repeat(200),
        "system_prompt": "Do this. ".repeat(500),
    }));
    let sections = frame(&long, &long.examples(), &scene("Mia", "Tom"));
    for share in [0, 3, 10, 100, 500, 1_000, 5_000] {
        let fitted = fit(sections.clone(), share, &persona::estimate::tokens);
        let cost: usize = fitted
            .iter()
            .map(|section| persona::estimate::tokens(&section.text))
            .sum();
        assert!(cost <= share.max(4), "{cost} of {share}");
        assert!(
            share < 100 || cost * 10 >= share * 7,
            "{cost} of {share} uses too little of it"
        );
    }
}

#[test]
fn greetings_go_round_with_macros_expanded() {
    let card = card(json!({ "first_mes": "Hi {{user}}", "alternate_greetings": ["Hello"] }));
    let nth = |index| greeting(&card, index, &scene("Mia", "Tom"));
    assert_eq!(
        [nth(0), nth(1), nth(2)].map(Option::unwrap),
        ["Hi Tom", "Hello", "Hi Tom"]
    );
    assert_eq!(
        greeting(&crate::fixture::card(json!({})), 0, &scene("Mia", "Tom")),
        None
    );
}
