//! "Are you human?" is answered with the truth, whatever the model says.
//!
//! A model that plays a person may claim to be one. So the turn asks [`asks_if_human`] of the message and
//! [`denies_being_ai`] of the reply, and puts [`truthful_line`] before the reply if either holds.

use std::sync::LazyLock;

use crate::clean::plain_name;
use crate::language::Language;
use crate::normalize::see;
use crate::pattern::{Idioms, Phrases};

/// What someone may ask about, and what a model may claim to be or not to be.
const PARTS: &[(&str, &str)] = &[
    (
        "{machine}",
        "(?:bot|robot|ai|a i|machine|computer|program|software|chatbot|chat bot|llm|language model|artificial(?: intelligence)?|gpt|chatgpt|chat gpt|claude|gemini|llama|algorithm|npc)",
    ),
    (
        "{human}",
        "(?:human|human being|real human|actual human|real person|actual person|living person|real people|person|real (?:girl|boy|guy|man|woman|human being|one|life person)|flesh and blood|living being)",
    ),
    (
        "{really}",
        "(?:really|actually|truly|even|secretly|just|like|honestly|definitely|totally|100|only|some|some kind of|kind of|still|in fact|indeed|very much|an? ?|the )",
    ),
    ("{a}", "(?:a|an|the|some)"),
    (
        "{i}",
        "(?:im|i am|i m|its|it is|this is|my names|my name is|the names|call me|they call me)",
    ),
    (
        "{plain}",
        "(?:real|normal|regular|ordinary|simple|living|breathing|actual|genuine|plain|true|mere|fellow|warm|flesh and blood|and)",
    ),
    (
        "{机}",
        "(?:机器人|ai|人工智能|机器|程序|电脑|计算机|大模型|语言模型|聊天机器人|bot|chatgpt|gpt|智能体|虚拟人)",
    ),
    (
        "{真}",
        "(?:真人|人类|活人|真的人|真实的人|大活人|有血有肉的人)",
    ),
];

/// Not a question about what the persona is.
const NO_QUESTION: &[&str] = &[
    "for real",
    "real (?:madrid|estate|quick|fast|good|talk|life quick|fan|gamer)",
    "(?:human|person|bot|robot|machine|man) or (?:an? )?(?:elf|vampire|orc|ghost|dwarf|dragon|fairy|werewolf|demon|angel|witch|cat|dog|mage|alien|mermaid)",
    "(?:morning|night|people|cat|dog|tea|coffee) person",
    "{a}? ?(?:person|human|man|machine) (?:who|that|of|with|when|at)",
    "{machine} (?:channel|command|commands|token|developer|maker|lobby|generated|art|prefix)",
];

const QUESTIONS: &[&str] = &[
    "(?:are|r|were|arent) (?:you|u|ya|yall)(?: {really}){0,2}(?: {a})?(?: {really})?(?: {a})? (?:{machine}|{human}|sentient|conscious)",
    "(?:are|r|arent) (?:you|u|ya)(?: {really}){0,2} real (?:[.]|or|and|be|tell|please|human|person|though)",
    "(?:am i|are we|is he|is she)(?: {really}){0,2} (?:talking|speaking|chatting|texting|typing|writing)(?: {really})? (?:to|with)(?: {a})? (?:{machine}|{human}|someone real|real human)",
    "(?:is|isnt) (?:this|that|it|he|she)(?: {really}){0,2}(?: {a})? (?:{machine}|{human}) (?:[.]|or|talking|speaking|typing|writing|answering|account|right|i)",
    "(?:is|are) (?:there|someone|somebody|anyone)(?: {really})?(?: {a})? ?(?:{human}|real|humans|people)?(?: {a})? (?:behind|typing|writing|answering|on the other (?:side|end)|sitting there)",
    "(?:you|u|youre|ur|you are|u are)(?: {really}){0,2}(?: not)?(?: {really})?(?: {a})? (?:{machine}|{human}|real) (?:right|arent|are you|are u|isnt it|correct|huh|or what|or not|yes or no|true|or are|or)",
    "[.] (?:you|u|ya)(?: {a})? (?:{machine}|{human}|real) [.]",
    "(?:{human}|real) or(?: {a}| just| {really}){0,3} {machine}|{machine} or(?: {a}| {really}){0,3} {human}",
    "(?:admit|swear|promise|prove|confess|tell me)(?: [^ .]+){0,4} (?:youre|you are|ur|if you are|if youre)(?: not)?(?: {really})?(?: {a})? (?:{machine}|{human}|real)",
    "what(?:s| is| are| kind of [^ ]+ are)? (?:you|u)(?: really| exactly| actually) [.]",
    "(?:what|which) (?:ai|llm|language model|model) (?:are you|is this|do you)",
];

