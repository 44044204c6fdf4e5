//! Whether a message asks about whoever writes it. Then what they said themselves is what answers it, and a persona's own
//! things are not.

use crate::consolidation::is_ideograph;

/// What a message wants to know of its writer; the later ones want more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oneself {
    /// Nothing.
    #[default]
    Nothing,
    /// Perhaps something: "which city is Kwabena off to?" asks nothing of the persona, so they may have told it.
    Perhaps,
    /// One thing: "where do I live?"
    Something,
    /// Whatever there is: "what do you remember about me?"
    Everything,
}

impl Oneself {
    /// Whether it is certain that they ask about themselves.
    #[must_use]
    pub fn is_certain(self) -> bool {
        self >= Self::Something
    }
}

#[rustfmt::skip]
const MINE: &[&str] = &["my", "mine", "our", "ours", "myself"];
#[rustfmt::skip]
const I: &[&str] = &["i", "i'm", "im", "i've", "ive", "i'd", "i'll", "we", "we're", "we've"];
const MINE_CHINESE: &[&str] = &[
    "我的",
    "我家",
    "我们家",
    "我们的",
    "咱家",
    "我爸",
    "我妈",
    "我哥",
    "我姐",
    "我弟",
    "我妹",
    "我朋友",
    "我同事",
];
const THEY: &[&str] = &[
    "he", "she", "it", "they", "him", "her", "his", "their", "them", "that", "those",
];
const KNOWING: &[&str] = &[
    "remember", "know", "recall", "learned", "noted", "who", "still",
];
const KNOWING_CHINESE: &[&str] = &[
    "记",
    "知道",
    "了解",
    "认识",
    "印象",
    "有数",
    "说得出",
    "说得上",
    "忘",
];
const YOU: &[&str] = &["you", "u", "ya", "ye", "yer"];
const YOURS: &[&str] = &["your", "yours", "you're", "yourself"];
/// How an English question begins, mark or not.
#[rustfmt::skip]
const ASKING: &[&str] = &[
    "what", "what's", "whats", "where", "where's", "who", "who's", "when", "when's", "which", "whose", "how", "why", "do", "does", "did", "am", "are", "is", "was",
    "were", "have", "has", "can", "could", "will", "would", "remind", "tell", "guess",
];
const ALL_ENGLISH: &[&str] = &[
    "about me",
    "who i am",
    "who am i",
    "know me",
    "remember me",
    "of me",
];
const ALL_CHINESE: &[&str] = &[
    "关于我",
    "我的事",
    "我是谁",
    "了解我",
    "认识我",
    "记得我吗",
    "我什么",
    "我多少",
    "我哪些",
    "对我",
];
const ASKING_CHINESE: &[&str] = &[
    "什么",
    "啥",
    "哪",
    "谁",
    "几",
    "多少",
    "多大",
    "怎么",
    "吗",
    "呢",
    "嘛",
    "记得",
    "记不记得",
    "知不知道",
    "是不是",
    "有没有",
];
/// What claims that something was said before.
#[rustfmt::skip]
const CLAIMS: &[&str] = &[
    "you said", "you told", "you mentioned", "you promised", "you once", "you were saying", "you just said", "i told you", "i once told",
    "i already told", "as we said", "we talked about", "we agreed", "remember when", "remember?", "like you said", "as you said", "earlier you", "last time",
];
/// What claims it where something is asked: "that's what I said last year too" is no claim about this talk.
const CLAIMS_OF_QUESTIONS: &[&str] = &["i said", "i mentioned"];
#[rustfmt::skip]
const CLAIMS_CHINESE: &[&str] = &[
    "你说过", "你之前说", "你刚才说", "你刚刚说", "你上次", "你答应", "你讲过", "你提过", "你告诉过", "我说过", "我跟你说", "我和你说", "我告诉过", "我告诉你", "我之前说", "我提过", "我讲过",
    "我们说好", "我们聊过", "不是说过", "不是说", "还记得", "上次说", "上回",
];

/// What a message asks about its writer.
#[must_use]
pub fn asks_of_oneself(message: &str) -> Oneself {
    let mut most = Oneself::Nothing;
    // "My brother came up. Do you still know what he makes?"
    let mut has_mine = false;
    for sentence in sentences(message) {
        let asks = match sentence.contains(is_ideograph) {
            true => asks_in_chinese(sentence, has_mine),
            false => asks_in_english(sentence, has_mine),
        };
        has_mine |= says_mine(sentence);
        most = most.max(asks);
    }
    most
}

fn says_mine(sentence: &str) -> bool {
    words(sentence)
        .iter()
        .any(|word| MINE.contains(&word.as_str()))
        || MINE_CHINESE.iter().any(|mine| sentence.contains(mine))
}

/// Whether a message is about its writer's things and not about the persona's: it says "my" and not "your".
#[must_use]
pub fn is_about_mine(message: &str) -> bool {
    let words = words(message);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let mine = says(MINE)
        || ["我的", "我家", "我们家", "我们的", "咱家"]
            .iter()
            .any(|of| message.contains(of));
    let yours = says(YOURS)
        || ["你的", "你家", "您的", "你们"]
            .iter()
            .any(|of| message.contains(of));
    mine && !yours
}

