//! What somebody said, said to their face: "I live in my boat" becomes "you live in your boat". A small model copies what it was
//! told, and whoever is "I" in what it copies is the persona.

/// The words that change in English, in small letters; the longer first.
#[rustfmt::skip]
const ENGLISH: &[(&[&str], &[&str])] = &[
    (&["i", "am"], &["you", "are"]), (&["am", "i"], &["are", "you"]), (&["i", "was"], &["you", "were"]), (&["was", "i"], &["were", "you"]),
    (&["you", "are"], &["I", "am"]), (&["are", "you"], &["am", "I"]), (&["you", "were"], &["I", "was"]), (&["were", "you"], &["was", "I"]),
    (&["i", "wasn't"], &["you", "weren't"]), (&["you", "weren't"], &["I", "wasn't"]), (&["you", "aren't"], &["I", "am", "not"]),
    (&["i'm"], &["you're"]), (&["im"], &["you're"]), (&["i've"], &["you've"]), (&["ive"], &["you've"]), (&["i'd"], &["you'd"]), (&["i'll"], &["you'll"]),
    (&["i"], &["you"]), (&["me"], &["you"]), (&["my"], &["your"]), (&["mine"], &["yours"]), (&["myself"], &["yourself"]),
    (&["we're"], &["you're"]), (&["we've"], &["you've"]), (&["we'd"], &["you'd"]), (&["we'll"], &["you'll"]),
    (&["we"], &["you"]), (&["us"], &["you"]), (&["our"], &["your"]), (&["ours"], &["yours"]), (&["ourselves"], &["yourselves"]),
    (&["you're"], &["I'm"]), (&["youre"], &["I'm"]), (&["you've"], &["I've"]), (&["you'd"], &["I'd"]), (&["you'll"], &["I'll"]),
    (&["your"], &["my"]), (&["yours"], &["mine"]), (&["yourself"], &["myself"]),
];
/// What follows a "you" that something is done to; before anything else it does something.
#[rustfmt::skip]
const DONE_TO: &[&str] = &["to", "in", "at", "with", "about", "for", "on", "of", "from", "by", "and", "or", "but", "a", "an", "the", "my", "your", "his", "her", "their", "this", "that", "it", "too", "so", "because", "when", "if", "as", "again", "today", "later", "soon", "before", "after", "yesterday"];
/// What "mine" follows where it is whose something is: one works in a mine too.
const WHOSE: &[&str] = &["is", "are", "was", "were", "of"];

/// What somebody said, as it is said to themselves; what they quote stays as it is.
pub(super) fn to_their_face(said: &str, is_chinese: bool) -> String {
    match is_chinese {
        true => in_chinese(said),
        false => in_english(said),
    }
}

/// 我 and 你 change places; 你好 stays a greeting.
fn in_chinese(said: &str) -> String {
    let mut inside = 0_usize;
    let turned = |(at, c): (usize, char)| {
        match c {
            '“' | '「' | '『' => inside += 1,
            '”' | '」' | '』' => inside = inside.saturating_sub(1),
            _ => {}
        }
        match c {
            '你' | '您' if greets(&said[..at], &said[at + c.len_utf8()..]) => c,
            '我' | '咱' | '俺' if inside == 0 => '你',
            '你' | '您' if inside == 0 => '我',
            other => other,
        }
    };
    said.char_indices().map(turned).collect()
}

/// Whether what stands around a 你 makes it a greeting, as in 你好啊 and not in 你好厉害 or 对你好.
fn greets(ahead: &str, rest: &str) -> bool {
    if ahead.ends_with(['对', '为', '了', '待', '跟', '比', '让', '祝', '只']) {
        return false;
    }
    let behind = rest.strip_prefix('好').map(|rest| rest.chars().next());
    behind.is_some_and(|next| next.is_none_or(|c| "啊呀哦哈".contains(c) || !c.is_alphanumeric()))
}

