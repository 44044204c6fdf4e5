//! What is taken back: as a joke, as a slip, or because it is called off.

use super::Frame;

#[rustfmt::skip]
const KIDDING: &[&str] = &[
    "just kidding", "kidding", "joking", "just joking", "jk", "jkjk", "j/k", "jks", "only joking", "pulling your leg", "haha no", "lol no", "lmao no", "hah no", "ha no", "i wish lol", "gotcha", "had you going", "had you there", "april fools", "made that up", "making that up", "make that up", "i lied", "that was a lie", "your face",
    "psych", "sike", "nah i am", "as a joke", "messing with you", "messing about with you", "teasing", "you should have seen", "winding you up", "trolling", "believe me lol", "you believed", "fell for it", "do not believe me", "in my dreams", "if only", "just a joke",
    "开玩笑", "逗你", "逗大家", "骗你", "骗大家", "瞎说", "说着玩", "闹着玩", "才怪", "乱说", "瞎编", "开个玩笑", "开了个玩笑", "开玩", "吹牛", "吹的", "假的啦", "骗人的", "哄你", "愚人节", "别当真", "胡说", "玩笑话", "皮一下", "扯淡", "唬你", "忽悠", "没有的事", "看把你", "吓你", "别信", "信了吧", "你还真信", "编出来的", "我编的", "想得美",
];
const NOT_KIDDING: &[&str] = &[
    "not kidding",
    "no kidding",
    "not joking",
    "no joke",
    "not a joke",
    "am not joking",
    "i am not kidding",
    "kidding me",
    "kidding you not",
    "不开玩笑",
    "没开玩笑",
    "不是开玩笑",
    "没骗你",
    "不骗你",
    "不是瞎说",
];

/// What calls off what it tells of.
#[rustfmt::skip]
const CALLED_OFF: &[&str] = &[
    "cancelled", "canceled", "is off", "called off", "fell through", "bailed", "not anymore", "changed my mind", "not happening", "postponed", "off now", "取消", "泡汤", "不去了", "不要了", "黄了", "作废", "算了", "去不成", "退了", "没去成", "延期", "推迟",
];

/// What takes back the words before it and puts others in their place.
#[rustfmt::skip]
const TAKEN_BACK: &[&str] = &[
    "no wait", "wait no", "oh wait", "scratch that", "that is wrong", "oops wrong", "got it wrong", "i was wrong", "i meant", "i mean the", "i mean a", "hang on", "hold on", "not anymore", "changed my mind", "change of plans", "cancelled", "canceled", "is off", "called off", "fell through",
    "bailed", "only one left", "actually no", "no actually", "strike that", "my bad", "typo", "autocorrect", "not happening", "got postponed", "postponed", "sorry i meant", "on second thought", "on second thoughts", "nevermind", "never mind", "forget that", "i take that back",
    "说错", "打错", "不对", "看岔", "看错", "搞错", "弄错", "记岔", "啊不", "哎不", "噢不", "呃不", "更正", "哦不", "等等不", "应该是", "我是说", "改主意", "取消", "泡汤", "不去了", "不要了", "不养了", "不做了", "不学了", "不买了", "不搬了", "黄了", "作废", "改到", "改成", "改为", "算了", "记错", "口误", "手滑", "纠正", "延期", "推迟", "已经不", "又不", "更新一下",
];
/// The same at the head of a sentence only: "another software update" takes nothing back.
const TAKEN_BACK_AT_THE_HEAD: &[&str] = &[
    "correction",
    "update",
    "edit",
    "wrong",
    "small correction",
    "quick update",
];
/// What only looks like it: "答得对不对", "不对劲".
const NOT_TAKEN_BACK: &[&str] = &["对不对", "不对劲", "不对称", "不对付"];

/// Whether words with which a plan is called off are in it.
pub(in super::super) fn calls_off(frame: &Frame) -> bool {
    frame.has(CALLED_OFF)
}

/// Whether these words say of the ones before them that they were a joke.
pub(in super::super) fn is_a_retraction(frame: &Frame) -> bool {
    frame.has(KIDDING) && !frame.has(NOT_KIDDING)
}

