//! What is told as others' words.

use super::Frame;

#[rustfmt::skip]
const HEARSAY: &[&str] = &[
    "apparently", "rumour", "rumor", "rumours", "rumors", "supposedly", "allegedly", "according to", "people say", "they say", "everyone says", "everybody says", "everyone thinks", "everybody thinks",
    "people think", "they think", "someone told", "somebody told", "someone said", "somebody said", "some say", "was told", "were told", "i heard", "i have heard", "heard that", "i read", "i am told", "been told", "thinks", "think that",
    "says", "claims", "claimed", "insists", "swears", "reckons", "believes", "tells everyone", "told everyone", "told them", "told people", "keeps saying", "calls me", "call me", "called me", "word is", "used to say", "always said", "quote", "goes",
    "neighbours think", "neighbors think", "parents think", "friends think", "colleagues think", "kids think", "horoscope", "in a past life", "the sign", "fortune cookie", "my bio",
    "听说", "据说", "传言", "谣言", "传我", "别人说", "人家说", "他们说", "大家都说", "大家说", "有人说", "他说", "她说", "我妈说", "我爸说", "朋友说", "同事说", "老板说", "老师说", "都以为", "以为我", "觉得我", "认为我", "说我", "叫我", "算命", "转发", "引用", "原话", "歌词", "台词", "那句", "咬定", "非说", "硬说", "瞎传", "传我", "猜我", "夸我", "骂我", "当我是", "总说", "老说",
];
/// Frames of one's own: what they hold is one's own word.
const NOT_HEARSAY: &[&str] = &[
    "i think",
    "i say",
    "i believe",
    "i guess",
    "i always say",
    "i claim",
    "我觉得",
    "我认为",
    "我说",
    "我听说",
];

/// Whether a part of a sentence says itself that the rest is true, whatever was told before.
fn is_ones_own(frame: &Frame) -> bool {
    frame.begins(&["i", "but i", "actually i", "in fact i", "we", "其实", "我"])
}

/// Whether others' words are told.
pub(super) fn tells(clause: &Frame, before: &Frame) -> bool {
    let told = |frame: &Frame| frame.has(HEARSAY) && !frame.has(NOT_HEARSAY);
    // What others say ends where its person begins anew.
    let goes_on = |before: &Frame| {
        !(is_ones_own(clause) && (before.has(&["i", "me"]) || before.raw.contains('我')))
    };
    told(clause) || told(before) && goes_on(before)
}
