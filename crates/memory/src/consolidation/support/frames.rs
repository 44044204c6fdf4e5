//! In what frame something is said: asked, supposed, told as others' words, played, not meant, taken back. What stands in one
//! is no word of its person about themselves.

use super::super::refusal::Unsupported;
use super::super::words::contains_any;

/// A sentence in small letters and written out, with blanks around it, so that whole words can be looked for.
pub(super) struct Frame<'a> {
    /// ` i am from leeds `.
    pub(super) words: &'a str,
    /// The sentence as it was written, in small letters.
    pub(super) raw: &'a str,
}

impl Frame<'_> {
    fn has(&self, all: &[&str]) -> bool {
        all.iter().any(|part| match part.is_ascii() {
            true => self.words.contains(&format!(" {part} ")),
            false => self.raw.contains(part),
        })
    }

    fn begins(&self, all: &[&str]) -> bool {
        let begin = self.words.trim_start();
        all.iter().any(|part| match part.is_ascii() {
            true => begin == *part || begin.starts_with(&format!("{part} ")),
            false => self.raw.trim_start().starts_with(part),
        })
    }
}

#[rustfmt::skip]
const QUESTION_WORDS: &[&str] = &[
    "what", "where", "who", "whose", "which", "when", "why", "how", "do you", "does", "did you", "are you", "is it", "is that", "is there", "have you", "has anyone",
    "can you", "can i", "could you", "would you", "should i", "should we", "shall i", "shall we", "will you", "am i", "do i", "anyone", "anybody", "any", "you coming", "you play",
];
const QUESTION_ENDS: &[&str] = &["吗", "呢", "吗？", "呢？", "没有", "没"];
const QUESTION_PARTS: &[&str] = &[
    "什么",
    "怎么",
    "哪里",
    "哪儿",
    "哪个",
    "是不是",
    "有没有",
    "要不要",
    "能不能",
    "多少",
    "几岁",
    "几个",
    "几点",
    "谁是",
    "多大",
    "多久",
    "为什么",
    "干嘛",
    "啥",
    "咋",
    "谁的",
    "几码",
    "哪所",
    "哪家",
    "哪的",
    "几号",
    "多重",
    "多高",
    "干啥",
    "哪年",
];

/// What may stand before a question without being a part of it.
const LEADS: &[&str] = &[
    "ooh", "oh", "so", "and", "but", "wait", "hey", "hi", "ok", "okay", "well", "hm", "hmm", "um",
    "uh", "aww", "wow", "lol", "haha", "yo",
];

/// Whether a sentence asks something, also without its mark.
pub(super) fn is_question(frame: &Frame) -> bool {
    let raw = frame.raw.trim_end();
    let statements = [
        "what i",
        "when i",
        "where i",
        "how i",
        "which is",
        "when we",
        "any of my",
        "who knew",
        "which i",
        "when my",
        "any day",
        "any time",
    ];
    let asked = |begin: &str| {
        let frame = Frame {
            words: begin,
            raw: frame.raw,
        };
        frame.begins(QUESTION_WORDS) && !frame.begins(&statements)
    };
    let begin = frame.words.trim_start();
    let bare = begin
        .split_once(' ')
        .filter(|(lead, _)| LEADS.contains(lead))
        .map(|(_, rest)| rest);
    raw.ends_with(['?', '？'])
        || asked(begin)
        || bare.is_some_and(asked)
        || QUESTION_ENDS
            .iter()
            .any(|end| raw.trim_end_matches(['。', '!', '！']).ends_with(end))
            && !raw.contains('我')
        || contains_any(raw, QUESTION_PARTS) && !raw.contains('我')
}

/// The same of a sentence of somebody else, which a short answer may answer.
pub(super) fn asks(frame: &Frame) -> bool {
    is_question(frame)
        || contains_any(frame.raw, QUESTION_PARTS)
        || frame.raw.trim_end().ends_with(['吗', '呢'])
        || frame.has(&["tell me", "right", "or what"])
}

