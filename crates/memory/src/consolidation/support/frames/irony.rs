//! What is meant otherwise than it is said.

use super::super::super::words::contains_any;
use super::Frame;

#[rustfmt::skip]
const SNEERS: &[&str] = &[
    "oh great", "oh joy", "oh wonderful", "oh fantastic", "oh perfect", "oh lovely", "how lovely", "how wonderful", "just great", "fantastic", "just what i", "thanks a lot", "thank you railways", "thank you", "thanks", "yeah right", "as if", "of course", "obviously", "clearly", "suure", "suuure", "suuuure", "sure", "riiight", "yay",
    "third time", "wow", "totally", "so fun", "so much fun", "living the dream", "lucky me", "nothing better", "exactly what i", "my favourite part", "best day ever", "because who", "who does not",
    "呵呵", "可真", "真是太", "谢谢你啊", "真棒", "太棒了", "真好啊", "好极了", "最爱", "求之不得", "简直", "爱死", "才怪", "真幸运", "多亏", "哇哦", "哦豁",
];
#[rustfmt::skip]
const UNPLEASANT: &[&str] = &[
    "scrub", "scrubbing", "clean", "cleaning", "wait", "waiting", "queue", "queuing", "queueing", "soaked", "rain", "delay", "delayed", "traffic", "jam", "jams", "meeting", "meetings", "tax", "taxes", "homework", "dentist", "mosquito", "mosquitoes", "monday", "mondays", "cold",
    "hangover", "bill", "bills", "ironing", "laundry", "dishes", "overtime", "spam", "broken", "deadline", "deadlines", "exam", "exams", "puddle", "puddles", "stuck", "crowded", "noise", "drill", "drilling", "unpaid", "standing", "sitting", "being", "stubbing", "moving", "packing", "paperwork", "forms", "hold",
    "nothing", "yelled", "ignored", "woken", "5am", "6am", "7am", "4am", "3am", "alarm", "sweat", "sweating", "commute", "crash", "crashes", "bugs", "ads", "sick", "losing", "lost",
    "加班", "排队", "堵车", "下雨", "开会", "早起", "洗碗", "打扫", "挤地铁", "被骂", "蚊子", "周一", "作业", "考试", "淋雨", "停电", "出差", "熬夜", "背锅", "改方案", "等", "晚点", "延误", "罚站", "挨骂", "扣钱", "塞车", "报表",
];
const LIKING: &[&str] = &[
    "love",
    "loves",
    "like",
    "likes",
    "adore",
    "adores",
    "enjoy",
    "enjoys",
    "favourite",
    "favorite",
    "wanted",
    "dream",
    "better",
    "best",
    "fan",
    "thrilled",
    "delighted",
    "happy",
    "爱",
    "喜欢",
    "享受",
    "期待",
    "高兴",
    "开心",
    "幸福",
    "梦想",
];

/// Whether a line is meant otherwise than it says, as a whole.
pub(in super::super) fn is_a_sneer(line: &Frame) -> bool {
    let marks = [
        " /s",
        "🙄",
        "🙃",
        "/sarcasm",
        "反话",
        "反讽",
        "(微笑)",
        "（微笑）",
        "[微笑]",
        "狗头",
        "doge",
        "谁懂",
        "对对对",
        "家有矿",
        "爱死",
        "多么动听",
        "我太幸福了",
        "可真会",
        "真行",
        "呵呵",
    ];
    let raw = line.raw.trim_end();
    contains_any(raw, &marks)
        || raw.ends_with("... not")
        || raw.ends_with("… not")
        || raw.ends_with(" not!")
        || raw.ends_with(", not.")
        || (line.has(SNEERS) && line.has(UNPLEASANT) && line.has(LIKING))
}
