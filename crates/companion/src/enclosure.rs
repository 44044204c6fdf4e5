//! What a message holds besides its own words and its files: a forward, a sticker, a poll, a preview, a voice message.
//!
//! Each is one line of text, the same wherever the message is read: in the prompt, in memory, after an edit. A line begins
//! with a mark of its kind, so that memory does not take another's words for the person's own.

/// The most characters of a preview's description; it is a hint, not the page.
const DESCRIPTION: usize = 200;

/// Something that came along with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enclosure {
    /// A message that was said elsewhere. Discord does not tell by whom.
    Forward {
        /// Its words.
        text: String,
        /// What came along with it: names of its files, its stickers, its previews.
        along: Vec<String>,
    },
    /// A sticker, by its name.
    Sticker(String),
    /// A poll.
    Poll {
        /// What is asked.
        question: String,
        /// What can be answered.
        answers: Vec<String>,
    },
    /// What Discord shows of a link, or what a program wrote into a frame.
    Embed {
        /// Whose it says that it is; may be empty.
        by: String,
        /// Its title.
        title: String,
        /// The beginning of its text.
        description: String,
        /// Its fields, each with its name.
        fields: Vec<String>,
        /// Whether the message's author wrote it; Discord adds previews later, so only what was written is remembered.
        authored: bool,
    },
    /// An invitation into a game or something else that people do together, by its name.
    Invitation(String),
    /// A voice message.
    Voice {
        /// How long it is, in seconds.
        seconds: u64,
    },
}

impl Enclosure {
    /// It as one line of text.
    pub fn line(&self) -> String {
        let line = match self {
            Self::Forward { text, along } => {
                let along = along.iter().map(|one| format!("[{one}]"));
                let parts: Vec<String> = std::iter::once(text.clone())
                    .filter(|text| !text.trim().is_empty())
                    .chain(along)
                    .collect();
                format!("(forwards: {})", parts.join(" "))
            }
            Self::Sticker(name) => format!("[sticker: {name}]"),
            Self::Poll { question, answers } => {
                format!("[poll: {question} Answers: {}]", answers.join(" / "))
            }
            Self::Embed {
                by,
                title,
                description,
                fields,
                ..
            } => {
                let fields = shortened(&fields.join("; "));
                let head = joined(&[by, title, description]);
                format!("[preview: {}]", joined(&[&shortened(&head), &fields]))
            }
            Self::Invitation(name) => format!("[invitation: {name}]"),
            Self::Voice { seconds } => {
                format!("[voice message, {seconds} s, which you cannot hear]")
            }
        };
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether it stays the same as long as its message is not edited.
    pub fn lasts(&self) -> bool {
        !matches!(
            self,
            Self::Embed {
                authored: false,
                ..
            }
        )
    }

    /// Whether there is something in it that can be answered.
    pub fn can_be_read(&self) -> bool {
        match self {
            Self::Voice { .. } => false,
            Self::Forward { text, along } => {
                !text.trim().is_empty() || along.iter().any(|one| !one.starts_with(FILE))
            }
            _ => true,
        }
    }
}

/// Begins the note of a file that a forward carries.
pub const FILE: &str = "file: ";

/// The parts that are not empty.
fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" – ")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(DESCRIPTION) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_one_line_that_says_what_it_is() {
        let forward = Enclosure::Forward {
            text: "the ferry\nleaves at nine".into(),
            along: vec!["file: map.png".into(), "sticker: Wave".into()],
        };
        assert_eq!(
            forward.line(),
            "(forwards: the ferry leaves at nine [file: map.png] [sticker: Wave])"
        );
        let poll = Enclosure::Poll {
            question: "Where to?".into(),
            answers: vec!["Oslo".into(), "Porto".into()],
        };
        assert_eq!(poll.line(), "[poll: Where to? Answers: Oslo / Porto]");
        assert_eq!(Enclosure::Sticker("Wave".into()).line(), "[sticker: Wave]");
    }

    #[test]
    fn a_preview_is_short_and_is_not_remembered() {
        let preview = Enclosure::Embed {
            by: String::new(),
            fields: vec![],
            title: "Volcano erupts".into(),
            description: "灰".repeat(500),
            authored: false,
        };
        assert!(!preview.lasts());
        assert!(preview.line().chars().count() < DESCRIPTION + 20);
        assert!(preview.line().starts_with("[preview: Volcano erupts – 灰"));
    }

    #[test]
    fn the_fields_of_a_frame_are_told_whatever_stands_above_them() {
        let frame = Enclosure::Embed {
            by: "Weather".into(),
            title: "Tonight".into(),
            description: "雨".repeat(500),
            fields: vec!["Wind: north".into(), "x".repeat(500)],
            authored: true,
        };
        let line = frame.line();
        assert!(
            line.starts_with("[preview: Weather – Tonight – 雨"),
            "{line}"
        );
        assert!(line.contains("… – Wind: north; x"), "{line}");
        assert!(line.chars().count() < 2 * DESCRIPTION + 20);
    }

    #[test]
    fn what_holds_nothing_but_sound_and_files_cannot_be_read() {
        assert!(!Enclosure::Voice { seconds: 3 }.can_be_read());
        let of_a_picture = Enclosure::Forward {
            text: String::new(),
            along: vec!["file: a.png".into()],
        };
        assert!(!of_a_picture.can_be_read());
        assert!(Enclosure::Sticker("Wave".into()).can_be_read());
    }
}