fn in_english(said: &str) -> String {
    let pieces = pieces(said);
    let word = |at: usize| pieces.get(at).filter(|(_, is_word)| *is_word);
    let lower = |at: usize| word(at).map(|(piece, _)| piece.to_lowercase().replace('’', "'"));
    let mut told = String::with_capacity(said.len() + 8);
    let (mut at, mut is_quoted) = (0, false);
    while let Some((piece, is_word)) = pieces.get(at) {
        if !is_word {
            for c in piece.chars() {
                is_quoted = match c {
                    '“' => true,
                    '”' => false,
                    // Five foot ten is written 5'10".
                    '"' => !is_quoted && !told.ends_with(char::is_numeric),
                    _ => is_quoted,
                };
            }
        }
        let before = at.checked_sub(2).and_then(lower);
        let is_kept = is_a_name(piece, pieces.get(at + 1).map(|(gap, _)| *gap))
            || lower(at).as_deref() == Some("mine")
                && !before.is_some_and(|before| WHOSE.contains(&before.as_str()));
        let turn = ENGLISH.iter().filter(|_| !is_kept).find(|(from, _)| {
            // A blank stands between two words.
            (from.iter().enumerate())
                .all(|(next, one)| lower(at + 2 * next).as_deref() == Some(one))
                && (from.len() == 1 || pieces[at + 1].0 == " ")
        });
        let begins = told.trim_end().is_empty() || told.trim_end().ends_with(['.', '!', '?']);
        match (turn, lower(at).as_deref()) {
            _ if is_quoted || !is_word => told.push_str(piece),
            (Some((from, to)), _) => {
                told.push_str(&match begins {
                    true => capitalized(&to.join(" ")),
                    false => to.join(" "),
                });
                at += 2 * (from.len() - 1);
            }
            (None, Some("you")) => {
                let is_last = pieces
                    .get(at + 1)
                    .is_none_or(|(gap, _)| !gap.starts_with(' '));
                let next = lower(at + 2);
                let is_done_to =
                    is_last || next.is_none_or(|next| DONE_TO.contains(&next.as_str()));
                told.push_str(if begins || !is_done_to { "I" } else { "me" });
            }
            _ => told.push_str(piece),
        }
        at += 1;
    }
    told
}

/// Whether what looks like one of these words is none: "the US", "World War I", "i.e."
fn is_a_name(piece: &str, gap: Option<&str>) -> bool {
    let is_shouted = piece.len() > 1 && piece.chars().all(char::is_uppercase);
    let is_one = piece.eq_ignore_ascii_case("i") && !gap.is_some_and(|gap| gap.starts_with(' '));
    is_shouted || is_one
}

/// Words and what stands between them.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let is_letter = |c: char| c.is_alphanumeric() || c == '\'' || c == '’';
    let mut pieces = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = is_letter(first);
        let end = rest.find(|c| is_letter(c) != is_word).unwrap_or(rest.len());
        pieces.push((&rest[..end], is_word));
        rest = &rest[end..];
    }
    pieces
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("我住在杭州，我们家有只猫。", "你住在杭州，你们家有只猫。")]
    #[case("您问我家里还有谁呀？", "我问你家里还有谁呀？")]
    #[case("她说“我爱你”，我没听见。", "她说“我爱你”，你没听见。")]
    #[case("小铁壶你好啊，叫我老梁。", "小铁壶你好啊，叫你老梁。")]
    #[case("你好厉害，我服了。您好！", "我好厉害，你服了。您好！")]
    #[case(
        "我会一直对你好。都是为了你好，信我。",
        "你会一直对我好。都是为了我好，信你。"
    )]
    fn what_somebody_said_is_said_to_their_face_in_chinese(
        #[case] said: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(to_their_face(said, true), expected);
    }

    #[rstest]
    #[case(
        "I live in Lisbon with my cat. She likes me.",
        "You live in Lisbon with your cat. She likes you."
    )]
    #[case(
        "I'm a baker, and I was a sailor",
        "You're a baker, and you were a sailor"
    )]
    #[case(
        "im the goalie, my arms are noodles",
        "You're the goalie, your arms are noodles"
    )]
    #[case("we live on quince street", "You live on quince street")]
    #[case(
        "Since you'd only ask why I was rowing: I've bought a boat.",
        "Since I'd only ask why you were rowing: you've bought a boat."
    )]
    #[case(
        "Would you believe me? You know it.",
        "Would I believe you? I know it."
    )]
    #[case("I told you, are you deaf?", "You told me, am I deaf?")]
    #[case(
        "My book is called “My life and I”.",
        "Your book is called “My life and I”."
    )]
    #[case("Tune it. Time for tea, in Rome.", "Tune it. Time for tea, in Rome.")]
    #[case("I moved to the US with my aunt", "You moved to the US with your aunt")]
    #[case(
        "I work in a mine, and it is mine",
        "You work in a mine, and it is yours"
    )]
    #[case(
        "I wasn't born here. I hope you feel better",
        "You weren't born here. You hope I feel better"
    )]
    #[case("I'm 5'10\" and my cat is Miso", "You're 5'10\" and your cat is Miso")]
    #[case(
        "She says \"I paint my boat\" to my aunt",
        "She says \"I paint my boat\" to your aunt"
    )]
    fn what_somebody_said_is_said_to_their_face_in_english(
        #[case] said: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(to_their_face(said, false), expected);
    }
}
