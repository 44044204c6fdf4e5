//! Telling words: whoever repeats one of them repeats somebody. Everyday words are none, for all of us use them.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::consolidation::{is_empty_word, is_ideograph, stem};

/// Words that anybody may use of anything, beside those that tell nothing about a fact.
#[rustfmt::skip]
const EVERYDAY: &[&str] = &[
    "able", "above", "actually", "after", "again", "ago", "agree", "ah", "aha", "all", "almost", "alone", "along", "already", "alright", "always",
    "amazing", "another", "answer", "any", "anybody", "anyone", "anything", "anyway", "around", "ask", "away", "aw", "back", "bad", "because",
    "become", "been", "before", "begin", "believe", "best", "better", "between", "big", "bit", "both", "bring", "but", "bye", "call", "came", "can",
    "care", "chat", "clear", "close", "com", "come", "cool", "could", "couple", "course", "day", "dear", "different", "doing", "don", "done", "down",
    "during", "each", "early", "easy", "either", "else", "end", "enough", "even", "evening", "ever", "everybody", "everyone", "everything", "exactly",
    "far", "feel", "few", "find", "fine", "first", "friend", "full", "fun", "funny", "gave", "give", "glad", "go", "gone", "good", "great", "guess",
    "guy", "haha", "half", "happen", "happy", "hard", "hear", "heard", "hello", "help", "here", "hey", "hi", "hm", "hmm", "hour", "how", "http",
    "https", "idea", "if", "indeed", "interesting", "into", "isn", "keep", "kind", "knew", "know", "last", "late", "later", "least", "leave", "less",
    "let", "life", "like", "line", "listen", "little", "ll", "lol", "long", "look", "lot", "lovely", "ma", "made", "make", "man", "many", "matter",
    "may", "maybe", "mean", "member", "message", "might", "mind", "minute", "moment", "month", "more", "morning", "most", "move", "much", "must", "near",
    "need", "never", "new", "next", "nice", "night", "no", "nobody", "none", "nor", "not", "note", "nothing", "off", "often", "oh", "ok", "okay",
    "once", "one", "only", "open", "or", "other", "out", "over", "part", "past", "people", "perhaps", "place", "plan", "please", "possible", "pretty",
    "probably", "problem", "put", "question", "quick", "quite", "re", "read", "ready", "real", "reason", "remember", "rest", "right", "room", "same",
    "saw", "say", "see", "seem", "seen", "send", "share", "short", "should", "show", "side", "since", "small", "somebody", "someone", "something",
    "sometimes", "soon", "sorry", "sort", "sound", "speak", "start", "stay", "stop", "story", "stuff", "such", "sure", "take", "talk", "tell", "than",
    "thank", "thanks", "then", "thing", "think", "though", "thought", "through", "time", "today", "together", "tomorrow", "tonight", "too", "took",
    "top", "true", "try", "turn", "two", "under", "understand", "until", "up", "us", "use", "used", "usually", "ve", "wait", "want", "watch", "way",
    "week", "welcome", "well", "went", "what", "whatever", "while", "whole", "why", "wish", "without", "woman", "wonder", "wonderful", "word", "work",
    "world", "worry", "would", "wow", "write", "wrong", "www", "yeah", "yep", "yes", "yesterday", "yet", "yourself",
];
/// Chinese characters that only hold a sentence together: no telling pair has one.
const HOLDING: &str = "的了是我你您他她它们这那吗呢吧啊嘛呀哦嗯哈着么什哪怎谁";
/// Chinese characters that mostly do: a telling pair has another one too.
const COMMON: &str = "真一二两三不在有和就都也很还又再才更最个只条名位次种样些人上下来去说要会能可以到好没对从得被给让与跟把为之其过地看想做点多大小时候天年月日里外家叫每\
                      养等及出起后前回开事情子儿住用因所但如果而且或虽然应该已经";
