//! Verbs: the forms of those that the stemmer does not know, and the time that a clause speaks of.

use super::spoken::Token;

/// Verbs by their infinitive, their past and their participle.
#[rustfmt::skip]
const IRREGULAR: &[(&str, &[&str])] = &[
    ("go", &["goes", "going", "went", "gone"]), ("get", &["gets", "getting", "got", "gotten"]), ("buy", &["bought"]), ("bring", &["brought"]),
    ("think", &["thought"]), ("teach", &["taught"]), ("catch", &["caught"]), ("take", &["took", "taken", "taking"]), ("make", &["made", "making"]),
    ("give", &["gave", "given", "giving"]), ("come", &["came", "coming"]), ("become", &["became", "becoming"]), ("run", &["ran", "running"]),
    ("swim", &["swam", "swum", "swimming"]), ("sing", &["sang", "sung"]), ("drink", &["drank", "drunk"]), ("begin", &["began", "begun", "beginning"]),
    ("drive", &["drove", "driven", "driving"]), ("write", &["wrote", "written", "writing"]), ("ride", &["rode", "ridden", "riding"]),
    ("eat", &["ate", "eaten"]), ("see", &["saw", "seen"]), ("know", &["knew", "known"]), ("grow", &["grew", "grown"]), ("fly", &["flew", "flown", "flies"]),
    ("draw", &["drew", "drawn"]), ("throw", &["threw", "thrown"]), ("speak", &["spoke", "spoken"]), ("break", &["broke", "broken"]),
    ("steal", &["stole", "stolen"]), ("wear", &["wore", "worn"]), ("tell", &["told"]), ("sell", &["sold"]), ("sleep", &["slept"]),
    ("keep", &["kept"]), ("leave", &["left", "leaving"]), ("feel", &["felt"]), ("meet", &["met"]), ("feed", &["fed"]), ("read", &["reading"]),
    ("lead", &["led"]), ("sit", &["sat", "sitting"]), ("win", &["won", "winning"]), ("hold", &["held"]), ("stand", &["stood"]), ("find", &["found"]),
    ("build", &["built"]), ("send", &["sent"]), ("spend", &["spent"]), ("lose", &["lost", "losing"]), ("learn", &["learnt"]), ("pay", &["paid"]),
    ("say", &["said"]), ("fall", &["fell", "fallen"]), ("forget", &["forgot", "forgotten"]), ("choose", &["chose", "chosen"]), ("hear", &["heard"]),
    ("do", &["did", "done", "does", "doing"]), ("lie", &["lay", "lain", "lying"]), ("hurt", &[]), ("cut", &["cutting"]), ("put", &["putting"]),
    ("quit", &["quitting"]), ("knit", &["knitting", "knitted"]), ("dig", &["dug"]), ("shoot", &["shot"]), ("bake", &["baking"]), ("have", &["has", "had", "having"]),
    ("woman", &["women"]), ("man", &["men"]), ("child", &["children"]), ("foot", &["feet"]), ("tooth", &["teeth"]), ("mouse", &["mice"]), ("goose", &["geese"]),
    ("person", &["people"]), ("wife", &["wives"]), ("knife", &["knives"]), ("leaf", &["leaves"]), ("wolf", &["wolves"]), ("shelf", &["shelves"]),
];
/// Their pasts that are not also participles or nouns of another meaning.
#[rustfmt::skip]
const PASTS: &[&str] = &[
    "was", "were", "had", "did", "went", "got", "bought", "brought", "thought", "taught", "caught", "took", "made", "gave", "came", "became", "ran", "swam",
    "sang", "drank", "began", "drove", "wrote", "rode", "ate", "saw", "knew", "grew", "flew", "drew", "threw", "spoke", "broke", "stole", "wore", "told",
    "sold", "slept", "kept", "left", "felt", "met", "fed", "led", "sat", "won", "held", "stood", "found", "built", "sent", "spent", "lost", "paid", "said",
    "fell", "forgot", "chose", "heard", "dug", "quit",
];
/// What one has done is still so: who moved to Porto lives there.
#[rustfmt::skip]
const CHANGES: &[&str] = &[
    "moved", "bought", "got", "adopted", "joined", "started", "became", "began", "signed", "married", "learned", "learnt", "inherited", "took",
    "named", "called", "built", "painted", "made", "planted", "retired", "graduated", "engaged", "born", "raised", "based", "settled", "relocated", "switched",
    "booked", "booking",
];
/// Words in -ed that are no past of a verb.
#[rustfmt::skip]
const NO_PASTS: &[&str] = &["need", "feed", "seed", "weed", "speed", "red", "bed", "shed", "sled", "indeed", "allowed", "interested", "tired", "scared", "bored", "married", "named",
    "called", "used", "obsessed", "addicted", "excited", "worried", "divorced", "engaged", "booked", "supposed", "hundred", "sacred", "eyed", "retired", "based", "excepted", "fixed", "covered", "stuck", "colored", "coloured"];