/// Whether words with which a plan is called off are in it.
pub(super) fn calls_off(frame: &Frame) -> bool {
    frame.has(CALLED_OFF)
}

/// Whether a part of a sentence says itself that the rest is true, whatever was told before.
pub(super) fn is_ones_own(frame: &Frame) -> bool {
    frame.begins(&["i", "but i", "actually i", "in fact i", "we", "其实", "我"])
}

#[rustfmt::skip]
const SUPPOSED: &[&str] = &[
    "if", "wish", "wishes", "wished", "might", "maybe", "perhaps", "would", "could have", "should have", "imagine", "imagining", "pretend", "pretending", "suppose", "supposing", "dream of",
    "dreaming of", "thinking of", "thinking about", "thinking i", "considering", "depends on", "who knows", "probably", "possibly", "in theory", "ideally", "one day", "some day",
    "what if", "as if", "almost", "nearly", "tempted to", "unless", "hopefully", "not sure", "let us say", "ought to",
    "如果", "要是", "假如", "假设", "的话", "也许", "可能", "说不定", "但愿", "就好了", "恨不得", "万一", "或许", "大概", "假装", "幻想", "想象", "差点", "考虑", "在想", "早知道", "巴不得", "多好", "没准", "倒是想", "好想", "真想", "想有", "要能", "想象中", "犹豫", "当初我要",
];
/// What is said so is meant all the same.
const NOT_SUPPOSED: &[&str] = &["would like", "would love", "unless"];

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

#[rustfmt::skip]
const FICTION: &[&str] = &[
    "in the game", "in game", "ingame", "my character", "my avatar", "my sim", "my sims", "minecraft", "my elf", "my bard", "my wizard", "my paladin", "my rogue", "my druid", "roleplay", "rp", "role play", "in character",
    "campaign", "dungeon", "quest", "raid", "skyrim", "zelda", "stardew", "animal crossing", "pokemon", "in the sims", "sims", "level 10", "npc", "fallout", "world of warcraft", "elden ring", "terraria", "my farm in", "my island in",
    "i dreamed", "i dreamt", "dreamed", "dreamt", "in my dream", "a dream", "nightmare", "short story", "my story", "my novel", "first line", "in the book", "in the movie", "in the film", "in the play", "for the play", "school play", "once upon a time", "the plot",
    "my role", "play the part", "i am playing the", "protagonist", "chapter", "fanfic", "cosplay", "larp", "in the musical", "on stage", "halloween", "dressed up as", "in this scene", "in my fantasy", "alternate universe", "parallel universe", "lyrics", "the song",
    "游戏里", "游戏中", "我的角色", "角色是", "角色叫", "副本", "我的号", "剧本", "小说里", "我写的", "故事里", "梦见", "梦到", "做梦", "做了个梦", "扮演", "跑团", "我演", "话剧", "戏里", "存档", "服务器里", "我的世界", "原神", "动森", "动物森友会", "星露谷", "剧本杀", "穿越", "开黑", "满级", "设定", "人设", "很久很久以前", "从前有", "歌里", "这首歌", "上把", "这把", "女巫", "预言家", "王者", "吃鸡", "剧里", "编的舞台剧",
];
/// What is said by others that makes an answer a part of a game.
#[rustfmt::skip]
const PLAY: &[&str] = &[
    "campaign", "let us play", "your sim", "your character", "pretend", "who be you", "roleplay", "role play", "tell me a tale", "tell us a story", "tell me a story", "make up", "in the game", "your role", "the play", "your elf", "your avatar", "level are you",
    "your build", "what class", "read us some", "your story", "a riddle", "your dream", "truth or lie", "two truths", "imagine", "if you were", "if you could", "if you had", "would you",
    "游戏", "角色", "狼人杀", "身份", "位置", "啥本", "接龙", "上一句", "续写", "段位", "扮演", "假装", "讲个故事", "编个", "如果", "要是", "跑团", "剧本", "你是谁呀", "玩海盗", "梦", "职业选",
];
/// Fiction that is told of, not told.
#[rustfmt::skip]
const NOT_FICTION: &[&str] = &["i am writing", "we play d", "i play d", "i love playing", "i play minecraft", "i play"];

