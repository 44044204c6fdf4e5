//! What is told as others' words.

use super::Frame;

/// Words that say by themselves that others' words are told.
#[rustfmt::skip]
const HEARSAY: &[&str] = &[
    "apparently", "rumour", "rumor", "rumours", "rumors", "gossip", "supposedly", "allegedly", "according to", "i heard", "i have heard", "i hear", "heard that", "i read", "i am told", "was told", "were told", "been told", "being told",
    "word is", "word at", "word on", "word around", "word has it", "the story goes", "calls me", "call me", "called me", "calling me", "calls us", "describes me", "described me", "quote", "quotes", "overheard", "into their heads", "has me down", "had me down", "have me down", "me pegged", "take me for", "takes me for", "took me for", "mistook me", "mistake me", "horoscope", "star sign", "fortune cookie", "fortune teller", "in a past life", "my bio", "the sign", "headline", "billboard",
    "听说", "据说", "传言", "谣言", "传闻", "听隔壁", "听人", "风言风语", "算命", "星座", "转发", "引用", "原话", "广告", "网上说", "网上写", "上写着", "上贴着", "显摆", "资料写", "资料上",
];
/// Verbs of saying and believing, of which the subject decides whose words are told.
#[rustfmt::skip]
const SAYING: &[&str] = &[
    "say", "says", "said", "saying", "tell", "tells", "told", "telling", "think", "thinks", "thought", "believe", "believes", "believed", "reckon", "reckons", "reckoned", "claim", "claims", "claimed", "insist", "insists", "insisted",
    "swear", "swears", "swore", "guess", "guesses", "guessed", "assume", "assumes", "assumed", "assuming", "convinced", "suspect", "suspects", "suspected", "announced", "announces", "shouts", "shouted", "joked", "jokes", "mutters", "muttered", "wrote", "writes", "yells", "yelled",
];
/// Whose verb of saying is one's own.
const OWN: &[&str] = &["i", "we"];
/// The same in Chinese: what stands before "我" and is no verb of one's own tells others' words of oneself.
#[rustfmt::skip]
const SAYING_CHINESE: &[&str] = &[
    "说", "讲", "传", "猜", "夸", "骂", "喊", "叫", "笑", "嫌", "以为", "觉得", "认为", "认定", "咬定", "念叨", "怀疑", "写着", "造谣", "嚷嚷", "告诉别人", "当",
];
/// What may stand between a verb of saying and whom it tells of.
const BETWEEN_CHINESE: &[&str] = &[
    "是", "了", "着", "过", "，", ",", "：", ":", "都", "他们", "亲戚", "别人", "人家", "",
];
/// Who says: others, whoever they are.
#[rustfmt::skip]
const SAYERS_CHINESE: &[&str] = &[
    "别人说", "别人讲", "人家说", "他们说", "她们说", "大家说", "大家都说", "有人说", "有人讲", "有人传", "他说", "她说", "妈说", "爸说", "朋友说", "同事说", "老板说", "老师说", "奶奶说", "爷爷说", "歌词", "台词", "那句", "非说", "硬说", "总说", "老说", "都以为", "当我是", "瞎传", "都传", "她们猜", "他们猜", "逢人就",
];
/// Frames of one's own: what they hold is one's own word.
const OWN_CHINESE: &[&str] = &[
    "我觉得我",
    "我认为我",
    "我说我",
    "我猜我",
    "我以为我",
    "我听说",
    "我怀疑我",
];
/// What says of what was told before that it is not so.
#[rustfmt::skip]
const DISCLAIMERS: &[&str] = &[
    "news to me", "first i have heard", "first i heard", "not true", "untrue", "no truth", "who told you", "who said", "says who", "could not tell you", "i never said", "total lie", "is a lie", "nonsense", "no idea where they", "where they got", "i really am not", "i am really not",
    "没这回事", "没有的事", "哪有的事", "没影的事", "我怎么不知道", "谁说的", "谁讲的", "从哪儿传", "瞎传", "瞎讲", "瞎填", "造谣", "冤枉", "别听", "纯属", "没那回事",
];

/// What has words of others on it.
#[rustfmt::skip]
const NOTICES: &[&str] = &[
    "a note", "the note", "a sign", "sign on", "poster", "advert", "ad says", "a card", "leaflet", "noticeboard", "notice in", "graffiti", "sticker", "caption", "scrawled", "written on", "text from", "message from", "email from", "letter from",
    "贴着", "写着", "告示", "纸条", "招牌", "横幅", "公告", "短信", "留言", "传单", "寻物", "寻狗",
];

/// Whether words say that what was told before them is not so.
pub(in super::super) fn disclaims(words: &Frame) -> bool {
    words.has(DISCLAIMERS)
}

/// Whether others' words are told.
pub(super) fn tells(clause: &Frame, before: &Frame) -> bool {
    // What others say ends where its person begins anew.
    let goes_on = || {
        let is_speech = before
            .words()
            .last()
            .is_some_and(|last| SAYING.contains(&last) || last == "goes");
        let is_own = before.has(&["i", "me"]) || before.raw.contains('我');
        is_speech || !(begins_anew(clause) && is_own)
    };
    is_told(clause) || is_told(before) && goes_on() || before.has(NOTICES)
}

fn is_told(frame: &Frame) -> bool {
    frame.has(HEARSAY) && !frame.has(OWN_CHINESE)
        || is_said_by_others(frame)
        || is_said_by_others_in_chinese(frame)
}

/// "Mum keeps telling people i can sing": a verb of saying whose subject is somebody else.
fn is_said_by_others(frame: &Frame) -> bool {
    let words: Vec<&str> = frame.words().collect();
    words.iter().enumerate().any(|(at, word)| {
        let ahead = &words[at.saturating_sub(4)..at];
        let is_own = ahead.iter().any(|word| OWN.contains(word));
        let is_of_nobody = ahead.iter().all(|word| {
            matches!(
                *word,
                "just" | "always" | "still" | "to" | "not" | "do" | "and" | "so" | "or" | "but"
            )
        });
        // "My alarm goes at six" says nothing.
        let is_going = *word == "goes"
            && words
                .get(at + 1)
                .is_none_or(|next| matches!(*next, "i" | "my" | "we" | "like"));
        (SAYING.contains(word) || is_going) && !is_own && !is_of_nobody
    })
}

fn is_said_by_others_in_chinese(frame: &Frame) -> bool {
    if frame.has(OWN_CHINESE) {
        return false;
    }
    let of_me = |verb: &&str| {
        frame.raw.match_indices(*verb).any(|(at, _)| {
            let rest = &frame.raw[at + verb.len()..];
            let is_own = frame.raw[..at].ends_with(['我', '俺', '咱']);
            !is_own
                && BETWEEN_CHINESE.iter().any(|between| {
                    rest.strip_prefix(between)
                        .is_some_and(|of| of.starts_with(['我', '俺', '咱']))
                })
        })
    };
    frame.has(SAYERS_CHINESE) || SAYING_CHINESE.iter().any(of_me)
}

/// Whether a part of a sentence says itself that the rest is true, whatever was told before.
fn begins_anew(clause: &Frame) -> bool {
    clause.begins(&["i", "but i", "actually i", "in fact i", "we", "其实", "我"])
}