/// A word without its form.
pub(super) fn lemma(word: &str) -> &str {
    IRREGULAR
        .iter()
        .find(|(_, forms)| forms.contains(&word))
        .map_or(word, |(lemma, _)| lemma)
}

/// When it is, of what a clause tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// It has no verb.
    Open,
    Present,
    /// It happened; of some things that makes them so.
    Past,
    /// It was so, and is no longer.
    Over,
    /// It is wanted, planned or to come.
    Plan,
    /// It was planned then.
    OldPlan,
}

/// The time of which the words of a clause speak.
pub(super) fn time(tokens: &[Token]) -> Time {
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let has = |word: &str| words.contains(&word);
    let pair = |one: &str, two: &str| words.windows(2).any(|two_words| two_words == [one, two]);
    let any = |all: &[&str]| words.iter().any(|word| all.contains(word));
    let is_past = any(&["was", "were", "had"]);
    let is_ed = |word: &&str| word.len() > 4 && word.ends_with("ed") && !NO_PASTS.contains(word);
    let has_past = is_past || any(PASTS) || words.iter().any(is_ed);
    if (is_past && (pair("going", "to") || pair("supposed", "to") || pair("about", "to")))
        || any(&["wanted", "planned", "hoped", "meant"])
        || (has("would") && pair("have", "loved"))
    {
        return Time::OldPlan;
    }
    let is_used_to = words.windows(2).enumerate().any(|(at, two)| {
        two == ["used", "to"]
            && (at == 0
                || !matches!(
                    words[at - 1],
                    "am" | "are" | "is" | "get" | "got" | "getting"
                ))
    });
    if is_used_to
        || pair("no", "longer")
        || has("formerly")
        || (has_past && words.last() == Some(&"before"))
        || has("ex")
        || pair("growing", "up")
        || pair("days", "of")
        || (is_past && (has("till") || has("until")))
        || pair("back", "when")
        || pair("back", "then")
        || (any(&["anymore"]) && !has("not") && !has("never"))
        || (is_past
            && any(&[
                "kid", "child", "young", "younger", "little", "once", "teenager", "student",
                "before",
            ]))
    {
        return Time::Over;
    }
    if any(&[
        "will",
        "want",
        "wants",
        "plan",
        "plans",
        "planning",
        "hope",
        "hopes",
        "hoping",
        "intend",
        "intends",
        "wanna",
        "shall",
        "someday",
        "considering",
    ]) || pair("going", "to") && !pair("to", "the") && any(&["am", "are", "is", "going"])
        || pair("saving", "for")
        || pair("would", "like")
        || pair("would", "love")
        || pair("looking", "forward")
        || (words.len() <= 4 && words.last() == Some(&"next"))
    {
        return Time::Plan;
    }
    if any(&[
        "am", "is", "are", "have", "has", "do", "does", "can", "been",
    ]) {
        return Time::Present;
    }
    match has_past {
        true => Time::Past,
        false => Time::Open,
    }
}

/// Whether a clause tells of a change that lasts.
pub(super) fn is_change(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .any(|token| CHANGES.contains(&token.text.as_str()))
}

/// Whether a word is a verb for sure.
pub(super) fn is_plainly_a_verb(word: &str) -> bool {
    let nouns = [
        "woman", "man", "child", "foot", "tooth", "mouse", "goose", "person", "wife", "knife",
        "leaf", "wolf", "shelf", "cut", "drink", "lie",
    ];
    is_auxiliary(word)
        || PASTS.contains(&word)
        || IRREGULAR.iter().any(|(lemma, forms)| {
            (*lemma == word || forms.contains(&word)) && !nouns.contains(lemma)
        })
        || (word.len() > 4 && word.ends_with("ed") && !NO_PASTS.contains(&word))
}

fn is_auxiliary(word: &str) -> bool {
    matches!(
        word,
        "am" | "is"
            | "are"
            | "was"
            | "were"
            | "have"
            | "has"
            | "had"
            | "do"
            | "does"
            | "did"
            | "will"
            | "would"
            | "can"
            | "could"
            | "may"
            | "might"
            | "should"
    )
}

/// Whether a word has the look of a finite verb.
pub(super) fn is_verb(word: &str) -> bool {
    is_auxiliary(word)
        || PASTS.contains(&word)
        || IRREGULAR.iter().any(|(lemma, _)| *lemma == word)
        || (word.len() > 3
            && (word.ends_with("ed") || (word.ends_with('s') && !word.ends_with("ss"))))
}
