//! What is told in a game or a story.

use super::Frame;

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

/// Whether a line of somebody else is a part of a game, so that what answers it is too.
pub(in super::super) fn is_play(before: &Frame) -> bool {
    before.has(PLAY)
}

/// Whether a clause stands in a game or a story.
pub(super) fn tells(clause: &Frame, before: &Frame) -> bool {
    (clause.has(FICTION) || before.has(FICTION))
        && (!clause.has(NOT_FICTION) || clause.has(&["in the game", "my character"]))
}
