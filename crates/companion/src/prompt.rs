//! Gathers a prompt's ingredients, each cut to its share, and has them composed.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use memory::Oneself;
use persona::card::{Card, Examples, Speaker};
use persona::lorebook::Why;
use persona::{Part, Scene, frame, macros};
use provider::Request;
use safety::language::{self, Language};
use store::reports::{Fired, Section, Source};

use crate::compose::{Composed, Ingredients, Line, Phrases, Said, Told, compose};
use crate::gate;
use crate::house::{House, Model};
use crate::ladder::{Context, Rung};
use crate::recall::{Brought, Past};
use crate::reply::Reply;

/// A model with a smaller context window is a small model, as most are that people run on their own machines, and recites
/// what stands last before the message. It is reminded of its voice in the system prompt instead.
const SMALL_WINDOW: u32 = 4096;

/// A request, and how much of the message is in it.
pub(crate) struct Prepared {
    pub(crate) request: Request,
    /// Characters of the message that were read, where it was too long to be read whole.
    pub(crate) read_in_part: Option<usize>,
    /// What the persona has of its own in it, for whoever compares its answer with the rest.
    pub(crate) own: String,
    /// What its sections take.
    pub(crate) sections: Vec<Section>,
    /// Numbers of the first and last turn that it holds.
    pub(crate) window: Option<(i64, i64)>,
    /// Whether what somebody told stands beside their question, for an answer that says it again.
    pub(crate) retells: bool,
}

/// The request to a model, in the form that a rung of the ladder gives it.
pub(crate) fn prepare(
    house: &House,
    reply: &Reply<'_>,
    past: &Past,
    model: &Model,
    rung: Rung,
) -> Prepared {
    let (message, card) = (reply.message, &reply.persona.card);
    let words = message.words();
    let shares = model.shares(house).lending(memory::tokens(&words));
    let (text, read_in_part) = fit(&words, shares.message);
    let shares = shares.at(rung.context);
    let author = &message.author;
    let person = past.names().of(author.id, author.called());
    let scene = scene(house, reply, &person);

    let language = past.language(&words);
    let examples = match past.language_of_all(&words) {
        Language::Chinese => card.examples_in("zh"),
        Language::English => card.examples_in("en"),
        Language::Unclear => card.examples(),
    };
    let gate = safety::age::gate(gate::age_place(message), house.manner.allow_age_restricted);
    let safety_frame = safety::frame::frame(gate);
    let about_oneself = Phrases::of_card(card).about_oneself();
    let share = shares
        .frame
        .saturating_sub(house_share(card, &examples, safety_frame, &person));
    let sections = frame::frame(card, &examples, &scene);
    let (shown, persona): (Vec<_>, Vec<_>) = frame::fit(sections, share, &memory::tokens)
        .into_iter()
        .partition(|section| section.part == Part::Example);
    let examples = spoken(examples, shown.len(), &scene);
    let persona: Vec<String> = persona.into_iter().map(|section| section.text).collect();

    let mut scanned: Vec<&str> = past.texts().collect();
    scanned.push(&words);
    let lore_share = if rung.context == Context::Lean {
        0
    } else {
        shares.lore
    };
    // What is known of people has half of the share at least, where there is so much.
    let wanted = past.known(lore_share / 2);
    let (constant_lore, mut lore) = lore(
        reply,
        &scanned,
        lore_share.saturating_sub(wanted.tokens()),
        &scene,
    );
    if past.asks().is_certain() || memory::is_about_mine(&words) {
        // The persona's gull is no answer to whoever asks for their own.
        lore.clear();
    }
    let known = past.known(lore_share.saturating_sub(sum(&constant_lore)));
    let phrases = Phrases::of(language);
    let is_local = model.provider.terms().local;
    let recalled_share = shares.recalled_by(&words).saturating_sub(sum(&lore));
    let bring = |share| past.brought(&phrases, &known, share, (card.called(), is_local));
    let mut brought = bring(recalled_share);
    let retells = !brought.told.is_empty();
    let mut again = match past.asks() {
        // Whoever asks for everything is told of nothing that is only an example.
        Oneself::Everything => vec![],
        _ if is_local && retells => memory_in_use(&examples, language),
        _ => vec![],
    };
    if !again.is_empty() {
        // It takes the place of what else is recalled, and of nothing that was told.
        let taken = again.iter().map(Said::tokens).sum();
        let less = bring(recalled_share.saturating_sub(taken));
        match less.told == brought.told {
            true => brought = less,
            false => again.clear(),
        }
    }
    let Brought { told, recalled } = brought;
    let is_alike = language == Language::Unclear || phrases.are_of(card);
    let guidance = guidance(&phrases, is_alike, rung, (card.called(), &person, &words));

    let mut frame_texts = vec![
        persona.join("\n\n"),
        safety_frame.to_owned(),
        about_oneself.to_owned(),
    ];
    let mut reminder = Some(frame::post_history(card, &scene));
    let terms = model.provider.terms();
    if terms.local || terms.context_window < SMALL_WINDOW {
        frame_texts.extend(reminder.take());
    }
    let own = own(
        &frame_texts,
        &reminder,
        &examples,
        [&constant_lore, &lore],
        &person,
    );
    let recent = past.recent(shares.recent, is_local.then_some(&examples));
    let parts = Ingredients {
        frame: frame_texts,
        constant_lore,
        examples,
        recent,
        summary: known.summary,
        facts: known.facts,
        again,
        told,
        recalled,
        lore,
        reminder,
        guidance,
        phrases,
        has_marks: past.has_marks(&person),
        person: person.clone(),
        text: with_attachments(text, reply),
        names: message.guild.is_some(),
    };
    let Composed {
        request,
        sections,
        window,
    } = compose(parts, shares);
    Prepared {
        request: Request {
            cap: rung.cap,
            ..request
        },
        read_in_part,
        own,
        sections,
        window,
        retells,
    }
}

