//! Words as people write them in a chat: contractions and slang written out, numbers as digits, and of each word whether it
//! stands with a capital and whether something is called its own.

/// A word of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// In lower case and written out; numbers in digits.
    pub(super) text: String,
    /// Whether it was written with a capital.
    pub(super) capital: bool,
    /// Whether all of it was written in capitals.
    pub(super) shouted: bool,
    /// Whether it ends with the `'s` of a possessor, or of "is": only what follows tells.
    pub(super) owner: bool,
}

/// What is written short, and what it stands for.
#[rustfmt::skip]
const SHORT: &[(&str, &str)] = &[
    ("im", "i am"), ("ive", "i have"), ("id", "i would"), ("cannot", "can not"), ("cant", "can not"), ("can't", "can not"), ("won't", "will not"),
    ("wont", "will not"), ("dont", "do not"), ("doesnt", "does not"), ("didnt", "did not"), ("isnt", "is not"), ("arent", "are not"),
    ("wasnt", "was not"), ("havent", "have not"), ("hasnt", "has not"), ("wouldnt", "would not"), ("couldnt", "could not"), ("shouldnt", "should not"),
    ("shan't", "shall not"), ("ain't", "have not"), ("aint", "have not"), ("dunno", "do not know"), ("gonna", "going to"), ("gunna", "going to"),
    ("wanna", "want to"), ("gotta", "have to"), ("gimme", "give me"), ("lemme", "let me"), ("kinda", "kind of"), ("sorta", "sort of"),
    ("cos", "because"), ("cuz", "because"), ("coz", "because"), ("bc", "because"), ("w/", "with"), ("w/o", "without"), ("2nite", "tonight"),
    ("tonite", "tonight"), ("2day", "today"), ("2moro", "tomorrow"), ("tmrw", "tomorrow"), ("tmr", "tomorrow"), ("tomoz", "tomorrow"),
    ("u", "you"), ("ur", "your"), ("ye", "you"), ("yer", "your"), ("r", "are"), ("rn", "now"), ("b4", "before"), ("bday", "birthday"), ("fav", "favourite"), ("fave", "favourite"),
    ("tho", "though"), ("thru", "through"), ("bf", "boyfriend"), ("gf", "girlfriend"), ("roomie", "roommate"), ("sis", "sister"), ("bro's", "brother's"),
    ("nahh", "nah"), ("nahhh", "nah"), ("me own", "my own"), ("min", "minute"), ("mins", "minutes"), ("hr", "hour"), ("hrs", "hours"), ("yr", "year"), ("yrs", "years"), ("uni", "university"),
    ("could've", "could have"), ("would've", "would have"), ("should've", "should have"), ("coulda", "could have"), ("woulda", "would have"),
    ("let's", "let us"), ("y'all", "you"), ("it's", "it is"), ("that's", "that is"), ("what's", "what is"), ("there's", "there is"),
    ("here's", "here is"), ("heres", "here is"), ("theres", "there is"), ("he's", "he is"), ("she's", "she is"), ("who's", "who is"), ("where's", "where is"), ("whats", "what is"),
    ("everyone's", "everyone is"), ("thats", "that is"), ("hes", "he is"), ("shes", "she is"), ("theyre", "they are"), ("youre", "you are"),
    ("tryna", "trying to"), ("finna", "going to"), ("imma", "i will"), ("ima", "i will"),
];
/// The ends of contractions.
const ENDS: &[(&str, &str)] = &[
    ("n't", "not"),
    ("'m", "am"),
    ("'re", "are"),
    ("'ve", "have"),
    ("'ll", "will"),
    ("'d", "would"),
];
#[rustfmt::skip]
const NUMBERS: &[(&str, u32)] = &[
    ("zero", 0), ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7), ("eight", 8), ("nine", 9), ("ten", 10),
    ("eleven", 11), ("twelve", 12), ("thirteen", 13), ("fourteen", 14), ("fifteen", 15), ("sixteen", 16), ("seventeen", 17), ("eighteen", 18),
    ("nineteen", 19), ("twenty", 20), ("thirty", 30), ("forty", 40), ("fourty", 40), ("fifty", 50), ("sixty", 60), ("seventy", 70), ("eighty", 80),
    ("ninety", 90),
];
#[rustfmt::skip]
const ORDINALS: &[(&str, u32)] = &[
    ("second", 2), ("third", 3), ("fourth", 4), ("fifth", 5), ("sixth", 6), ("seventh", 7), ("eighth", 8), ("ninth", 9), ("tenth", 10),
    ("eleventh", 11), ("twelfth", 12), ("thirteenth", 13), ("fourteenth", 14), ("fifteenth", 15), ("sixteenth", 16), ("seventeenth", 17),
    ("eighteenth", 18), ("nineteenth", 19), ("twentieth", 20), ("thirtieth", 30),
];

