//! An estimate of tokens, for fitting text into a prompt. It never decides about money: the ledger has its own bound.
//!
//! A real tokenizer was tried first: `bpe-openai` takes 67 MB of memory, 54 ms to load and 32 MB of the binary, more
//! than all the rest of Familiar. This estimate needs none of it and is meant to be a little too high; a test holds it
//! against that tokenizer (`o200k`). Other vocabularies differ: a small local model may need two tokens and more for a
//! Chinese character, which the ledger's bound covers and the prompt's shares do not.

use store::turns::Turn;

/// What a chat format adds to each message, and the marks that set a name off.
pub(crate) const FRAME: usize = 6;

/// What a run of one kind of character costs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Latin letters; one token for a common word.
    Latin,
    /// Letters of other alphabets, whose words are in no vocabulary as a whole.
    Alphabet,
    /// Characters of scripts without spaces.
    Ideograph,
    Digit,
    /// One punctuation mark, repeated.
    Mark(char),
    Blank,
    /// Emoji and whatever else, spelled in bytes.
    Symbol,
}

/// About how many tokens a text takes, rather too many than too few.
pub fn tokens(text: &str) -> usize {
    let mut total = 0;
    let mut run: Option<(Kind, usize)> = None;
    for c in text.chars() {
        let kind = kind(c);
        // A letter outside ASCII is half as likely to be in a known word.
        let weight = if kind == Kind::Latin && !c.is_ascii() {
            3
        } else {
            1
        };
        run = match run {
            Some((same, length)) if same == kind => Some((same, length + weight)),
            finished => {
                total += finished.map_or(0, cost);
                Some((kind, weight))
            }
        };
    }
    total + run.map_or(0, cost)
}

fn cost((kind, length): (Kind, usize)) -> usize {
    match kind {
        Kind::Latin if length <= 7 => 1,
        Kind::Latin => length.div_ceil(4),
        Kind::Alphabet => length.div_ceil(2),
        Kind::Ideograph => length,
        Kind::Digit => length.div_ceil(3),
        Kind::Mark(_) => length.div_ceil(3),
        // One space belongs to the word that follows it.
        Kind::Blank => usize::from(length > 1) + length / 16,
        Kind::Symbol => 3 * length,
    }
}

fn kind(c: char) -> Kind {
    match c {
        '\n' => Kind::Mark('\n'),
        c if c.is_whitespace() => Kind::Blank,
        c if c.is_ascii_digit() => Kind::Digit,
        c if c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&c) => Kind::Latin,
        '\u{2e80}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}' => Kind::Ideograph,
        '\u{2010}'..='\u{2027}' => Kind::Mark(c),
        c if c.is_ascii() => Kind::Mark(c),
        c if c.is_alphabetic() => Kind::Alphabet,
        _ => Kind::Symbol,
    }
}

/// About how many tokens a turn takes in a prompt, with its speaker's name.
pub fn turn_tokens(turn: &Turn) -> usize {
    tokens(&turn.author_name) + tokens(&turn.text) + FRAME
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const ENGLISH: &str = "Hey! I finally went to that pottery class on Saturday - it was so much fun, even though my \
        first bowl collapsed. The teacher said everyone's does. We're planning a trip to the mountains in September, \
        and I can't wait to see the lake again. Do you remember what we talked about last week? My sister Melanie has \
        adopted two kittens, Oscar and Bailey; they're adorable but they scratch everything in the house.";
    const CHINESE: &str = "昨天下班以后我和朋友去吃了火锅，味道很不错，就是排队排了一个多小时。最近工作有点忙，\
        周末想在家里好好休息，看看书，听听音乐。你还记得我上次跟你说的那只猫吗？它现在胖了很多，每天早上都要叫我起床。";
    const JAPANESE: &str = "昨日は友達と一緒に映画を見に行きました。とても面白かったです。来週は京都へ旅行する予定です。";
    const KOREAN: &str =
        "어제 친구들과 같이 저녁을 먹었어요. 정말 맛있었어요. 다음 주에는 부산에 여행을 갈 거예요.";
    const RUSSIAN: &str =
        "Вчера мы ходили в кино, а потом долго гуляли по набережной и разговаривали о будущем.";
    const GERMAN: &str = "Gestern waren wir im Kino und sind danach noch lange am Fluss spazieren gegangen; das war schön.";
    const EMOJI: &str = "that's amazing 😂😂 congrats!!! 🎉🥳 so happy for you ❤️";
    const CODE: &str = include_str!("recall.rs");

    /// The estimate over the real count, in hundredths. Printed, so that the figures in the documentation can be read off.
    #[rstest]
    #[case::english(ENGLISH, 100, 130)]
    #[case::chinese(CHINESE, 100, 170)]
    #[case::japanese(JAPANESE, 100, 190)]
    #[case::korean(KOREAN, 100, 190)]
    #[case::russian(RUSSIAN, 100, 280)]
    #[case::german(GERMAN, 100, 150)]
    #[case::emoji(EMOJI, 100, 200)]
    #[case::code(CODE, 100, 140)]
    fn the_estimate_is_not_below_a_real_tokenizer_and_not_far_above(
        #[case] text: &str,
        #[case] least: usize,
        #[case] most: usize,
    ) {
        let real = bpe_openai::o200k_base().count(text);
        let estimate = tokens(text);
        println!(
            "{estimate} estimated, {real} real: {:.2}",
            estimate as f64 / real as f64
        );
        let hundredths = estimate * 100 / real;
        assert!(
            (least..=most).contains(&hundredths),
            "{estimate} estimated, {real} real"
        );
    }

    #[test]
    fn nothing_takes_no_tokens() {
        assert_eq!(tokens(""), 0);
    }
}