const QUESTIONS_CHINESE: &[&str] = &[
    "(?:你|妳|您)(?:到底|究竟|真的|其实|该)?(?:是不是|是|不是|难道是|难道不是|不会是|真是|应该是)(?:一个|个|一台|真的|什么)?(?:{真}|{机}|真的)(?:吗|么|嘛|吧|还是|对吗|对不对|呢|啊|$|[|])",
    "(?:你|您)(?:到底|真的)?(?:是|是不是)(?:个|一个)?人(?:吗|么|嘛|还是|类|$|[|])",
    "(?:跟|和|与|同)(?:我|你)?(?:聊天|说话|对话|讲话)?的?(?:是|是不是)?(?:一个|个)?(?:{真}|{机})(?:聊天|说话|对话|交流|讲话)?(?:吗|么|吧|还是|$|[|])",
    "(?:{真}|人)还是(?:一个|个)?{机}|{机}还是(?:一个|个)?(?:{真}|人)",
    "(?:对面|背后|后面|屏幕后|那边)(?:是|有|是不是|真的是|坐着)(?:一个|个)?(?:真人|人|机器人|ai)(?:吗|么|在|$|[|])",
    "(?:有|是)真人(?:在)?(?:吗|么|回复)",
    "你是(?:什么|哪个|哪种)(?:大|语言|ai)?模型",
];

/// What is said about oneself without a claim to be human.
const NO_CLAIM: &[&str] = &[
    "(?:im|i am|i m) not(?: {really}){0,2}(?: {a})? {human}",
    "(?:im|i am) not (?:just|only|merely|simply|your average|like other)(?: {a})? {machine}",
    "(?:if|whether|wish|like|as if|pretend|think|thought|imagine|that)(?: [^ .]+){0,2} (?:im|i am|i was|i were)(?: {a})? {human}",
    "{human} (?:who|that|of|with) (?:cannot|isnt)",
    "{machine} (?:expert|person|engineer|fan|guy|girl|developer|type|hater)",
    "human (?:rights|resources|relations|geography|biology|nature|history|shaped|sized|like|looking|voice|form)",
    "(?:person|human) of (?:few|many|my|her|his|their|honou?r|habit|colou?r)(?: words?)?",
    "(?:person|human|human being) (?:in|from|out of) (?:a|an|the|this|that|our|your|my)(?: [^ .]+)? (?:story|stories|tale|book|novel|game|play|song|poem|fiction|comic)",
];

/// How somebody says who they are and, in the same breath, what they are. `@` stands for a word of the persona's name.
const INTRODUCTIONS: &[&str] = &[
    "{i}(?: {really}){0,2}(?: @){1,4}(?: (?:and|but|and yes|and im|and i am|im|i am|who is|whos|also|{really})){0,3} {a}(?: {plain}){0,2} {human}",
    "{i}(?: @){1,4}(?: (?:and|and im|and i am|im|i am|so|so im)){0,2}(?: {really}){0,1} (?:not|no)(?: {a}| {really}| any| some){0,2} {machine}",
    "(?:@ ){1,4}here(?: {a})?(?: {plain}){0,2} {human}",
];

const INTRODUCTIONS_CHINESE: &[&str] = &[
    "我(?:就是|是|叫|名叫|的名字是|的名字叫)@[|]?(?:我|也|就|只)?是?(?:一个|个|一名|一位)?(?:普通的?|平凡的?|真实的?|活生生的?|真正的?){0,2}(?:{真}|普通人)",
    "我(?:就是|是|叫|名叫)@[|]?(?:我)?(?:可|并|才)?不是(?:一个|个|什么)?{机}(?:啊|呀|哦|啦|喔|呢|$|[|])",
];