/// The words of a text, those of Chinese and Japanese left out.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = vec![];
    let text = text.replace(['’', '‘'], "'");
    for word in text.split(|c: char| !is_of_a_word(c)) {
        // "7-year" and "half-marathon" are two words, "one-eyed" is too.
        for part in word.split('-').filter(|part| !part.is_empty()) {
            push(&mut tokens, part);
        }
    }
    // The month, and not what may be.
    for at in 1..tokens.len() {
        let before = tokens[at - 1].text.as_str();
        let is_month = tokens[at].capital
            || matches!(
                before,
                "in" | "since" | "until" | "till" | "last" | "next" | "this" | "of" | "by"
            );
        if tokens[at].text == "may" && is_month {
            tokens[at].text = "maymonth".to_owned();
        }
    }
    joined_numbers(tokens)
}

fn is_of_a_word(c: char) -> bool {
    (c.is_alphanumeric() && !super::is_ideograph(c))
        || matches!(c, '\'' | '-' | ':' | ',' | '.' | '/' | '&')
}

fn push(tokens: &mut Vec<Token>, part: &str) {
    let part = match part {
        "w/" | "w/o" => part,
        _ => part.trim_matches(|c: char| !c.is_alphanumeric()),
    };
    // A stop or a comma inside belongs to a number, a time or an abbreviation.
    let is_number = part.starts_with(|c: char| c.is_ascii_digit());
    if !is_number && part.contains([':', ',', '.', '/']) && !part.starts_with("w/") {
        return part
            .split([':', ',', '.', '/'])
            .filter(|part| !part.is_empty())
            .for_each(|part| push(tokens, part));
    }
    if part.is_empty() {
        return;
    }
    let lower = part.to_lowercase();
    let capital = part.starts_with(char::is_uppercase);
    let shouted = part.chars().count() > 2 && part.chars().all(|c| !c.is_lowercase());
    let mut add = |text: &str, owner: bool| {
        tokens.push(Token {
            text: number(text),
            capital,
            shouted,
            owner,
        });
    };
    if let Some((_, long)) = SHORT.iter().find(|(short, _)| *short == lower) {
        return long.split(' ').for_each(|word| add(word, false));
    }
    if let Some((bare, end)) = ENDS
        .iter()
        .find_map(|(end, long)| Some((lower.strip_suffix(end)?, long)))
    {
        add(if bare == "ca" { "can" } else { bare }, false);
        return add(end, false);
    }
    match lower
        .strip_suffix("'s")
        .or_else(|| lower.strip_suffix("s'").filter(|bare| bare.len() > 2))
    {
        Some(bare) => add(bare, true),
        None => add(&lower, false),
    }
}

/// A number in digits, without signs between thousands.
fn number(word: &str) -> String {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let plain = word.replace(',', "");
        let (digits, rest) = plain.split_at(
            plain
                .find(|c: char| c.is_alphabetic())
                .unwrap_or(plain.len()),
        );
        return match rest {
            "k" if digits.parse::<u32>().is_ok() => format!("{digits}000"),
            "st" | "nd" | "rd" | "th" => format!("{digits}th"),
            _ => plain,
        };
    }
    let find = |all: &[(&str, u32)]| all.iter().find(|(name, _)| *name == word).map(|(_, n)| *n);
    if let Some(number) = find(NUMBERS) {
        return number.to_string();
    }
    match find(ORDINALS) {
        Some(number) => format!("{number}th"),
        None => word.to_owned(),
    }
}

/// "twenty one" as 21, "two hundred" as 200.
fn joined_numbers(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = vec![];
    for token in tokens {
        let last = joined.last().and_then(|last| last.text.parse::<u64>().ok());
        let next = match (last, token.text.as_str()) {
            (Some(n), "hundred") if n < 100 => Some(n * 100),
            (Some(n), "thousand") if n < 1_000 => Some(n * 1_000),
            (Some(tens @ 20..=90), ones) if tens % 10 == 0 => ones
                .parse::<u64>()
                .ok()
                .filter(|ones| (1..=9).contains(ones))
                .map(|ones| tens + ones),
            _ => None,
        };
        match (next, joined.last_mut()) {
            (Some(next), Some(last)) => last.text = next.to_string(),
            _ => joined.push(token),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let words: Vec<String> = tokens(text).into_iter().map(|token| token.text).collect();
        words.join(" ")
    }

    #[test]
    fn what_is_written_short_is_written_out() {
        for (short, long) in [
            ("I can't, won't and don't", "i can not will not and do not"),
            ("we've got a cat", "we have got a cat"),
            ("dunno, gonna see", "do not know going to see"),
            ("my mum's cat", "my mum cat"),
            ("two hundred and twenty-one", "200 and 21"),
            (
                "240,000 km at 7:40 on the 7th floor",
                "240000 km at 7:40 on the 7th floor",
            ),
            ("the seventh", "the 7th"),
            ("w/ 3.5 kg", "with 3.5 kg"),
        ] {
            assert_eq!(words(short), long, "{short}");
        }
    }
}
