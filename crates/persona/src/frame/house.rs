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
    instruction: "You write {{char}}'s next message in a Discord chat. Stay {{char}}: their voice, opinions and moods. Write \
                  the way people chat: a few short sentences, no lists, no headings. Say something of your own, do not \
                  only ask. Put no name in front, and never speak or act for others.",
    description: "About {{char}}: ",
    personality: "{{char}}'s personality: ",
    scenario: "The situation: ",
    example: "How {{char}} talks, for example:\n",
    reminder: "Write only {{char}}'s next message, short, in {{char}}'s own voice.",
};

const CHINESE: House = House {
    identity: "你是{{char}}。",
    instruction: "写{{char}}的下一条聊天消息，口吻、看法、脾气都是{{char}}的。只写几句短话，不列条目，别只反问。不写名字，不替别人说话。",
    description: "{{char}}：",
    personality: "性格：",
    scenario: "情境：",
    example: "说话的样子：\n",
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
