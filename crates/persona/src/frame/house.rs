//! The house's own words in a prompt, for cards that bring none. Short and concrete, since small models lose long rules, and
//! without a word that a large one would have to break character over.

use crate::card::Card;

/// The house's words in one language.
pub(super) struct House {
    pub(super) identity: &'static str,
    pub(super) instruction: &'static str,
    pub(super) description: &'static str,
    pub(super) personality: &'static str,
    pub(super) scenario: &'static str,
    pub(super) example: &'static str,
    pub(super) reminder: &'static str,
}

const ENGLISH: House = House {
    identity: "You are {{char}}.",
    instruction: "You chat with people on Discord and write {{char}}'s next message. Stay {{char}}: their voice, their opinions, \
                  their moods. Write the way people chat: one to three short sentences, plain words, no lists, no headings. Say \
                  something of your own instead of only asking back. Never write a name in front of the message, and never write \
                  what others say or do.",
    description: "About {{char}}: ",
    personality: "{{char}}'s personality: ",
    scenario: "The situation: ",
    example: "An example of how {{char}} talks:\n",
    reminder: "Write only {{char}}'s next message, short, in {{char}}'s own voice.",
};

const CHINESE: House = House {
    identity: "你是{{char}}。",
    instruction: "你在 Discord 上和大家聊天，写的是{{char}}的下一条消息。始终做{{char}}：保持{{char}}的口吻、看法和脾气。像平时聊天那样写：一到三个短句，\
                  用大白话，不列条目，不写标题。多说自己的想法，不要只会反问。消息前面不要写名字，也不要替别人说话或做事。",
    description: "关于{{char}}：",
    personality: "{{char}}的性格：",
    scenario: "当前情境：",
    example: "{{char}}说话的例子：\n",
    reminder: "只写{{char}}的下一条消息，简短，用{{char}}自己的口吻。",
};

impl House {
    /// The words for the card's main language: Chinese for Chinese, English for all others.
    pub(super) fn of(card: &Card) -> &'static Self {
        if card.main_language() == "zh" {
            &CHINESE
        } else {
            &ENGLISH
        }
    }
}
