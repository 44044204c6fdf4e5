//! The question for the facts of one message, for small models: of many messages at once they overlook most, and mix up who
//! said what. Such a model does what it was shown, so the examples stand before it as questions that it has answered; and it
//! writes sentences only, for whose they are and where they stand is known.

use serde_json::json;
use store::consolidations::Reading;
use store::turns::Turn;

use super::super::asking::Asked;
use super::super::language::{Writing, writing};
use super::super::{Batch, Example, Question};
use super::{MATERIAL, about_marks, asked_before, object, on_one_line, rest};
use crate::names::Names;

const TASK: &str = "\
You keep notes on people. You are shown one message. Write down what its writer tells of their own life that will still be true next \
month: home, work, family, friends, pets, things they own, likes, skills, plans, dates. Each in one short sentence in the writer's own \
words, beginning with their name. Jokes, moods, questions and what is only of today are no notes: then the list is empty. \
Answer with JSON: {\"facts\": [\"…\"]}";
const TASK_CHINESE: &str = "\
你替人记笔记。你会看到一条消息。写下发消息的人讲到的、关于自己生活的、下个月仍然成立的事：住处、工作、家人、朋友、宠物、拥有的东西、喜好、本领、\
计划、日期。每件事一句短句，用本人的原话，以其名字开头。玩笑、心情、提问和只关于今天的事不算：那时给空列表。用 JSON 回答：{\"facts\": [\"…\"]}";

/// A message and what it tells.
type Told = (&'static str, &'static [&'static str]);

const EXAMPLES: &[Told] = &[
    (
        "Mia: Hello there! I live by the harbour in Oslo and work as a baker, the cold never gets me.",
        &["Mia lives by the harbour in Oslo.", "Mia works as a baker."],
    ),
    (
        "Mia: hahaha stop it, you are worse than the rain. do you ever sleep",
        &[],
    ),
    (
        "Tom: there's a dog on my sofa again, he came with the flat. i call him Biscuit and he eats my socks. my sister Ines paints boats btw",
        &[
            "Tom has a dog called Biscuit.",
            "Tom's sister Ines paints boats.",
        ],
    ),
    (
        "Tom: Walked home in the rain tonight, my shoes are full of it. Somebody left an umbrella on the bus.",
        &[],
    ),
    (
        "Kim asks: Are you free in spring?\nLea: No. The wedding is on 3 April, so there is time to panic. And before you ask, I hate olives.",
        &["Lea's wedding is on 3 April.", "Lea hates olives."],
    ),
    (
        "Lea: Since March I take harp lessons from my aunt Rosa, who used to drive a tram and snores.",
        &[
            "Lea takes harp lessons from her aunt Rosa since March.",
            "Lea's aunt Rosa used to drive a tram.",
        ],
    ),
];
const EXAMPLES_CHINESE: &[Told] = &[
    (
        "米娅: 你好呀！我住在青岛的港口边，在面包店上班，冬天也不冷。",
        &["米娅住在青岛的港口边。", "米娅在面包店上班。"],
    ),
    ("米娅: 哈哈哈别闹，你比这雨还烦。你睡不睡觉的？", &[]),
    (
        "阿涛: 沙发上又趴着一条狗，房子带来的，我叫它饼干，专咬我的袜子。对了我妹妹小英画船",
        &["阿涛有一条狗，叫饼干。", "阿涛的妹妹小英画船。"],
    ),
    (
        "阿涛: 今晚淋着雨走回家，鞋里全是水。公交上有人落了把伞。",
        &[],
    ),
    (
        "小金问: 你春天有空吗？\n乐乐: 没空，婚礼定在四月三号，还能再慌一阵。先说好，我讨厌橄榄。",
        &["乐乐的婚礼在四月三号。", "乐乐讨厌橄榄。"],
    ),
    (
        "乐乐: 三月起我跟姑姑罗玫学竖琴，她以前开电车，还打呼噜。",
        &[
            "乐乐从三月起跟姑姑罗玫学竖琴。",
            "乐乐的姑姑罗玫以前开电车。",
        ],
    ),
];

/// Whose message it is, and its number.
pub(super) fn asked(batch: &Batch, turn: &Turn, names: &Names) -> Asked {
    let mut line = turn.clone();
    names.call(&mut line);
    Asked {
        about: line.author_name,
        number: batch.number(turn),
        said: None,
    }
}

/// The question about a message, whose writer and question before it are called by their names.
pub(super) fn write(batch: &Batch, turn: &Turn, persona: &str, names: &Names) -> Question {
    let mut line = turn.clone();
    names.call(&mut line);
    let before = asked_before(batch, turn, persona, names);
    let is_chinese = writing([turn.text.as_str()]) == Some(Writing::Chinese);
    let before = before.map(|(by, question)| match is_chinese {
        true => format!("{by}问: {question}\n"),
        false => format!("{by} asks: {question}\n"),
    });
    let said = on_one_line(&line.text);
    let text = format!("{}{}: {said}", before.unwrap_or_default(), line.author_name);
    let asked = Asked {
        about: line.author_name,
        number: batch.number(turn),
        said: Some(line.text),
    };
    ask(asked, text, is_chinese)
}

/// The question about what an answer leaves out of the message that was shown alone; it is shown once more only.
pub(super) fn write_rest(asked: &Asked, claims: &[&str]) -> Option<Question> {
    let left = rest::of(asked.said.as_deref()?, &asked.about, claims)?;
    let is_chinese = writing([left.as_str()]) == Some(Writing::Chinese);
    let text = format!("{}: {left}", asked.about);
    let asked = Asked {
        said: None,
        ..asked.clone()
    };
    Some(Question {
        is_for_the_rest: true,
        ..ask(asked, text, is_chinese)
    })
}

/// The question about a message that nobody has written.
pub(super) fn sample() -> Question {
    let asked = Asked {
        about: "Ada".to_owned(),
        number: 1,
        said: None,
    };
    ask(asked, "Ada: I live by the harbour.".to_owned(), false)
}

fn ask(asked: Asked, text: String, is_chinese: bool) -> Question {
    let (task, told) = match is_chinese {
        true => (TASK_CHINESE, EXAMPLES_CHINESE),
        false => (TASK, EXAMPLES),
    };
    let task = [
        Some(task),
        about_marks([asked.about.as_str()]),
        Some(MATERIAL),
    ];
    let examples = told.iter().map(|(message, facts)| Example {
        asked: (*message).to_owned(),
        answered: json!({ "facts": facts }).to_string(),
    });
    Question {
        reading: Reading::Facts,
        system: task.into_iter().flatten().collect::<Vec<_>>().join(" "),
        examples: examples.collect(),
        text,
        schema: object(&json!({"facts": {"type": "array", "items": {"type": "string"}}})),
        asked: Some(asked),
        is_for_the_rest: false,
    }
}