/// Whether a message says that something was said or promised before, be it true or not.
#[must_use]
pub fn claims_the_past(message: &str) -> bool {
    let lower = message.to_lowercase().replace('’', "'");
    let has = |claims: &[&str]| claims.iter().any(|claim| lower.contains(claim));
    has(CLAIMS)
        || lower.contains('?') && has(CLAIMS_OF_QUESTIONS)
        || CLAIMS_CHINESE.iter().any(|claim| message.contains(claim))
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n', '。', '！', '？'])
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace('’', "'");
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words
        .filter(|word| !word.is_empty())
        .map(Into::into)
        .collect()
}

fn asks_in_english(sentence: &str, has_mine: bool) -> Oneself {
    let lower = sentence.to_lowercase().replace('’', "'");
    let words = words(sentence);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let begins = words
        .first()
        .is_some_and(|first| ASKING.contains(&first.as_str()));
    let is_marked = sentence.trim_end().ends_with('?');
    if !begins && !is_marked {
        return Oneself::Nothing;
    }
    let knows = says(KNOWING);
    match () {
        () if knows && ALL_ENGLISH.iter().any(|all| lower.contains(all)) => Oneself::Everything,
        () if says(MINE) || says(I) => Oneself::Something,
        () if has_mine && knows && says(THEY) => Oneself::Something,
        // "Do you know the name?" is about whoever has the name.
        () if is_marked && (knows || !(says(YOU) || says(YOURS))) => Oneself::Perhaps,
        () => Oneself::Nothing,
    }
}

fn asks_in_chinese(sentence: &str, has_mine: bool) -> Oneself {
    let says = |list: &[&str]| list.iter().any(|word| sentence.contains(word));
    let is_marked = sentence.trim_end().ends_with(['?', '？']);
    if !is_marked && !says(ASKING_CHINESE) {
        return Oneself::Nothing;
    }
    let knows = says(KNOWING_CHINESE);
    match sentence.contains(['我', '咱', '俺']) {
        true if knows && says(ALL_CHINESE) => Oneself::Everything,
        true => Oneself::Something,
        false if has_mine && knows => Oneself::Something,
        false if is_marked && (knows || !sentence.contains(['你', '您'])) => Oneself::Perhaps,
        false => Oneself::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Where do I live?", Oneself::Something)]
    #[case("remind me what my boat is called", Oneself::Something)]
    #[case("Long day. What is it that I play on Mondays?", Oneself::Something)]
    #[case(
        "My brother came up at lunch. Do you still know what he makes?",
        Oneself::Something
    )]
    #[case("My tea is cold. Do you like tea?", Oneself::Nothing)]
    #[case("What do you remember about me?", Oneself::Everything)]
    #[case("do you know who I am", Oneself::Everything)]
    #[case("I live in Lisbon.", Oneself::Nothing)]
    #[case("What does fog sound like?", Oneself::Perhaps)]
    #[case(
        "im writing a card for kwabena. which city is he off to?",
        Oneself::Perhaps
    )]
    #[case("who lives in it, do you know the name?", Oneself::Perhaps)]
    #[case("What do you think of fog?", Oneself::Nothing)]
    #[case("tell her more, part 5", Oneself::Nothing)]
    #[case("Kwabena is off to Utrecht.", Oneself::Nothing)]
    #[case("朵朵又来要叶子了。她养的是啥，你还有数吗？", Oneself::Perhaps)]
    #[case("阿朵又抱了一大包东西回来，她收的那是啥？", Oneself::Perhaps)]
    #[case("How are you?", Oneself::Nothing)]
    #[case("我住在哪里？", Oneself::Something)]
    #[case("还记得我养的猫叫啥", Oneself::Something)]
    #[case("你还记得关于我的什么事吗？", Oneself::Everything)]
    #[case("我住在杭州。", Oneself::Nothing)]
    #[case("你喜欢什么茶？", Oneself::Nothing)]
    fn a_question_about_its_writer_is_told_from_others(
        #[case] message: &str,
        #[case] asks: Oneself,
    ) {
        assert_eq!(asks_of_oneself(message), asks, "{message}");
    }

    #[test]
    fn my_things_are_not_the_personas() {
        assert!(is_about_mine("my gull took the toast"));
        assert!(is_about_mine("我的船漏水了"));
        assert!(!is_about_mine("does your gull like my toast?"));
        assert!(!is_about_mine("tell me about the gull"));
    }

    #[test]
    fn a_claim_about_the_past_is_seen() {
        assert!(claims_the_past(
            "You said earlier that your gull could talk French, remember?"
        ));
        assert!(claims_the_past("我不是跟你说过我姐是护士吗"));
        assert!(claims_the_past("what was it that I said about my sister?"));
        assert!(!claims_the_past("I like your lamp."));
        assert!(!claims_the_past(
            "loads of time. thats what i said last year too"
        ));
    }
}
