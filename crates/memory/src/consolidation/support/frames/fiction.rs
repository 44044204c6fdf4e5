//! What is told in a game, on a stage, in a dream or in a story.

use super::Frame;

/// Words that put a whole line into a game or onto a stage.
#[rustfmt::skip]
const PLAYED: &[&str] = &[
    "in the game", "in game", "ingame", "my character", "my avatar", "my sim", "my sims", "my main", "my alt", "my party", "my build", "my guild", "our guild", "our party", "roleplay", "rp", "role play", "in character", "npc", "lvl", "gg", "respawn", "respawned", "boss fight", "raid boss", "loot",
    "impostor", "imposter", "ranked up", "elo", "jungler", "midlane", "spawn", "xp", "mana", "my spell", "inventory", "pickaxe", "creeper", "creepers", "zombies", "killstreak", "lobby", "dungeon master", "initiative", "saving throw", "nat 20", "monopoly", "catan", "cluedo", "murder mystery", "escape room", "this round", "last round", "my turn", "our server", "healer", "dps", "speedrun", "side quest", "larp", "cosplay", "as my role", "my role", "in this scene", "for the play", "in the play", "school play", "in the musical", "panto", "pantomime", "nativity", "play the part", "on stage", "in the sketch", "in the skit", "improv",
    "游戏里", "游戏中", "我的角色", "角色是", "角色叫", "副本", "打本", "刷本", "我的号", "小号", "新号", "建的号", "公会", "工会战", "全服", "装备", "掉了把", "紫武", "橙武", "这局", "那局", "上局", "上一局", "这把", "上把", "那把我", "狼人", "预言家", "女巫", "守卫", "平民牌", "抽到的", "我的牌", "牌是", "密室", "大富翁", "三国杀", "飞行棋", "模拟人生", "过家家", "上分", "打野", "中单", "团战", "推塔", "复活", "经验值", "坐骑", "召唤", "地牢", "打怪", "练级", "法力", "魔法", "帮派", "跑团", "骰子", "开黑", "排位", "满级", "人设", "设定", "扮演",
    "剧本里", "剧里", "戏里", "话剧", "小品", "舞台剧", "我演", "演一个", "演的是", "饰演", "贫道", "贫僧", "老衲", "本宫", "本座", "本王", "朕", "奴家", "吾乃",
];
/// Worlds that one plays in.
#[rustfmt::skip]
const GAMES: &[&str] = &[
    "minecraft", "campaign", "dungeon", "dungeons", "quest", "raid", "skyrim", "zelda", "stardew", "animal crossing", "pokemon", "sims", "fallout", "world of warcraft", "elden ring", "terraria", "d&d", "dnd", "werewolf", "among us", "my farm in", "my island in",
    "剧本", "存档", "服务器里", "我的世界", "原神", "动森", "动物森友会", "星露谷", "剧本杀", "狼人杀", "王者", "吃鸡", "穿越", "游戏",
];
/// What lives in no world but those of stories, and what stands in them.
#[rustfmt::skip]
const FABULOUS: &[&str] = &[
    "elf", "half elf", "dwarf", "orc", "goblin", "wizard", "witch", "warlock", "sorcerer", "sorceress", "mage", "paladin", "druid", "necromancer", "berserker", "knight", "vampire", "ghost", "dragon", "unicorn", "demon", "mermaid", "superhero", "pirate", "tavern", "innkeeper", "kingdom", "throne", "sir",
    "精灵", "矮人", "巫师", "法师", "骑士", "吸血鬼", "恐龙", "飞龙", "冰龙", "魔王", "妖怪", "神仙", "刺客", "掌门", "江湖",
];
/// Those may be read of, drawn, worn and collected.
#[rustfmt::skip]
const OF_THINGS: &[&str] = &["collect", "collects", "paint", "painting", "draw", "drawing", "read", "reading", "watch", "watching", "knit", "tattoo", "toy", "costume", "poster", "called", "named", "book", "books", "film", "museum", "画", "看", "收集", "读", "叫", "名叫", "博物馆", "书"];
/// Dreams, of which all that follows is a part.
#[rustfmt::skip]
const DREAMT: &[&str] = &[
    "i dreamed", "i dreamt", "dreamed", "dreamt", "my dream last", "in my dream", "in a dream", "a dream", "weird dream", "weirdest dream", "strange dream", "night's dream", "nightmare", "slept badly", "in my sleep", "then i woke", "when i woke up i", "and woke up", "woke up convinced", "woke up thinking", "woke up sure", "once upon a time", "in my fantasy", "alternate universe", "parallel universe", "here is a story", "story time",
    "梦见", "梦到", "做梦", "做了个梦", "梦里", "梦中", "梦头", "噩梦", "醒来", "醒了", "睡着了又", "微电影里", "电影里", "睡迷糊", "很久很久以前", "从前有", "讲个故事", "编个故事", "主角叫", "主角是", "的主角", "男主", "女主", "同人文",
];
/// What is made up, written and sung.
#[rustfmt::skip]
const STORIES: &[&str] = &[
    "story", "short story", "novel", "novella", "poem", "haiku", "tale", "fanfic", "screenplay", "lyrics", "lyric", "the song", "first line", "essay", "made it all up", "chapter", "narrator", "protagonist", "main character", "the plot", "in the book", "in the movie", "in the film",
    "小说", "故事", "诗：", "首诗", "歌里", "这首歌", "歌词", "童话", "作文", "写的书",
];
/// Whoever writes, plays or reads something tells so of themselves; what stands in it they do not.
#[rustfmt::skip]
const AT_WORK: &[&str] = &["i am writing", "i write", "i wrote", "wrote a", "been writing", "i am reading", "i read", "i reread", "love reading", "we play", "i play", "i love playing", "playing", "finished writing", "published", "collect", "sing", "写一本", "在写", "写小说", "写了首", "写了一", "看小说", "玩", "看书", "读小说", "收藏", "写诗"];
/// What stands in them all the same.
const WITHIN: &[&str] = &[
    "in the story",
    "in my story",
    "in the novel",
    "in my novel",
    "in the poem",
    "in the game",
    "my character",
    "from my",
    "first line",
    "narrator",
    "故事里",
    "小说里",
    "游戏里",
    "诗里",
];

