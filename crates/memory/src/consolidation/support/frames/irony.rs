//! What is meant otherwise than it is said.

use super::super::super::words::contains_any;
use super::Frame;

/// Signs of irony by themselves.
#[rustfmt::skip]
const MARKS: &[&str] = &[" /s", "🙄", "🙃", "🤡", "/sarcasm", "反话", "反讽", "(微笑)", "（微笑）", "[微笑]", "狗头", "doge"];
/// Phrases that hardly anybody means.
#[rustfmt::skip]
const NEVER_MEANT: &[&str] = &[
    "just what i needed", "just what i always wanted", "exactly what i needed", "what i really needed", "all i needed", "living the dream", "lucky me", "truly blessed", "so blessed", "highlight of my", "yeah right", "oh joy", "oh goody", "what a treat", "what could be better", "who does not love", "who does not want", "riiight", "what a way to", "could do this forever", "love nothing more than to", "suure", "suuure", "suuuure", "colour me", "color me", "be still my heart", "my cup runneth",
    "呵呵", "求之不得", "谢谢你啊", "多亏了", "好极了", "可真会", "真行啊", "是是是", "对对对", "哪里哪里", "可不是嘛，我最", "感动哭", "有矿", "谁懂", "我谢谢", "真有你的", "可太", "才怪",
];
/// What a person likes.
#[rustfmt::skip]
const LIKING: &[&str] = &[
    "love", "loves", "loving", "like", "likes", "adore", "adores", "enjoy", "enjoys", "favourite", "favorite", "wanted", "dream", "better", "best", "fan", "thrilled", "delighted", "delight", "happy", "joy", "bliss", "blessed", "hobby", "can not get enough", "can not wait", "could do this forever", "spoiled", "spoilt", "get enough", "beats",
    "爱", "喜欢", "享受", "期待", "高兴", "开心", "幸福", "梦想", "理想", "盼", "擅长", "感谢", "谢谢", "快乐", "贴心", "体贴", "爽", "动听", "鼓掌",
];
/// What one may do without liking: it counts beside what nobody likes in one sentence only.
const NEEDING: &[&str] = &["need", "needed"];
/// What nobody likes.
#[rustfmt::skip]
const UNPLEASANT: &[&str] = &[
    "scrub", "scrubbing", "clean", "cleaning", "wait", "waiting", "queue", "queues", "queuing", "queueing", "soaked", "rain", "delay", "delays", "delayed", "traffic", "jam", "jams", "jammed", "meeting", "meetings", "tax", "taxes", "homework", "dentist", "mosquito", "mosquitoes", "monday", "mondays", "cold", "damp", "mould",
    "hangover", "bill", "bills", "ironing", "laundry", "dishes", "overtime", "spam", "broken", "deadline", "deadlines", "exam", "exams", "puddle", "puddles", "stuck", "crowded", "noise", "drill", "drills", "drilling", "unpaid", "packing", "paperwork", "forms", "hold", "power cut", "outage", "flat tyre", "flat tire", "puncture", "spreadsheet", "spreadsheets",
    "nothing", "alarm", "alarms", "sweat", "sweating", "commute", "commuting", "crash", "crashes", "bugs", "ads", "sick", "losing", "lost", "leak", "leaks", "leaking", "no heating", "on hold", "sunburn", "blister", "blisters", "parking", "toothache", "migraine", "cancelled", "late", "5am", "6am", "7am", "4am", "3am",
    "加班", "排队", "堵车", "下雨", "开会", "组会", "早起", "洗碗", "打扫", "挤地铁", "挨骂", "蚊子", "周一", "作业", "考试", "淋雨", "停电", "停水", "出差", "熬夜", "背锅", "改方案", "晚点", "延误", "罚站", "扣钱", "塞车", "报表", "电钻", "甲方", "值班", "堵在", "塞在", "插队", "迟到", "领导", "漏水", "擦黑板",
];
/// Emphasis without which a liking may be in earnest.
#[rustfmt::skip]
const EMPHASIS: &[&str] = &[
    "oh", "wow", "yay", "simply", "absolutely", "totally", "truly", "lmao", "lmfao", "sure", "just love", "just adore", "really", "so much", "so fun", "sooo", "soooo", "obviously", "of course", "clearly", "great", "fantastic", "wonderful", "perfect", "brilliant", "lovely", "thanks", "thank you", "because", "nothing", "another", "always wanted", "of my life", "in the world", "best day ever", "my favourite way", "my favorite way",
    "真是", "真贴心", "真体贴", "爽死", "巴不得", "太好", "太棒", "可真", "简直", "最盼", "这辈子", "做梦都", "又", "得不得了", "了呢", "的呢", "哇哦", "好耶", "多么", "人生理想", "最擅长",
];
/// "I love being woken": of what is done to one and nobody wants.
#[rustfmt::skip]
const SUFFERED: &[&str] = &["being", "getting", "woken", "yelled at", "shouted at", "ignored", "told off"];
#[rustfmt::skip]
const SUFFERED_HOW: &[&str] = &["woken", "soaked", "ignored", "yelled", "shouted", "interrupted", "stuck", "drenched", "bitten", "stung", "overcharged", "splashed", "blamed", "crushed", "squashed", "talked", "lectured", "dumped", "fired", "rained"];
/// What people call themselves in jest only.
#[rustfmt::skip]
const GRAND: &[&str] = &[
    "world famous", "famous", "professional", "expert", "genius", "legend", "michelin", "champion", "master", "millionaire", "superstar", "rock star", "rockstar", "prodigy", "olympic", "olympian", "chef", "saint", "royalty", "mastermind", "brain surgeon", "rocket scientist",
    "大厨", "大师", "活地图", "天才", "首富", "世界冠军", "专家", "影帝", "影后", "劳模", "战神", "女王", "土豪", "富豪", "百万富翁", "学霸", "米其林", "神医", "奇才",
];
/// With what they say so.
#[rustfmt::skip]
const IN_JEST: &[&str] = &[
    "obviously", "clearly", "of course", "naturally", "basically", "practically", "officially", "at this point", "apparently", "yep", "sure", "oh yes", "lol", "haha", "biggest fan", "now",
    "可是", "当然", "毕竟", "堂堂", "妥妥", "必须的", "那必须", "哈哈", "嘛",
];

