//! Character cards, versions 1, 2 and 3, from JSON and from PNG.
//!
//! A card is read tolerantly and kept exactly: next to the typed fields stand the bytes it came as, so that what is exported
//! unchanged is byte for byte what was imported, with every field this program has never heard of.
//!
//! Version 3 says that a program should not use `system_prompt`, `first_mes` and a few more from a V3 card, and lists the
//! same fields as part of it. Every editor fills them and every reader uses them, and so does this one.

mod backfill;
mod definition;
mod dialogue;
mod error;
mod examples;
mod export;
pub(crate) mod field;
mod form;
mod notes;
mod png;
mod restriction;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::lorebook::Lorebook;
use crate::name;
use definition::Definition;
use field::Object;

pub use dialogue::{Dialogue, Line, Speaker};
pub use error::CardError;
pub use examples::Examples;
pub use form::Form;

/// The largest file that is read as a card. Discord's own limit for attachments is 10 MiB without a paid plan.
pub const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;

/// The largest JSON text of a card. Some carry pictures inside their text.
pub const MAX_CARD_BYTES: usize = 8 * 1024 * 1024;

/// A picture or other file that belongs to the character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// What it is for: `icon`, `background`, `emotion`, `user_icon` or something of one's own.
    pub kind: String,
    /// Where it is: `ccdefault:`, `embeded://…`, an address or a data URL.
    pub uri: String,
    /// Its name, `main` for the main one.
    pub name: String,
    /// Its file extension.
    pub ext: String,
}

/// A character card.
#[derive(Clone)]
pub struct Card {
    form: Form,
    newer: bool,
    /// The JSON as it came.
    json: Arc<[u8]>,
    /// The JSON as a tree, in the order of its keys.
    root: Arc<Value>,
    /// The PNG it came in.
    picture: Option<Arc<[u8]>>,
    book: Option<Arc<Lorebook>>,
    fields: Arc<Definition>,
}

impl Card {
    /// Reads a card from a file, PNG or JSON.
    ///
    /// # Errors
    /// If the file holds no card that this program can read; the error says what the person can do.
    pub fn read(file: &[u8]) -> Result<Self, CardError> {
        if file.len() > MAX_FILE_BYTES {
            return Err(CardError::FileTooLarge { bytes: file.len() });
        }
        if file.starts_with(&png::SIGNATURE) {
            return Self::from_png(file);
        }
        match file {
            [] => Err(CardError::Empty),
            [0xFF, 0xD8, 0xFF, ..] => Err(CardError::OtherPicture { format: "JPEG" }),
            [b'G', b'I', b'F', b'8', ..] => Err(CardError::OtherPicture { format: "GIF" }),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Err(CardError::OtherPicture { format: "WebP" }),
            [b'P', b'K', 3, 4, ..] => Err(CardError::Archive),
            _ => Self::from_json(file),
        }
    }

    /// Reads a card from JSON.
    ///
    /// # Errors
    /// See [`Card::read`].
    pub fn from_json(json: &[u8]) -> Result<Self, CardError> {
        if json.len() > MAX_CARD_BYTES {
            return Err(CardError::CardTooLarge);
        }
        let text = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
        if text.trim_ascii().is_empty() {
            return Err(CardError::Empty);
        }
        let root: Value = serde_json::from_slice(text).map_err(|error| CardError::NotJson {
            line: error.line(),
            column: error.column(),
        })?;
        let top = root.as_object().ok_or(CardError::NotAnObject)?;
        let (form, newer) = form::of(top)?;
        let definition = form::definition(top, form);
        let fields = Arc::new(Definition::read(definition));
        let book = definition
            .get("character_book")
            .and_then(Lorebook::from_json)
            .map(Arc::new);
        Ok(Self {
            form,
            newer,
            json: json.into(),
            root: Arc::new(root),
            picture: None,
            book,
            fields,
        })
    }

    /// Reads the card that is embedded in a PNG. If it holds both, `ccv3` is taken, and `chara` only where `ccv3` is broken.
    ///
    /// # Errors
    /// See [`Card::read`].
    pub fn from_png(file: &[u8]) -> Result<Self, CardError> {
        let picture = png::Png::parse(file)?;
        let read = |keyword| {
            picture
                .card(keyword)
                .map(|json| json.and_then(|json| Self::from_json(&json)))
        };
        let card = match read(png::Keyword::Ccv3) {
            Some(Ok(card)) => Ok(card),
            Some(Err(broken)) => read(png::Keyword::Chara).and_then(Result::ok).ok_or(broken),
            None => read(png::Keyword::Chara).unwrap_or(Err(CardError::NoCardInPng)),
        }?;
        Ok(Self {
            picture: Some(file.into()),
            ..card
        })
    }

