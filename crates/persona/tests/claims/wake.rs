//! Names that call.

use persona::roster::{wake_names, wakes};
use serde_json::json;

use crate::fixture::card;

const NAMES: [&str; 6] = ["Mia", "Captain Nova", "小美", "周孃", "Mia-Sophie", "José"];

#[track_caller]
fn calls(text: &str, who: usize) {
    assert_eq!(wakes(text, &NAMES), Some(who), "{text}");
}

#[track_caller]
fn calls_nobody(text: &str) {
    assert_eq!(wakes(text, &NAMES), None, "{text}");
}

#[test]
fn a_name_at_the_beginning_calls() {
    for text in [
        "Mia",
        "mia!",
        "Mia, are you there?",
        "Mia: hi",
        "MIA tell me a story",
        "**Mia**, hi",
        "@Mia hi",
        "Mia... hello",
        "Mia what's up",
        "Mia yes please",
        "Mia！",
    ] {
        calls(text, 0);
    }
    calls("captain nova, report", 1);
    calls("José, hola", 5);
}

#[test]
fn a_name_after_a_greeting_calls() {
    for text in [
        "hey Mia",
        "Hey, Mia! How are you",
        "hi mia how are you",
        "good morning Mia",
        "ok mia let's go",
        "thanks, Mia",
        "hello Mia is it you",
    ] {
        calls(text, 0);
    }
}

#[test]
fn a_name_at_the_end_calls_after_a_comma() {
    for text in [
        "what do you think, Mia?",
        "good one, mia",
        "Right. Mia?",
        "you there, Mia 🙂",
    ] {
        calls(text, 0);
    }
}

#[test]
fn a_name_in_the_middle_of_talk_does_not_call() {
    for text in [
        "I met Mia yesterday",
        "I like Mia",
        "have you seen Mia?",
        "tell Mia, please, that I left",
        "so is Mia coming?",
        "",
        "   ",
        "!",
    ] {
        calls_nobody(text);
    }
}

#[test]
fn talk_about_somebody_does_not_call() {
    for text in [
        "Mia said no",
        "Mia's soup is good",
        "Mia is nice",
        "Mia and I went home",
        "Mia likes tea",
        "Mia walked home",
        "hey Mia's here",
        "Mia’s",
    ] {
        calls_nobody(text);
    }
}

#[test]
fn a_name_is_a_word_of_its_own() {
    for text in [
        "Miami, here we come",
        "Mias",
        "hey miam",
        "the end, Bohemia",
    ] {
        calls_nobody(text);
    }
}

#[test]
fn the_longer_name_goes_first() {
    calls("Mia-Sophie, hi", 4);
    calls("hi Mia-Sophie", 4);
}

#[test]
fn the_one_at_the_beginning_goes_before_the_one_at_the_end() {
    calls("Mia, say hello to him, José", 0);
}

#[test]
fn chinese_names_call_at_the_beginning_and_the_end() {
    for text in [
        "小美",
        "小美，你好",
        "小美你在吗",
        "小美在吗？",
        "你好小美",
        "晚安，小美",
        "嗨 小美！",
        "今天好吗，小美？",
        "你在吗小美",
        "小美！！",
        "@小美 早",
    ] {
        calls(text, 2);
    }
    calls("周孃来碗茶", 3);
}

#[test]
fn chinese_talk_about_somebody_does_not_call() {
    for text in [
        "小美说她累了",
        "小美的猫",
        "小美和我去喝茶",
        "我喜欢小美",
        "昨天小美来了",
        "小美在家",
    ] {
        calls_nobody(text);
    }
}

#[test]
fn languages_mix() {
    calls("Mia你在吗", 0);
    calls("hey 小美", 2);
    assert_eq!(wakes("kaya来首歌", &["Kaya"]), Some(0));
}

#[test]
fn a_persona_answers_to_its_name_and_nickname() {
    assert_eq!(
        wake_names(&card(json!({ "nickname": "Mi" }))),
        ["Mia", "Mi"]
    );
    assert_eq!(wake_names(&card(json!({ "nickname": "mia" }))), ["Mia"]);
}