/// Whether a line is meant otherwise than it says, as a whole.
pub(in super::super) fn is_a_sneer(line: &Frame) -> bool {
    let raw = line.raw.trim_end();
    let is_denied = ["... not", "… not", " not!", ", not."]
        .iter()
        .any(|end| raw.ends_with(end));
    let is_suffered =
        line.has(LIKING) && (raw.contains('被') || line.has(SUFFERED) && line.has(SUFFERED_HOW));
    contains_any(raw, MARKS)
        || is_denied
        || line.has(NEVER_MEANT)
        || is_suffered
        || line.has(LIKING) && is_praised_anyway(line)
        || is_groaned(line)
        || line.has(GRAND)
            && line.has(IN_JEST)
            && line.has(&["i am", "we are", "我是", "我可是", "是我"])
}

/// Whether a sentence says with emphasis that one needs what nobody likes: "of course I needed another exam".
pub(in super::super) fn is_a_groan(sentence: &Frame) -> bool {
    sentence.has(NEEDING) && is_praised_anyway(sentence)
}

fn is_praised_anyway(words: &Frame) -> bool {
    words.has(UNPLEASANT) && (words.has(EMPHASIS) || words.begins(&["yes", "yeah"]))
}

/// "Great, another power cut", "太好了，又停水".
fn is_groaned(line: &Frame) -> bool {
    let begins = line.begins(&[
        "great",
        "lovely",
        "fantastic",
        "brilliant",
        "wonderful",
        "perfect",
        "oh great",
        "oh good",
        "oh lovely",
        "oh wonderful",
        "oh fantastic",
        "oh perfect",
        "oh brilliant",
        "wow",
        "yay",
        "太好了",
        "太棒了",
        "好耶",
        "真棒",
        "好得很",
        "可真好",
        "真好",
    ]);
    begins
        && line.has(&[
            "another", "again", "more", "yet", "third", "又", "还得", "继续", "接着", "一天",
        ])
}

/// What a person is called in praise.
#[rustfmt::skip]
const PRAISE: &[&str] = &[
    "legendary", "world famous", "genius", "legend", "grandmaster", "superstar", "rock star", "prodigy", "mastermind", "the best", "the greatest", "the king of", "the queen of", "the champion", "the first in the world", "in the region", "michelin", "millionaire", "billionaire", "brain surgeon",
    "最强", "棋圣", "大师", "天才", "冠军", "首富", "大厨", "活地图", "影帝", "影后", "战神", "全服", "世界第一", "奇才", "神医", "土豪", "百万富翁",
];
/// With what somebody who says so in earnest says so.
#[rustfmt::skip]
const EARNED: &[&str] = &["won", "medal", "prize", "award", "since", "elected", "came first", "比赛", "得了", "拿了", "获", "奖", "评上", "年"];

/// Whether a claim praises its person, who earned it by nothing that is in it.
pub(in super::super) fn praises(claim: &Frame) -> bool {
    claim.has(PRAISE) && !claim.has(EARNED)
}

/// Whether a clause overdoes it: "I'm basically a plumber", "the next Mozart".
pub(super) fn is_overdone(clause: &Frame) -> bool {
    let is_hyperbole = clause.has(&[
        "basically",
        "practically",
        "the next",
        "officially the",
        "literally the",
    ]);
    is_hyperbole
        && clause.has(&["i am", "i live", "we are", "i have become", "i was"])
        && !clause.has(&["the next day", "the next train"])
        || clause.is_chinese() && clause.has(&["可太", "简直是", "妥妥的", "堪称"])
}