    /// Which version of the format the card follows.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether the card follows a later version than this program knows. It is read as V3; whoever imports it should be told.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.newer
    }

    /// The PNG that the card came in.
    #[must_use]
    pub fn picture(&self) -> Option<&Arc<[u8]>> {
        self.picture.as_ref()
    }

    /// The whole card as JSON, in the order of its keys.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.root
    }

    /// The full name. Never empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.fields.name
    }

    /// The nickname of V3.
    #[must_use]
    pub fn nickname(&self) -> Option<&str> {
        Some(self.fields.nickname.as_str()).filter(|nickname| !nickname.is_empty())
    }

    /// What `{{char}}` stands for: the nickname, else the name.
    #[must_use]
    pub fn called(&self) -> &str {
        self.nickname().unwrap_or_else(|| self.name())
    }

    /// The name as it can be shown on Discord: see [`name::usable`].
    #[must_use]
    pub fn display_name(&self) -> String {
        name::usable(self.name())
    }

    /// Why [`Card::display_name`] differs from the name, if Discord would refuse the name.
    #[must_use]
    pub fn name_problem(&self) -> Option<name::NameProblem> {
        name::check(self.name()).err()
    }

    /// Who the character is.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.fields.description
    }

    /// What the character is like.
    #[must_use]
    pub fn personality(&self) -> &str {
        &self.fields.personality
    }

    /// Where and in what circumstances it talks.
    #[must_use]
    pub fn scenario(&self) -> &str {
        &self.fields.scenario
    }

    /// The first greeting.
    #[must_use]
    pub fn first_mes(&self) -> &str {
        &self.fields.first_mes
    }

    /// Further greetings.
    #[must_use]
    pub fn alternate_greetings(&self) -> &[String] {
        &self.fields.alternate_greetings
    }

    /// Greetings for group chats only (V3).
    #[must_use]
    pub fn group_only_greetings(&self) -> &[String] {
        &self.fields.group_only_greetings
    }

    /// The first greeting and the alternates, without empty ones. Macros are not expanded.
    pub fn greetings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.first_mes())
            .chain(self.fields.alternate_greetings.iter().map(String::as_str))
            .filter(|greeting| !greeting.trim().is_empty())
    }

    /// The example dialogues as they are written.
    #[must_use]
    pub fn mes_example(&self) -> &str {
        &self.fields.mes_example
    }

    /// The card's own system prompt; may refer to the house's by `{{original}}`. Empty means the house's.
    #[must_use]
    pub fn system_prompt(&self) -> &str {
        &self.fields.system_prompt
    }

    /// The card's own instructions after the history; may refer to the house's by `{{original}}`. Empty means the house's.
    #[must_use]
    pub fn post_history_instructions(&self) -> &str {
        &self.fields.post_history_instructions
    }

    /// Who made the card. Never part of a prompt.
    #[must_use]
    pub fn creator(&self) -> &str {
        &self.fields.creator
    }

    /// The maker's own version of the card. Never part of a prompt.
    #[must_use]
    pub fn character_version(&self) -> &str {
        &self.fields.character_version
    }

    /// The maker's tags. Never part of a prompt.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.fields.tags
    }

    /// Where the card comes from: ids or addresses.
    #[must_use]
    pub fn source(&self) -> &[String] {
        &self.fields.source
    }

    /// The card's lorebook.
    #[must_use]
    pub fn lorebook(&self) -> Option<&Lorebook> {
        self.book.as_deref()
    }

    /// The character's pictures and other files. Without the field, V3 says that there is one: its main icon.
    #[must_use]
    pub fn assets(&self) -> Vec<Asset> {
        let Some(listed) = self.definition().get("assets").and_then(Value::as_array) else {
            return vec![Asset {
                kind: "icon".into(),
                uri: "ccdefault:".into(),
                name: "main".into(),
                ext: "png".into(),
            }];
        };
        let text = |asset: &Object, name| field::text(asset, &[name]);
        listed
            .iter()
            .filter_map(Value::as_object)
            .map(|asset| Asset {
                kind: text(asset, "type"),
                uri: text(asset, "uri"),
                name: text(asset, "name"),
                ext: text(asset, "ext"),
            })
            .collect()
    }

    /// Everything under `extensions`.
    #[must_use]
    pub fn extensions(&self) -> Option<&Object> {
        field::object(self.definition(), "extensions")
    }

    /// This program's own corner of the extensions.
    fn familiar(&self) -> Option<&Object> {
        self.extensions()
            .and_then(|extensions| field::object(extensions, "familiar"))
    }

    /// The object that defines the character.
    fn definition(&self) -> &Object {
        static NOTHING: std::sync::LazyLock<Object> = std::sync::LazyLock::new(Object::new);
        self.root
            .as_object()
            .map_or(&NOTHING, |root| form::definition(root, self.form))
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card")
            .field("name", &self.name())
            .field("form", &self.form)
            .field("json_bytes", &self.json.len())
            .field(
                "picture_bytes",
                &self.picture.as_ref().map(|picture| picture.len()),
            )
            .finish_non_exhaustive()
    }
}
