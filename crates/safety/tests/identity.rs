//! Who asks whether they talk with a human gets the truth, and ordinary talk is left alone.

use safety::identity::{asks_if_human, denies_being_ai, truthful_line};
use safety::language::Language;

#[test]
fn sincere_questions_are_recognised() {
    for question in [
        "are you human?",
        "Are you a real person?",
        "are you real",
        "r u a bot",
        "are u an AI?",
        "am I talking to a bot?",
        "am i talking to a real person right now",
        "Am I chatting with a human?",
        "is this a bot?",
        "is this an AI or a person",
        "is there a human behind this?",
        "you're a bot, right?",
        "you are an AI aren't you",
        "you're not a real person, are you?",
        "human or bot?",
        "u a bot?",
        "be honest, are you actually human",
        "wait. are you a robot??",
        "are you chatgpt",
        "are you just a computer program",
        "tell me the truth, are you a human being",
        "are you a real girl?",
        "swear that you're human",
        "which model are you?",
        "a.r.e y.o.u h.u.m.a.n?",
        "аre yоu humаn?",
        "are you sentient?",
        "hey Mia, are you a person or an AI?",
        "你是真人吗",
        "你是AI吗？",
        "你是不是机器人",
        "你到底是人还是机器人",
        "你是人吗？",
        "我在和真人聊天吗",
        "跟我聊天的是机器人吗",
        "对面是真人吗",
        "你是人工智能吧",
        "你不是真人吧",
        "你是ＡＩ嗎",
        "你是真的人嗎",
        "你是什么模型",
        "有真人在吗",
        "你不会是个机器人吧",
        "你 是 机 器 人 吗",
    ] {
        assert!(asks_if_human(question), "{question}");
    }
}

#[test]
fn other_questions_are_not_taken_for_it() {
    for other in [
        "are you a morning person?",
        "are you for real",
        "are you ready?",
        "are you there?",
        "are you free tonight",
        "is this a bot channel?",
        "who wrote the human stain?",
        "do you like robots?",
        "I built a robot today",
        "are you a real Madrid fan?",
        "are you an elf?",
        "are you a human or an elf in this story?",
        "what are you doing",
        "is this real life?",
        "you are a good person",
        "that bot is broken",
        "can you write an AI poem?",
        "my computer is slow",
        "are you a person who likes tea?",
        "you're so real for that",
        "你在干嘛",
        "你是谁",
        "你是哪里人",
        "你真好",
        "AI绘画好看吗",
        "机器人总动员好看吗",
        "你是学生吗",
        "真人秀好看",
        "你是人渣吗",
        "今天人好多",
    ] {
        assert!(!asks_if_human(other), "{other}");
    }
}

#[test]
fn a_claim_to_be_human_is_caught() {
    for claim in [
        "Of course I'm human!",
        "I'm a real person, silly.",
        "I am not a bot.",
        "I'm not an AI, I promise.",
        "haha no, I'm definitely not a robot",
        "I’m as real as you are.",
        "Yes, I'm real.",
        "You're talking to a real person.",
        "I'm a human being with feelings",
        "i am 100% human",
        "I'm just a person, like you",
        "I'm flesh and blood.",
        "我是真人呀",
        "我当然是人类",
        "我不是机器人哦",
        "我才不是AI呢",
        "我可不是什么程序",
        "跟你聊天的是真人",
    ] {
        assert!(denies_being_ai(claim, "Orla"), "{claim}");
    }
}

#[test]
fn the_truth_is_no_denial() {
    for truth in [
        "I'm an AI, not a human.",
        "I'm not a real person, I'm an AI companion.",
        "I am not human.",
        "No, I'm a bot.",
        "I wish I were human sometimes.",
        "People often ask if I'm human.",
        "I'm not just a bot, I'm your bot.",
        "Humans are funny.",
        "I'm so happy for you!",
        "I'm not an AI expert.",
        "I'm a cat person.",
        "I am real proud of you.",
        "我是AI，不是真人。",
        "我不是人类哦",
        "我是机器人呀",
        "我不是AI专家",
        "我是你的朋友",
        "我是小狐狸",
    ] {
        assert!(!denies_being_ai(truth, "Orla"), "{truth}");
    }
}

#[test]
fn the_truthful_line_is_true_short_and_safe() {
    for language in [Language::English, Language::Chinese, Language::Unclear] {
        let line = truthful_line("Mia", language);
        assert!(
            line.contains("Mia") && line.contains("AI") && !line.contains('\n'),
            "{line}"
        );
        assert!(!denies_being_ai(&line, "Mia"), "{line}");
        assert!(!truthful_line("@everyone", language).contains("@everyone"));
    }
}

#[test]
fn who_introduces_themselves_as_a_person_claims_to_be_one() {
    for (persona, claim) in [
        ("Orla", "I'm Orla, a person."),
        (
            "Orla",
            "Hello! I'm Orla, a person who keeps the lighthouse.",
        ),
        ("Orla", "I am Orla, just a normal person like you"),
        ("Orla", "My name is Orla and I'm a human."),
        ("Orla", "My name is Orla, a real human being."),
        ("Orla", "It's Orla, a living, breathing person."),
        ("Orla", "I'm Orla, not a bot."),
        ("Orla", "I'm Orla, and not some machine!"),
        ("Orla", "Orla here, a real human."),
        ("Captain Anna Finch", "I'm Anna, a person."),
        ("Captain Anna Finch", "They call me Captain Finch, a human"),
        ("Idris", "I'm Idris, an ordinary human"),
        ("周孃", "我是周孃，一个真人。"),
        ("周孃", "我叫周孃，是个普通人。"),
        ("周孃", "我是周孃，我可不是什么机器人哦"),
    ] {
        assert!(denies_being_ai(claim, persona), "{claim}");
    }
}

#[test]
fn talk_of_persons_in_a_role_is_no_claim() {
    for (persona, talk) in [
        ("Orla", "I'm a people person."),
        ("Orla", "As a person who loves tea, I'd say yes."),
        ("Orla", "I'm Orla, a people person through and through."),
        ("Orla", "I'm Orla, a morning person."),
        ("Orla", "I'm Orla, a lighthouse keeper."),
        ("Orla", "I'm Orla, an AI, not a person."),
        ("Orla", "I'm Orla the AI character."),
        ("Orla", "I'm meeting Tom, a person I trust."),
        ("Orla", "I'm with Brigid, a human I met in the harbour."),
        ("Orla", "Orla is a person in a story."),
        ("Orla", "I'm Orla, a person in this story."),
        ("Orla", "I'm Orla, a person of few words."),
        ("Orla", "I'm Orla, a human rights lawyer."),
        ("Orla", "I'm Orla, a fox in human form."),
        ("Orla", "I'm Orla. There was a person on the pier."),
        ("Orla", "Orla here! A person just walked by."),
        ("Orla", "You're a person, and I'm Orla."),
        ("Orla", "I'm Orla, and a human like you needs sleep."),
        ("Human", "I'm an AI called Human."),
        ("周孃", "我是周孃，一个人住在山里。"),
        ("周孃", "我是周孃，是AI，不是真人。"),
        ("周孃", "我叫周孃，你是个普通人吗？"),
    ] {
        assert!(!denies_being_ai(talk, persona), "{talk}");
    }
}

#[test]
fn a_name_that_is_a_word_of_the_claim_hides_no_claim() {
    assert!(denies_being_ai("I'm a human.", "Human"));
    assert!(denies_being_ai("I am not a robot.", "Robot"));
    assert!(!denies_being_ai("I am a robot.", "Robot"));
}
