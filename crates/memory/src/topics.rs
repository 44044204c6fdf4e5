//! What a question is about, by the words that questions and answers of its kind have: "what do I do for work?" is answered by
//! "I tune pianos for a living", and they share no word. Lists of words, not a model: they cost nothing, and say why.
//!
//! It ranks a person's own lines beside their own question; the ranking of everything else is fitted (`rerank.rs`).

use crate::consolidation::is_ideograph;

/// What a shared topic weighs, against the best match by words, which weighs 1.
const SHARED: f64 = 1.0;
/// What a line weighs that tells of whoever says it.
const OF_ONESELF: f64 = 0.3;
/// What is taken from a line that asks something back.
const ASKS_BACK: f64 = 0.4;

/// Words of a kind of question, and of what answers it. English words stand alone, and `*` is for any ending; Chinese ones may
/// stand anywhere.
struct Topic {
    asks: &'static [&'static str],
    tells: &'static [&'static str],
}

#[rustfmt::skip]
const TOPICS: &[Topic] = &[
    Topic {
        asks: &["work", "job", "for a living", "earn", "profession", "career", "trade", "employer", "drive", "工作", "职业", "哪行", "哪一行", "干什么的", "干啥的", "做什么的", "做啥的", "手艺", "上班", "谋生", "吃饭的"],
        tells: &["for a living", "work*", "job", "i'm a", "im a", "i am a", "i was a", "drove", "retired", "teach*", "shift*", "boss", "office", "colleague*", "customer*", "client*", "translat*", "上班", "工作", "当", "退休", "师傅", "同事", "老板", "客户", "开了", "讲解", "值班", "职"],
    },
    Topic {
        asks: &["live*", "home", "address", "building", "street", "house", "place", "住", "哪里人", "哪儿人", "家在"],
        tells: &["live*", "flat", "floor", "street", "apartment", "moved", "my house", "my place", "住", "搬", "楼", "巷", "家在"],
    },
    Topic {
        asks: &["from", "grow up", "grew up", "born", "childhood", "hometown", "老家", "哪里人", "哪儿人", "长大", "小时候", "出生"],
        tells: &["grew up", "born", "from", "originally", "hometown", "as a kid", "as a child", "老家", "长大", "小时候", "出生", "本地人"],
    },
    Topic {
        asks: &["name*", "call*", "who", "whose", "叫什么", "叫啥", "名字", "名儿", "哪几个字", "是谁"],
        tells: &["name*", "call*", "叫", "名字"],
    },
    Topic {
        asks: &["study*", "studies", "major", "degree", "university", "college", "专业", "念", "学的", "大学"],
        tells: &["study*", "studies", "major*", "degree", "university", "college", "专业", "念书", "读书", "学", "大学"],
    },
    Topic {
        asks: &["learn*", "class*", "lesson*", "course*", "practis*", "practic*", "学", "练"],
        tells: &["learn*", "class*", "lesson*", "course*", "practis*", "practic*", "teacher", "学", "练", "老师", "师傅"],
    },
    Topic {
        asks: &["play*", "instrument*", "music*", "band", "sing*", "sport*", "乐器", "弹", "吹", "拉", "唱", "台上", "乐队", "声部", "运动"],
        tells: &["play*", "instrument*", "band", "choir", "orchestra", "sing*", "goalie", "team", "弹", "吹", "拉", "唱", "乐队", "琴", "鼓", "合唱"],
    },
    Topic {
        asks: &["eat*", "food", "dish", "meal", "breakfast", "dinner", "cook*", "favourite", "favorite", "吃", "菜", "口味", "爱"],
        tells: &["eat*", "food", "cook*", "bake*", "love", "favourite", "favorite", "吃", "爱", "菜"],
    },
    Topic {
        asks: &["drink*", "tea", "coffee", "喝", "茶"],
        tells: &["drink*", "tea", "coffee", "cup", "喝", "茶"],
    },
    Topic {
        asks: &["hate*", "dislike*", "stand", "allerg*", "afraid", "scared", "fear*", "讨厌", "怕", "过敏", "不吃", "不喜欢"],
        tells: &["hate*", "dislike*", "cannot stand", "can't stand", "cant stand", "allerg*", "afraid", "scared", "讨厌", "怕", "过敏", "不吃", "不喜欢"],
    },
    Topic {
        asks: &["pet*", "dog*", "cat*", "bird*", "cage", "tank", "animal*", "foot", "paw*", "养", "猫", "狗", "鸟", "缸", "宠物", "汪", "喵"],
        tells: &["pet", "dog*", "cat", "cats", "kitten", "puppy", "bird", "goose", "parrot", "hamster*", "rabbit", "tortoise", "turtle", "fish", "horse", "养", "猫", "狗", "鸟", "鱼", "兔", "龟", "鹦鹉", "仓鼠"],
    },
    Topic {
        asks: &["collect*", "hobby", "hobbies", "free time", "收", "攒", "爱好", "收藏"],
        tells: &["collect*", "hobby", "weekend*", "收", "攒", "收藏"],
    },
    Topic {
        asks: &["go", "going", "off to", "trip", "travel*", "holiday", "vacation", "heading", "city", "country", "destination", "where", "往哪", "去哪", "哪儿跑", "旅行", "旅游", "上天", "坐个"],
        tells: &["going to", "trip", "travel*", "holiday", "vacation", "move*", "moving", "train to", "flight", "fly*", "要去", "去", "旅行", "火车", "飞机", "坐"],
    },
    Topic {
        asks: &["get to", "get there", "commute", "transport", "怎么去", "怎么来", "上学"],
        tells: &["cable car", "bus", "train", "bike", "tram", "ferry", "walk to", "骑", "公交", "地铁", "电车", "缆车", "走路"],
    },
    Topic {
        asks: &["when", "date", "day", "time", "month", "o'clock", "hour", "early", "late", "几号", "哪天", "哪一天", "几点", "什么时候", "啥时候", "几月"],
        tells: &["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "monday*", "tuesday*", "wednesday*", "thursday*", "friday*", "saturday*", "sunday*", "past", "o'clock", "am", "pm", "birthday", "月", "号", "星期", "礼拜", "点", "生日", "日"],
    },
    Topic {
        asks: &["brother*", "哥", "弟"],
        tells: &["brother*", "bro", "哥", "弟"],
    },
    Topic {
        asks: &["sister*", "sis", "姐", "妹"],
        tells: &["sister*", "sis", "姐", "妹"],
    },
    Topic {
        asks: &["mum", "mom", "mother*", "mam", "妈", "娘"],
        tells: &["mum", "mom", "mother*", "mam", "妈", "娘"],
    },
    Topic {
        asks: &["dad*", "father*", "da", "爸", "爹"],
        tells: &["dad*", "father*", "da", "爸", "爹"],
    },
    Topic {
        asks: &["gran", "granny", "nan", "grandmother*", "grandma*", "grandad*", "grandpa*", "grandfather*", "奶奶", "外婆", "姥姥", "爷爷", "外公", "姥爷"],
        tells: &["gran", "granny", "nan", "grandmother*", "grandma*", "grandad*", "grandpa*", "grandfather*", "奶奶", "外婆", "姥姥", "爷爷", "外公", "姥爷"],
    },
    Topic {
        asks: &["wife", "husband", "partner", "girlfriend", "boyfriend", "老伴", "老婆", "老公", "老太婆", "老头子", "媳妇", "爱人", "对象"],
        tells: &["wife", "husband", "partner", "girlfriend", "boyfriend", "老伴", "老婆", "老公", "老太婆", "老头子", "媳妇", "爱人", "对象"],
    },
    Topic {
        asks: &["daughter*", "son", "kid", "kids", "granddaughter*", "grandson*", "lass*", "女儿", "儿子", "闺女", "孙女", "孙子", "娃"],
        tells: &["daughter*", "son", "kid", "kids", "granddaughter*", "grandson*", "lass*", "女儿", "儿子", "闺女", "孙女", "孙子", "娃"],
    },
    Topic {
        asks: &["flatmate*", "roommate*", "housemate*", "室友", "舍友"],
        tells: &["flatmate*", "roommate*", "housemate*", "室友", "舍友"],
    },
    Topic {
        asks: &["neighbour*", "neighbor*", "next door", "upstairs", "downstairs", "邻居", "隔壁", "楼上", "楼下"],
        tells: &["neighbour*", "neighbor*", "next door", "upstairs", "downstairs", "邻居", "隔壁", "楼上", "楼下"],
    },
    Topic {
        asks: &["made of", "parts", "build*", "built", "make", "makes", "零件", "拼", "做的"],
        tells: &["made of", "made from", "build*", "built", "making", "out of", "零件", "拼", "做了", "做的", "搞了"],
    },
    Topic {
        asks: &["lost", "missing", "丢", "不见"],
        tells: &["lost", "missing", "gone", "丢", "不见"],
    },
    Topic {
        asks: &["song", "book*", "novel*", "film*", "movie*", "read*", "歌", "书", "电影", "小说"],
        tells: &["song", "book*", "novel*", "film*", "movie*", "read*", "wrote", "歌", "书", "电影", "小说"],
    },
];

/// How much a line speaks for answering its speaker's own question, beside the words that both have: from -0.4 to 1.8.
#[must_use]
pub fn bears_on(question: &str, line: &str) -> f64 {
    let (question, line) = (Spaced::of(question), Spaced::of(line));
    let shared = TOPICS
        .iter()
        .filter(|topic| question.has_one(topic.asks) && line.has_one(topic.tells))
        .count();
    let mut weight = match shared {
        0 => 0.0,
        1 => SHARED,
        _ => 1.5 * SHARED,
    };
    if line.has_one(&[
        "i", "i'm", "im", "i've", "my", "me", "we", "our", "我", "咱",
    ]) {
        weight += OF_ONESELF;
    }
    if line.asks {
        weight -= ASKS_BACK;
    }
    weight
}

/// A text in small letters, with one space around each word.
struct Spaced {
    text: String,
    asks: bool,
}

impl Spaced {
    fn of(text: &str) -> Self {
        let lower = text.to_lowercase().replace('’', "'");
        let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'');
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        Self {
            text: format!(" {} ", words.join(" ")),
            asks: text.contains(['?', '？']),
        }
    }

    fn has_one(&self, entries: &[&str]) -> bool {
        entries.iter().any(|entry| self.has(entry))
    }

    fn has(&self, entry: &str) -> bool {
        if entry.contains(is_ideograph) {
            return self.text.contains(entry);
        }
        match entry.strip_suffix('*') {
            Some(stem) => self.text.contains(&format!(" {stem}")),
            None => self.text.contains(&format!(" {entry} ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The first of the two lines answers the question, and has no word of it.
    #[rstest]
    #[case(
        "What do I do for work?",
        "I fix lifts for a living.",
        "The rain has a rhythm today."
    )]
    #[case(
        "Where am I from?",
        "I grew up on a farm near Leeds.",
        "I bought a lamp."
    )]
    #[case(
        "when is my exam again",
        "The big day is the ninth of May.",
        "Exams! I can't wait?"
    )]
    #[case(
        "what's my parrot called",
        "Somebody named him Captain Biscuit, our bird.",
        "I saw a film about ships."
    )]
    #[case("我是做哪一行的？", "我在医院当护士。", "今天的云像鱼鳞。")]
    #[case(
        "我家那位在团里唱什么？",
        "老伴在合唱团唱女低音。",
        "我把伞落在车上了。"
    )]
    #[case("门口汪汪的那位，名字你说得出来不？", "我家的狗叫煤球。", "我爱吃辣。")]
    fn a_line_of_the_questions_kind_is_before_one_of_none(
        #[case] question: &str,
        #[case] answers: &str,
        #[case] other: &str,
    ) {
        let (answer, other) = (bears_on(question, answers), bears_on(question, other));
        assert!(answer > other, "{question}: {answer} and {other}");
    }

    #[test]
    fn english_words_stand_alone_and_stems_take_endings() {
        let text = Spaced::of("He works in a CATALOGUE office, I’m told.");
        assert!(text.has("work*") && text.has("office") && text.has("i'm"));
        assert!(!text.has("cat") && !text.has("in an"));
    }
}
