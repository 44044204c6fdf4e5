//! What is supposed, wished or nearly was.

use super::Frame;

#[rustfmt::skip]
const SUPPOSED: &[&str] = &[
    "if", "wish", "wishes", "wished", "might", "maybe", "perhaps", "would", "could have", "should have", "imagine", "imagining", "pretend", "pretending", "suppose", "supposing", "dream of",
    "dreaming of", "thinking of", "thinking about", "thinking i", "considering", "depends on", "who knows", "probably", "possibly", "in theory", "ideally", "one day", "some day",
    "what if", "as if", "almost", "nearly", "tempted to", "unless", "hopefully", "not sure", "let us say", "ought to",
    "如果", "要是", "假如", "假设", "的话", "也许", "可能", "说不定", "但愿", "就好了", "恨不得", "万一", "或许", "大概", "假装", "幻想", "想象", "差点", "考虑", "在想", "早知道", "巴不得", "多好", "没准", "倒是想", "好想", "真想", "想有", "要能", "想象中", "犹豫", "当初我要",
];
/// What is said so is meant all the same.
const NOT_SUPPOSED: &[&str] = &["would like", "would love", "unless"];

/// Whether a clause supposes.
pub(super) fn supposes(clause: &Frame) -> bool {
    clause.has(SUPPOSED) && !clause.has(NOT_SUPPOSED)
}

/// Whether what came before it in its sentence makes a supposition of it.
pub(super) fn leads_on(before: &Frame) -> bool {
    before.has(&[
        "if", "imagine", "pretend", "suppose", "wish", "maybe", "dreaming", "如果", "要是", "假如",
        "想象", "考虑", "但愿",
    ])
}
