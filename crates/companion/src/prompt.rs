//! Gathers a prompt's ingredients, each cut to its share, and has them composed.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use persona::card::Speaker;
use persona::lorebook::Why;
use persona::{Part, Scene, frame, macros};
use provider::Request;
use store::reports::{Fired, Section, Source};

use crate::compose::{Composed, Ingredients, Line, Said, compose};
use crate::gate;
use crate::house::{House, Model};
use crate::ladder::{Context, Rung};
use crate::recall::Past;
use crate::reply::Reply;

/// A model with a smaller context window is a small model, and recites what stands last before the message. It is
/// reminded of its voice in the system prompt instead.
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
    /// Numbers of the first and last turn that it holds word for word.
    pub(crate) window: Option<(i64, i64)>,
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

    let gate = safety::age::gate(gate::age_place(message), house.manner.allow_age_restricted);
    let safety_frame = safety::frame::frame(gate);
    let share = shares.frame.saturating_sub(memory::tokens(safety_frame));
    let sections = frame::fit(frame::frame(card, &scene), share, &memory::tokens);
    let (examples, persona): (Vec<_>, Vec<_>) = sections
        .into_iter()
        .partition(|section| section.part == Part::Example);
    let examples = spoken(reply, examples.len(), &scene);
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
    let (constant_lore, lore) = lore(
        reply,
        &scanned,
        lore_share.saturating_sub(wanted.tokens()),
        &scene,
    );
    let known = past.known(lore_share.saturating_sub(sum(&constant_lore)));
    let recalled_share = shares.recalled_by(&words).saturating_sub(sum(&lore));
    let facts = past.brought_up(&known, recalled_share / 2);
    let left = recalled_share.saturating_sub(sum(&facts.lines));
    let mut recalled = past.recalled(left, card.called(), &facts.told);
    recalled.splice(..0, facts.lines);

    let mut frame_texts = vec![persona.join("\n\n"), safety_frame.to_owned()];
    let mut reminder = Some(frame::post_history(card, &scene));
    if model.provider.terms().context_window < SMALL_WINDOW {
        frame_texts.extend(reminder.take());
    }
    let own = own(
        &frame_texts,
        &reminder,
        &examples,
        [&constant_lore, &lore],
        &person,
    );
    let parts = Ingredients {
        frame: frame_texts,
        constant_lore,
        examples,
        recent: past.recent(shares.recent),
        summary: known.summary,
        facts: known.facts,
        recalled,
        lore,
        reminder,
        brief: rung.brief,
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
    }
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

/// The card's first example dialogues as turns; as many as the frame's share had room for.
fn spoken(reply: &Reply<'_>, count: usize, scene: &Scene<'_>) -> Vec<Said> {
    let lines = reply
        .persona
        .card
        .dialogues()
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
            Some(Said {
                by,
                text: macros::expand(&line.text, scene),
                number: None,
            })
        })
        .collect()
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