/// Chinese words that anybody may use of anything.
#[rustfmt::skip]
const EVERYDAY_CHINESE: &[&str] = &[
    "知道", "觉得", "喜欢", "也喜", "很喜", "都喜", "现在", "今天", "明天", "昨天", "时间", "谢谢", "真的", "东西", "朋友", "问题", "需要", "一直", "非常", "比较",
    "特别", "其实", "当然", "希望", "感觉", "认为", "告诉", "可能", "很高", "高兴", "开心", "工作", "生活", "记得", "不记", "明白", "不知", "早上", "晚上", "晚安",
    "早安", "大概", "刚才", "刚刚", "地方", "名字", "意思", "有意", "没关", "关系", "不错", "有趣", "可爱", "好像", "听说", "回答", "聊天", "一定", "必须", "总是",
    "经常", "有时", "以为", "成为", "作为", "认识", "看见", "听到", "说话", "想法", "办法", "怕是", "还没", "已经", "加油", "欢迎", "抱歉", "对不", "不起", "没问",
];

static EVERYDAY_STEMS: LazyLock<HashSet<String>> =
    LazyLock::new(|| EVERYDAY.iter().map(|word| stem(word)).collect());

/// The telling words of a text, by their stems: words, names, numbers of more than one digit, and of what is written without
/// spaces every two characters, or three around one that holds them together.
pub(super) fn telling(text: &str) -> HashSet<String> {
    let mut words = HashSet::new();
    let (mut word, mut run) = (String::new(), vec![]);
    for c in text.nfkc().flat_map(char::to_lowercase).chain([' ']) {
        if !is_ideograph(c) {
            take_run(&mut words, &mut run);
        }
        if is_ideograph(c) || !c.is_alphanumeric() {
            take_word(&mut words, &mut word);
        }
        match c {
            _ if is_ideograph(c) => run.push(c),
            _ if c.is_alphanumeric() => word.push(c),
            _ => {}
        }
    }
    words
}

fn take_word(words: &mut HashSet<String>, word: &mut String) {
    let word = std::mem::take(word);
    if word.chars().nth(1).is_none() || is_empty_word(&word) {
        return;
    }
    let stem = stem(&word);
    if !EVERYDAY_STEMS.contains(&stem) && !is_empty_word(&stem) {
        words.insert(stem);
    }
}

fn take_run(words: &mut HashSet<String>, run: &mut Vec<char>) {
    let run = std::mem::take(run);
    let is_holding = |c: char| HOLDING.contains(c) || is_hiragana(c);
    let is_content = |c: char| !is_holding(c) && !COMMON.contains(c);
    for pair in run.windows(2) {
        let text: String = pair.iter().collect();
        if pair.iter().any(|c| is_content(*c))
            && !pair.iter().any(|c| is_holding(*c))
            && !EVERYDAY_CHINESE.contains(&text.as_str())
        {
            words.insert(text);
        }
    }
    for three in run.windows(3) {
        if is_content(three[0]) && is_holding(three[1]) && is_content(three[2]) {
            words.insert(three.iter().collect());
        }
    }
}

/// In Japanese, what holds a sentence together is written so.
fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_name_in_any_letters("Her code is ＱＵＩＬＬＦＥＡＴＨＥＲ!", "the quillfeather's")]
    #[case::a_number("it is 4471", "4471-XY")]
    #[case::a_form_of_a_word("she was baking", "I bake")]
    #[case::a_part_of_a_link("https://example.org/heron", "a heron")]
    #[case::chinese("她的暗号是青鸟", "我的暗号是青鸟")]
    #[case::chinese_by_a_common_character("她的暗语：和平", "我爱和平")]
    #[case::chinese_around_a_word_that_holds("雪的灯", "那是雪的灯塔")]
    #[case::chinese_beside_latin("她的密码是abc青鸟", "abc")]
    #[case::japanese("ひみつは灯台です", "灯台")]
    fn whoever_says_a_telling_word_again_repeats(#[case] answer: &str, #[case] said: &str) {
        let (answer, said) = (telling(answer), telling(said));
        assert!(!answer.is_disjoint(&said), "{answer:?} {said:?}");
    }

    #[rstest]
    #[case("I think that is a really good question, and I'd love to hear more.")]
    #[case("Yes! Why don't you tell me what you want to do today?")]
    #[case("OK, see you at 5 :)")]
    #[case("我觉得这个很好，你呢？")]
    #[case("你喜欢什么就说什么，我知道的。")]
    #[case("谢谢，今天真的很高兴！")]
    #[case("")]
    fn everyday_talk_tells_nothing(#[case] talk: &str) {
        assert_eq!(telling(talk), HashSet::new());
    }
}
