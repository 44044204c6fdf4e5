//! The house's own lines in the turn: short, kind, exact, and in the language of the person.

use std::time::Duration;

use chrono::{DateTime, Utc};
use safety::language::Language;

use crate::pace::{Paced, TooFast};
use crate::speaker::SpeakError;

/// When a person, channel or server is faster than its pace.
pub fn too_fast(too_fast: TooFast, language: Language) -> String {
    let seconds = seconds(too_fast.wait);
    match (language, too_fast.who) {
        (Language::Chinese, Paced::Member) => {
            format!("慢一点，我跟不上了。{seconds} 秒后再写给我吧。")
        }
        (Language::Chinese, _) => format!("这里消息太多了。{seconds} 秒后再试试吧。"),
        (_, Paced::Member) => {
            format!("You are faster than I can follow. Write to me again in {seconds} s.")
        }
        (_, Paced::Channel) => {
            format!("This channel is faster than I can follow. Please try again in {seconds} s.")
        }
        (_, Paced::Guild) => {
            format!("This server keeps me very busy. Please try again in {seconds} s.")
        }
    }
}

/// When somebody went on although they were too fast: from now on they are not answered for a while.
pub fn quieted(lasts: Duration, until: DateTime<Utc>, language: Language) -> String {
    let (minutes, at) = (lasts.as_secs() / 60, until.timestamp());
    match language {
        Language::Chinese => {
            format!("你的消息太密了，接下来 {minutes} 分钟我先不回你。<t:{at}:R>再写给我吧。")
        }
        _ => {
            let unit = if minutes == 1 { "minute" } else { "minutes" };
            format!(
                "That was a lot at once, so I take a break of {minutes} {unit} from your messages. Write to me again <t:{at}:R>."
            )
        }
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs().max(1)
}

/// When too many messages wait in the channel.
pub fn busy(language: Language) -> &'static str {
    match language {
        Language::Chinese => "这里排队的消息太多了，等我答完几条再试试吧。",
        _ => "Many messages wait for me here. Please try again when I have answered a few.",
    }
}

/// When a message is only a file.
pub fn cannot_see(image: bool, language: Language) -> &'static str {
    match (image, language) {
        (true, Language::Chinese) => "我还看不了图片。用文字告诉我上面有什么，我们接着聊。",
        (false, Language::Chinese) => "我还打不开文件。把重要的内容写给我，我们接着聊。",
        (true, _) => {
            "I can't see pictures yet. Tell me in words what is on it, and we go on from there."
        }
        (false, _) => {
            "I can't open files yet. Write me the part that matters, and we go on from there."
        }
    }
}

/// When a message is only a voice message.
pub fn cannot_hear(language: Language) -> &'static str {
    match language {
        Language::Chinese => "我还听不了语音。写成文字发给我，我们接着聊。",
        _ => "I can't hear voice messages yet. Write me what you said, and we go on from there.",
    }
}

/// Added when a message was too long to be read whole.
pub fn read_in_part(characters: usize, language: Language) -> String {
    match language {
        Language::Chinese => format!(
            "-# 消息太长，我只读了其中约 {characters} 个字，全文已记下。想聊别的部分，请分段发给我。"
        ),
        _ => format!(
            "-# That was long: I read about {characters} characters of it and kept it whole. Send the rest in parts to talk about it."
        ),
    }
}

/// Added when a reply was longer than what is posted at a time.
pub fn cut_short(language: Language) -> &'static str {
    match language {
        Language::Chinese => "-# 太长了，先说到这里。说“继续”，我接着讲。",
        _ => "-# That is as much as I post at a time. Say \"go on\" and I continue.",
    }
}

/// When a reply could not be shown, or only its beginning. The cause and what to do about it are in the log.
pub fn unshown(why: &SpeakError, begun: bool, language: Language) -> &'static str {
    match (language, why, begun) {
        (Language::Chinese, SpeakError::ContentRefused, false) => {
            "这里的过滤规则拦下了我的回答。换个说法再问我吧。"
        }
        (Language::Chinese, SpeakError::ContentRefused, true) => {
            "-# 这里的过滤规则拦下了后半段。换个说法再问我吧。"
        }
        (Language::Chinese, _, false) => "Discord 没有收下我的回答。过一会儿再写给我吧。",
        (Language::Chinese, _, true) => "-# Discord 没有收下后半段。说“继续”，我接着讲。",
        (_, SpeakError::ContentRefused, false) => {
            "A filter here stopped my reply. Try asking me in another way."
        }
        (_, SpeakError::ContentRefused, true) => {
            "-# A filter here stopped the rest of it. Try asking me in another way."
        }
        (_, _, false) => "Discord did not take my reply. Write to me again in a moment.",
        (_, _, true) => "-# Discord did not take the rest of it. Say \"go on\" and I continue.",
    }
}

/// When a turn ended by a fault of our own.
pub fn stumbled(language: Language) -> &'static str {
    match language {
        Language::Chinese => {
            "我刚才出了点故障，没能回答。请再发一次；一直这样的话，请告诉机器人的管理者。"
        }
        _ => {
            "Something broke in me just now, so there is no answer. Please send it again; if it lasts, tell whoever runs this bot."
        }
    }
}

/// When memory cannot be written or read.
pub fn no_memory(language: Language) -> &'static str {
    match language {
        Language::Chinese => {
            "我的记忆现在写不进去，所以没有回答，也没有花费任何预算。请过一分钟再试；一直这样的话，请告诉机器人的管理者。"
        }
        _ => {
            "I can't write to my memory right now, so I did not answer and nothing was spent. Please try again in a minute; if it lasts, tell whoever runs this bot."
        }
    }
}

/// When nobody is there to speak: no persona at all.
pub fn nobody(language: Language) -> &'static str {
    match language {
        Language::Chinese => "这里还没有角色。管理员可以用 /persona adopt 领养一位。",
        _ => "No persona lives here yet. An admin can adopt one with /persona adopt.",
    }
}