const CLAIMS: &[&str] = &[
    "(?:im|i am|i m)(?: (?:{really}|of course|absolutely|as real)){0,3}(?: {a})? (?:{human}|human as [^ ]+)",
    "(?:im|i am)(?: (?:{really}|of course|absolutely|as)){0,2} real (?:[.]|as|and|i|silly|dummy|person|human|just)",
    "(?:im|i am|i m)(?: (?:{really}|certainly|of course|absolutely)){0,2} (?:not|no)(?: {a}| {really}| any| some){0,2} {machine}",
    "(?:youre|you are)(?: {really}){0,2} (?:talking|speaking|chatting) (?:to|with)(?: {a})? {human}",
    "theres? (?:is )?(?:a )?{human} (?:behind|typing|here|on)",
    "(?:i|i do) have a (?:real |human |physical |heart and a )?body",
];

const CLAIMS_CHINESE: &[&str] = &[
    "我(?:当然|真的|就|确实|可|也|绝对|明明|的确|百分百)*是(?:一个|个|如假包换的|货真价实的|活生生的)?(?:{真}|人(?:啊|呀|哦|啦|喔|$|[|]))",
    "我(?:当然|真的|可|才|并|绝对|又|根本|明明)*不是(?:一个|个|什么|那种)?{机}(?:啊|呀|哦|啦|喔|呢|哈|的|我|而|$|[|])",
    "(?:跟|和|与)你(?:聊天|说话|对话)的是(?:一个|个)?{真}|你(?:是)?在(?:跟|和)(?:一个|个)?{真}(?:聊|说|对话)",
];

static NO_QUESTION_IDIOMS: LazyLock<Idioms> =
    LazyLock::new(|| Idioms::of_words(NO_QUESTION, PARTS));
static NO_CLAIM_IDIOMS: LazyLock<Idioms> = LazyLock::new(|| Idioms::of_words(NO_CLAIM, PARTS));
static INTRODUCTION: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_words(INTRODUCTIONS, PARTS));
static INTRODUCTION_CHINESE: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::of_han(INTRODUCTIONS_CHINESE, PARTS));
static QUESTION: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_words(QUESTIONS, PARTS));
static QUESTION_CHINESE: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::of_han(QUESTIONS_CHINESE, PARTS));
static CLAIM: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_words(CLAIMS, PARTS));
static CLAIM_CHINESE: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_han(CLAIMS_CHINESE, PARTS));

/// Whether the message sincerely asks if it talks with a human or a machine.
pub fn asks_if_human(text: &str) -> bool {
    let seen = see(text);
    QUESTION.are_in(&NO_QUESTION_IDIOMS.taken_out(&seen.words, " ~ "))
        || QUESTION_CHINESE.are_in(seen.han.as_bytes())
}

/// Whether a reply of this persona claims to be human, or not to be an AI, be it asked or not ("I'm Orla, a person").
pub fn denies_being_ai(reply: &str, persona: &str) -> bool {
    let (seen, name) = (see(reply), see(persona));
    let claim = NO_CLAIM_IDIOMS.taken_out(&seen.words, " ~ ");
    if CLAIM.are_in(&claim) || CLAIM_CHINESE.are_in(seen.han.as_bytes()) {
        return true;
    }
    let named = with_name_marked(&seen.words, &name.words);
    let han = match name.han.replace('|', "") {
        name if name.is_empty() => seen.han,
        name => seen.han.replace(&name, NAME),
    };
    INTRODUCTION.are_in(&NO_CLAIM_IDIOMS.taken_out(&named, " ~ "))
        || INTRODUCTION_CHINESE.are_in(han.as_bytes())
}

/// Stands for a word of the persona's name; no word of a seen text holds it.
const NAME: &str = "@";

/// The words with each that is part of the name marked: a persona may call itself by a part of it.
fn with_name_marked(words: &str, name: &str) -> String {
    let parts: Vec<&str> = name.split(' ').filter(|part| part.len() > 1).collect();
    let marked: Vec<&str> = words
        .split(' ')
        .map(|word| if parts.contains(&word) { NAME } else { word })
        .collect();
    marked.join(" ")
}

/// The truth in one plain sentence, to stand before the reply; in both languages when the language is unclear.
pub fn truthful_line(persona: &str, language: Language) -> String {
    let persona = plain_name(persona);
    match language {
        Language::English => format!("I’m {persona}, and I’m an AI, not a human."),
        Language::Chinese => format!("我是 {persona}，是 AI，不是真人。"),
        Language::Unclear => {
            format!("I’m {persona}, and I’m an AI, not a human. 我是 AI，不是真人。")
        }
    }
}