/// What the house's own sentences take of the frame's share.
fn house_share(card: &Card, examples: &Examples, safety_frame: &str, person: &str) -> usize {
    let told = told_before(examples, person);
    memory::tokens(safety_frame)
        + memory::tokens(Phrases::of_card(card).about_oneself())
        + told.map_or(0, |told| memory::tokens(told.text()))
}

/// What the person of an example told the persona before, as it stands beside the example.
fn told_before(examples: &Examples, person: &str) -> Option<Told> {
    let told = examples.told.as_ref()?;
    Some(Phrases::of(language::of(told)).told_in_example(person, told))
}

/// What to do with this message in particular; `is_alike` where it is in a language that the card speaks.
fn guidance(
    phrases: &Phrases,
    is_alike: bool,
    rung: Rung,
    (persona, person, words): (&str, &str, &str),
) -> Vec<String> {
    let claims = memory::claims_the_past(words).then(|| phrases.doubt(person));
    let brief = rung.brief.then(|| phrases.brief().to_owned());
    let alike = (!is_alike).then(|| phrases.answer_alike(persona));
    claims.into_iter().chain(brief).chain(alike).collect()
}

/// What the persona has of its own in a prompt, and how it calls whom it answers.
fn own(
    frame: &[String],
    reminder: &Option<String>,
    examples: &[Said],
    lore: [&Vec<Line>; 2],
    person: &str,
) -> String {
    let frame = frame.iter().chain(reminder).map(String::as_str);
    let examples = examples.iter().map(|said| said.text.as_str());
    let lore = lore.into_iter().flatten().map(|line| line.text.as_str());
    let all = frame.chain(examples).chain(lore).chain([person]);
    all.collect::<Vec<_>>().join("\n")
}

/// About how many tokens lines take together.
fn sum(lines: &[Line]) -> usize {
    lines.iter().map(Line::tokens).sum()
}

/// The first example dialogues as turns; as many as the frame's share had room for. Before the one in which its person asks
/// about themselves stands what they told earlier, if the card says so: that is how a memory stands beside a question.
fn spoken(examples: Examples, count: usize, scene: &Scene<'_>) -> Vec<Said> {
    let mut told = told_before(&examples, scene.person);
    let lines = examples
        .dialogues
        .into_iter()
        .take(count)
        .flat_map(|dialogue| dialogue.lines);
    lines
        .filter_map(|line| {
            let by = match line.speaker {
                Speaker::Person => Some(scene.person.to_owned()),
                Speaker::Persona => None,
                // A stage direction between examples is nobody's turn.
                Speaker::Nobody => return None,
            };
            let text = macros::expand(&line.text, scene);
            let asks = by.is_some() && memory::asks_of_oneself(&text).is_certain();
            Some(Said {
                by,
                told: if asks { told.take() } else { None },
                text,
                number: None,
            })
        })
        .collect()
}

/// The example in which what somebody told before is used, and the answer to it, where they are in the language of the message.
/// After a long talk a small model does as it did last; what it is shown right before the question, it does too. Not in
/// Chinese: a model of 1.5B used what it was told there in 44 of 72 answers with it, and in 48 without.
fn memory_in_use(examples: &[Said], language: Language) -> Vec<Said> {
    let is_used = |said: &Said| matches!(said.told, Some(Told::Before(_)));
    let shown = examples.iter().position(is_used);
    let used = shown.and_then(|at| examples.get(at..at + 2));
    let used = used.filter(|used| used[1].by.is_none() && language::of(&used[1].text) == language);
    used.map(<[Said]>::to_vec).unwrap_or_default()
}