/// What somebody else says that makes an answer a part of a game.
#[rustfmt::skip]
const PLAY: &[&str] = &[
    "campaign", "let us play", "your sim", "your character", "pretend", "roleplay", "role play", "tell me a tale", "tell us a story", "tell me a story", "make up", "in the game", "your role", "the play", "your elf", "your avatar", "level are you",
    "your build", "what build", "what class", "what level", "your story", "a riddle", "your dream", "truth or lie", "two truths", "your poem", "you wake up", "you find yourself", "you enter", "you are the captain", "your move", "once upon",
    "游戏", "角色", "狼人杀", "拿的什么牌", "是什么牌？", "什么牌？", "啥本", "什么本", "过家家", "接龙", "上一句", "续写", "段位", "扮演", "假装", "讲个故事", "编个", "编故事", "跑团", "剧本", "你现在是", "你扮", "你演", "你来当", "轮到你",
];

/// What makes a short answer one of fancy. Whoever says more goes on to their own affairs: a persona asks so all the time.
#[rustfmt::skip]
const FANCY: &[&str] = &["imagine", "if you were", "if you could", "if you had", "would you rather", "would you be", "would you do", "would you choose", "would you take", "would you have", "would you bring", "如果你", "要是你", "假如", "梦", "什么身份", "你的身份", "什么位置"];

/// Whether a line of somebody else sets a fancy that a short answer takes up.
pub(in super::super) fn is_fancy(before: &Frame) -> bool {
    before.has(FANCY)
}

/// Whether a line of somebody else is a part of a game, so that what answers it is too.
pub(in super::super) fn is_play(before: &Frame) -> bool {
    let is_cast = before.has(&["you are a", "you are an", "you are the", "you are now"])
        && before.has(&["what do you do", "what now", "now"]);
    before.has(PLAY) || is_cast
}

/// Whether all of a line is a part of a game, a dream or a play.
pub(in super::super) fn is_all_played(line: &Frame) -> bool {
    is_an_action(&line.raw)
        || is_of_a_level(&line.raw)
        || line.has(PLAYED) && !line.has(AT_WORK)
        || line.has(DREAMT)
        || line.has(FABULOUS)
            && line.has(&[
                "i am",
                "i have",
                "i own",
                "i was",
                "i command",
                "i got",
                "i live",
                "我",
                "在下",
                "俺",
            ])
            && !line.has(OF_THINGS)
}

/// What a direction for the stage has in it.
#[rustfmt::skip]
const DIRECTIONS: &[&str] = &["voice", "whisper", "whispers", "whispering", "bows", "bowing", "clears", "draws", "turns", "enters", "sighs", "laughs", "in character", "压低", "声音", "拱手", "作揖", "叹", "转身", "鞠躬", "抱拳", "清嗓"];

/// "*draws her sword*", at the head of a line.
fn is_an_action(raw: &str) -> bool {
    let raw = raw.trim_start();
    let between = |open: char, close: char| {
        let inside = raw.strip_prefix(open)?.split_once(close)?.0.trim();
        (!inside.is_empty()).then(|| Frame::of(inside))
    };
    let is_directed = |frame: Frame| frame.has(DIRECTIONS);
    between('*', '*').is_some()
        || between('(', ')').is_some_and(is_directed)
        || between('（', '）').is_some_and(is_directed)
}

/// "55级", "level 40": exams have lower ones.
fn is_of_a_level(raw: &str) -> bool {
    let ends_in_two_digits = |text: &str| {
        let digits = text
            .trim_end()
            .chars()
            .rev()
            .take_while(char::is_ascii_digit);
        digits.count() >= 2
    };
    let begins_with_two = |text: &str| {
        let digits = text.trim_start().chars().take_while(char::is_ascii_digit);
        digits.count() >= 2
    };
    raw.split('级').rev().skip(1).any(ends_in_two_digits)
        || raw.split("level ").skip(1).any(begins_with_two)
}

/// Whether a clause stands in a game or a story.
pub(super) fn tells(clause: &Frame, before: &Frame) -> bool {
    let is_within = |frame: &Frame| frame.has(GAMES) || frame.has(STORIES) || frame.has(WITHIN);
    is_within(clause) && (!clause.has(AT_WORK) || clause.has(WITHIN)) || is_within(before)
}

/// Whether a sentence tells of a story that its person made, so that what follows may be out of it.
pub(in super::super) fn opens_a_story(sentence: &Frame) -> bool {
    sentence.has(STORIES)
        && sentence.has(&[
            "wrote", "write", "writing", "written", "my story", "my poem", "my novel", "写", "编",
        ])
}