#[rustfmt::skip]
const KIDDING: &[&str] = &[
    "just kidding", "kidding", "joking", "just joking", "jk", "jkjk", "j/k", "jks", "only joking", "pulling your leg", "haha no", "lol no", "lmao no", "hah no", "i wish lol", "gotcha", "april fools", "made that up", "making that up", "i lied", "that was a lie",
    "not really", "psych", "sike", "nah i am", "as a joke", "messing with you", "teasing", "trolling", "no i am not", "believe me lol", "you believed",
    "开玩笑", "逗你", "骗你", "瞎说", "说着玩", "闹着玩", "才怪", "乱说", "瞎编", "开个玩笑", "开了个玩笑", "开玩","吹牛", "假的啦", "骗人的", "哄你", "愚人节", "别当真", "胡说", "玩笑话", "皮一下", "扯淡", "唬你",
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
    "no wait", "wait no", "oh wait", "scratch that", "correction", "i meant", "i mean the", "i mean a", "update", "hang on", "hold on", "not anymore", "changed my mind", "change of plans", "cancelled", "canceled", "is off", "called off", "fell through",
    "bailed", "now only", "only one left", "actually no", "no actually", "strike that", "my bad", "typo", "autocorrect", "wrong", "not happening", "got postponed", "postponed", "edit", "sorry i meant", "on second thought", "nevermind", "never mind", "forget that", "i take that back",
    "说错", "打错", "不对", "看岔", "看错", "搞错", "弄错", "记岔", "啊不", "哎不", "噢不", "呃不", "只剩", "就剩", "更正", "哦不", "等等不", "应该是", "我是说", "改主意", "取消", "泡汤", "不去了", "不要了", "不养了", "不做了", "不学了", "不买了", "不搬了", "黄了", "作废", "改到", "改成", "改为", "算了", "记错", "口误", "手滑", "纠正", "延期", "推迟", "已经不", "又不", "更新一下",
];

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

/// Whether these words say of the ones before them that they were a joke.
pub(super) fn is_a_retraction(frame: &Frame) -> bool {
    frame.has(KIDDING) && !frame.has(NOT_KIDDING)
}

/// Whether they put something else in the place of the ones before them.
pub(super) fn takes_back(frame: &Frame) -> bool {
    frame.has(TAKEN_BACK)
        || frame.raw.trim_start().starts_with('*') && frame.words.split_whitespace().count() <= 8
}

/// Whether a line of somebody else is a part of a game, so that what answers it is too.
pub(super) fn is_play(before: &Frame) -> bool {
    before.has(PLAY)
}

/// Whether a line is meant otherwise than it says, as a whole.
pub(super) fn is_a_sneer(line: &Frame) -> bool {
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

/// The frame that a clause stands in; `before` are the words of its sentence up to it.
pub(super) fn fault(clause: &Frame, before: &Frame) -> Option<Unsupported> {
    if (clause.has(FICTION) || before.has(FICTION))
        && (!clause.has(NOT_FICTION) || clause.has(&["in the game", "my character"]))
    {
        return Some(Unsupported::Fiction);
    }
    let told = |frame: &Frame| frame.has(HEARSAY) && !frame.has(NOT_HEARSAY);
    // What others say ends where its person begins anew.
    let goes_on = |before: &Frame| {
        !(is_ones_own(clause) && (before.has(&["i", "me"]) || before.raw.contains('我')))
    };
    if told(clause) || told(before) && goes_on(before) {
        return Some(Unsupported::Hearsay);
    }
    let supposed = |frame: &Frame| frame.has(SUPPOSED) && !frame.has(NOT_SUPPOSED);
    if supposed(clause)
        || before.has(&[
            "if", "imagine", "pretend", "suppose", "wish", "maybe", "dreaming", "如果", "要是",
            "假如", "想象", "考虑", "但愿",
        ])
    {
        return Some(Unsupported::Supposed);
    }
    None
}