/// Constant lore, and the lore that the conversation brought up.
fn lore(
    reply: &Reply<'_>,
    scanned: &[&str],
    share: usize,
    scene: &Scene<'_>,
) -> (Vec<Line>, Vec<Line>) {
    let Some(book) = reply.persona.card.lorebook().filter(|_| share > 0) else {
        return Default::default();
    };
    let fired = book.triggered(scanned, &memory::tokens, share);
    let (constant, triggered): (Vec<_>, Vec<_>) = fired
        .into_iter()
        .partition(|fired| fired.why == Why::Constant);
    let lines = |all: Vec<persona::Fired<'_>>| -> Vec<Line> {
        all.iter()
            .map(|fired| Line {
                text: macros::expand(fired.entry.content(), scene),
                source: Some(source(fired)),
            })
            .collect()
    };
    (lines(constant), lines(triggered))
}

fn source(fired: &persona::Fired<'_>) -> Source {
    Source::Lore {
        entry: u32::try_from(fired.entry.index()).unwrap_or(u32::MAX),
        because: match &fired.why {
            Why::Constant | Why::Activated => Fired::Always,
            Why::Key { back, .. } => Fired::Key(u32::try_from(*back).unwrap_or(u32::MAX)),
            Why::Lore { .. } => Fired::Lore,
        },
    }
}

/// What macros stand for. It changes with the person and the conversation, not with each message, so that the prompt's
/// beginning stays the same.
fn scene<'a>(house: &House, reply: &'a Reply<'_>, person: &'a str) -> Scene<'a> {
    let mut conversation = DefaultHasher::new();
    reply.scope().hash(&mut conversation);
    let conversation = conversation.finish();
    Scene {
        persona: reply.persona.card.called(),
        person,
        now: house
            .clock
            .now()
            .with_timezone(&house.manner.zone)
            .naive_local(),
        seed: conversation,
        conversation,
    }
}

/// The beginning of a text that fits a share, and its length in characters where that is not the whole.
fn fit(text: &str, share: usize) -> (String, Option<usize>) {
    if memory::tokens(text) <= share {
        return (text.to_owned(), None);
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    // The longest beginning that fits: token counts grow with the text.
    let kept = ends
        .partition_point(|&end| memory::tokens(&text[..end]) <= share)
        .saturating_sub(1);
    (
        text[..ends.get(kept).copied().unwrap_or(0)].to_owned(),
        Some(kept),
    )
}

/// The text, with a word about files that came along, which no model here can see.
fn with_attachments(text: String, reply: &Reply<'_>) -> String {
    let files: Vec<String> = reply
        .message
        .attachments
        .iter()
        .map(|file| match &file.description {
            Some(description) => format!("{} ({description})", file.filename),
            None => file.filename.clone(),
        })
        .collect();
    match files.is_empty() {
        true => text,
        false => format!(
            "{text}\n[attached, and not visible to you: {}]",
            files.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `prompt.frame` by default.
    const FRAME: usize = 700;

    #[test]
    fn each_bundled_persona_shows_a_memory_in_use_and_no_example_is_cut() {
        for bundled in persona::bundled::all() {
            let (card, slug) = (&bundled.card, bundled.slug);
            let scene = Scene {
                persona: card.called(),
                person: "Ada",
                now: Default::default(),
                seed: 0,
                conversation: 0,
            };
            let safety_frame = safety::frame::frame(safety::age::AgeGate::Everyone);
            for examples in [card.examples(), card.examples_in("zh")] {
                let share = FRAME - house_share(card, &examples, safety_frame, "Ada");
                let sections = frame::frame(card, &examples, &scene);
                let sections = frame::fit(sections, share, &memory::tokens);
                let shown = sections
                    .iter()
                    .filter(|section| section.part == Part::Example);
                let all = examples.dialogues.len();
                assert_eq!(shown.count(), all, "{slug}");
                let examples = spoken(examples, all, &scene);
                let told = examples.iter().filter(|said| said.told.is_some());
                assert_eq!(told.count(), 1, "{slug}");
            }
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_how_much_was_read() {
        let text = "猫 and dog, ".repeat(500);
        let (kept, characters) = fit(&text, 300);
        assert!(memory::tokens(&kept) <= 300);
        assert_eq!(characters, Some(kept.chars().count()));
        assert!(kept.chars().count() > 100, "{kept}");
        assert!(text.starts_with(&kept));
    }

    #[test]
    fn a_short_text_is_read_whole() {
        assert_eq!(fit("hello", 200), ("hello".into(), None));
    }
}