/// Whether they put something else in the place of the ones before them.
pub(in super::super) fn takes_back(frame: &Frame) -> bool {
    let mut plain = frame.clone();
    for word in NOT_TAKEN_BACK {
        plain.raw = plain.raw.replace(word, "");
    }
    plain.has(TAKEN_BACK)
        || is_fewer(&frame.raw)
        || frame.begins(TAKEN_BACK_AT_THE_HEAD)
        || frame.raw.trim_start().starts_with('*') && frame.words.split_whitespace().count() <= 8
}

/// "现在只剩两只了" counts anew what was counted before; "钥匙只剩三把" counts something else.
fn is_fewer(raw: &str) -> bool {
    let raw = raw.trim_start();
    let raw = ["现在", "如今", "眼下", "目前"]
        .iter()
        .find_map(|now| raw.strip_prefix(now))
        .unwrap_or(raw);
    raw.starts_with("只剩") || raw.starts_with("就剩")
}

/// How one begins who admits less than one said.
const ADMITTING: &[&str] = &[
    "ok",
    "okay",
    "ok ok",
    "okay okay",
    "fine",
    "alright",
    "all right",
    "well",
];
/// With what such a one goes on.
#[rustfmt::skip]
const LESS: &[&str] = &["no", "not", "half", "maybe", "only", "technically", "almost", "nearly", "so not", "i feel", "i mean", "it feels", "in my head"];
/// Whole beginnings of such sentences.
#[rustfmt::skip]
const WALKED_BACK: &[&str] = &[
    "no i am not", "no i have not", "no i did not", "no i do not", "no we did not", "not really", "haha not really", "lol not really", "relax", "calm down", "do not panic", "hehe",
    "好吧", "行吧", "好啦好啦", "好嘛", "得，", "嘿嘿", "嘻嘻", "哈哈，是", "其实是", "其实没",
];

/// Whether a sentence walks back what was said before it: "fine, half of it", "好吧，是骑车".
pub(in super::super) fn walks_back(sentence: &Frame) -> bool {
    let admits = |rest: &str| {
        ADMITTING.iter().any(|begin| {
            rest.strip_prefix(begin).is_some_and(|rest| {
                LESS.iter().any(|less| {
                    rest.strip_prefix(&format!(" {less}"))
                        .is_some_and(|end| end.is_empty() || end.starts_with(' '))
                })
            })
        })
    };
    admits(sentence.words.trim()) || sentence.begins(WALKED_BACK)
}

/// What says that something is no longer so.
#[rustfmt::skip]
const OVER: &[&str] = &[
    "are over", "is over", "over now", "gave it away", "not since", "never since", "no more", "those days", "closed down", "shut down", "packed it in", "long gone", "gave out", "went under", "never again", "then quit", "so it went", "let it go", "had to go", "gave up", "packed up",
    "戒了", "倒闭", "拆了", "再没", "再也没", "不干了", "停了", "散了", "没了", "卖了", "送人了", "早不", "不再", "关门了", "关了", "改行", "搁下", "后来", "全放了", "扔了", "解散", "停办", "报废",
];

/// Whether words say that what was told before them is no longer so.
pub(in super::super) fn is_over(clause: &Frame) -> bool {
    clause.has(OVER) || is_no_more(&clause.raw)
}

/// Whether a clause says that its person gave away what it names: 钢琴我送给小丽了.
pub(in super::super) fn gives_away(clause: &Frame) -> bool {
    let said = clause.raw.trim_end_matches(|c: char| !c.is_alphanumeric());
    clause.has(&["卖了", "送人了"]) || clause.has(&["送给", "送回"]) && said.ends_with('了')
}

/// "不开了": it was, and is no more. "关不上了" says no such thing.
fn is_no_more(raw: &str) -> bool {
    const NO_ENDS: &[char] = &[
        '得', '行', '好', '起', '少', '错', '早', '小', '动', '懂', '出', '是', '上', '下', '着',
        '到', '见', '住', '完', '对', '能', '会', '用', '急', '说',
    ];
    raw.match_indices('不').any(|(at, no)| {
        let mut rest = raw[at + no.len()..].chars();
        let verb = rest.next();
        verb.is_some_and(|verb| !NO_ENDS.contains(&verb)) && rest.next() == Some('了')
    })
}
