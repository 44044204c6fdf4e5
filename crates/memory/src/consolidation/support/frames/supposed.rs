//! What is supposed, wished or nearly was.

use super::Frame;

/// What makes a supposition of its clause, and of those that follow it in the sentence.
#[rustfmt::skip]
const CONDITIONS: &[&str] = &[
    "if", "imagine", "imagining", "pretend", "pretending", "suppose", "supposing", "wish", "wishes", "wished", "maybe", "perhaps", "dreaming", "what if", "if only", "let us say", "had i", "had we", "were i", "were we", "in another life",
    "in another world", "in an ideal world", "in a perfect world", "given the chance", "in theory", "win the lottery", "am rich", "are rich", "get rich", "half a chance", "say i did", "say i had", "say we had", "won the lottery", "win the jackpot", "in my next life", "had it not been", "but for",
    "如果", "要是", "假如", "假设", "假使", "假若", "倘若", "若不", "若没", "若有", "若我", "若当", "若那", "若下", "如若", "若是", "若能", "若不是", "要不是", "万一", "想象", "幻想", "考虑", "但愿", "哪天", "有朝一日", "等我有钱", "等有钱", "等我发财", "发财了", "发了财", "换成是我", "中彩票", "中了彩票", "中了奖", "下辈子", "来世", "上辈子", "前世", "早知道", "换作我", "换成我", "换做我", "搁我身上", "理论上",
];

/// What denies or doubts a clause without a word of denial beside its verb.
#[rustfmt::skip]
const DOUBTED: &[&str] = &[
    "do not think", "do not believe", "did not think", "doubt", "can not say", "cannot say", "would not say", "not convinced", "not certain", "no longer think", "do not remember saying", "refuse to", "refuses to", "avoid", "avoids",
    "lack", "lacks", "banned from", "too old to", "too young to", "too lazy to", "far from", "only on paper", "as well as a brick",
    "哪有什么", "哪有啥", "怀疑", "不觉得", "不认为", "拒绝", "很少",
];
/// What makes one of its clause only.
#[rustfmt::skip]
const SUPPOSED: &[&str] = &[
    "might", "would", "could have", "should have", "dream of", "dreaming of", "daydream", "thinking of", "thinking about", "thinking i", "considering", "depends on", "who knows", "probably", "possibly", "ideally", "one day", "some day",
    "as if", "as though", "almost", "nearly", "feel", "feels", "look like", "looks like", "sound like", "came close", "this close to", "so close to", "on the verge of", "tempted to", "toyed with", "toying with", "half a mind", "unless", "hopefully", "not sure", "ought to", "could see myself", "can see myself", "could imagine", "can imagine", "fancy",
    "的话", "也许", "可能", "说不定", "就好了", "恨不得", "或许", "大概", "假装", "差点", "差一点", "差那么", "差一口", "差半步", "险些", "差一步", "眼看就要", "在想", "巴不得", "多好", "没准", "倒是想", "好想", "真想", "多想", "想有", "要能", "犹豫", "做梦都想", "纠结要不要",
];
/// What is said so is meant all the same.
const NOT_SUPPOSED: &[&str] = &["would like", "would love", "unless"];

/// "我要有个院子就养三只鹅".
const IF_ONE_HAD: &[&str] = &[
    "我要有",
    "我要能",
    "我要会",
    "我要是",
    "我要不",
    "我要没",
    "要有个",
    "要有钱",
    "要是能",
];

/// Whether a clause supposes.
pub(super) fn supposes(clause: &Frame) -> bool {
    leads_on(clause)
        || clause.has(IF_ONE_HAD) && clause.has(&["就"])
        || clause.has(DOUBTED)
        || clause.has(SUPPOSED) && !clause.has(NOT_SUPPOSED)
}

/// Whether what came before it in its sentence makes a supposition of it.
pub(super) fn leads_on(before: &Frame) -> bool {
    before.has(CONDITIONS)
}

/// Whether the part right before it, which doubts, goes on in it: "I do not think that I own a boat".
pub(super) fn doubts(near: &Frame) -> bool {
    let near = near.words.trim_end();
    DOUBTED.iter().any(|doubt| near.ends_with(doubt)) || near.ends_with("not sure")
}
