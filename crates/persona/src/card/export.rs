//! Writes a card back: as JSON and inside a PNG, unchanged to the byte where nothing changed.

use std::borrow::Cow;

use super::png::{Keyword, Png, SIGNATURE};
use super::{Card, CardError, Form, backfill};

impl Card {
    /// The card as JSON, exactly as it came, in the version it came in.
    #[must_use]
    pub fn to_json(&self) -> &[u8] {
        &self.json
    }

    /// The card inside a PNG: inside `avatar`, or inside the picture it came in. All other chunks of the picture stay.
    ///
    /// A V1 or V2 card is written as `chara`; a V3 card as `ccv3`, and as `chara` for programs that know only V2. If the picture
    /// already holds exactly this card, the result is the picture, byte for byte.
    ///
    /// # Errors
    /// If there is no picture, or it is not a sound PNG.
    pub fn to_png(&self, avatar: Option<&[u8]>) -> Result<Vec<u8>, CardError> {
        let file = avatar
            .or(self.picture.as_deref())
            .ok_or(CardError::NotPng)?;
        if !file.starts_with(&SIGNATURE) {
            return Err(CardError::NotPng);
        }
        let picture = Png::parse(file)?;
        let json: &[u8] = &self.json;
        if self.form != Form::V3 {
            return Ok(picture.with_cards(&[(Keyword::Chara, json)]));
        }
        let older = self.older_twin(&picture);
        Ok(picture.with_cards(&[(Keyword::Chara, &older), (Keyword::Ccv3, json)]))
    }

    /// The `chara` text beside this V3 card: the one that already stands in `picture` beside the same `ccv3`, or in the picture that
    /// the card came in, else one made from the card.
    fn older_twin(&self, picture: &Png<'_>) -> Cow<'static, [u8]> {
        let beside = |picture: &Png<'_>| {
            let same = picture.card(Keyword::Ccv3)?.ok()? == *self.json;
            if same {
                picture.card(Keyword::Chara)?.ok()
            } else {
                None
            }
        };
        let origin = || {
            self.picture
                .as_deref()
                .and_then(|file| Png::parse(file).ok())
        };
        beside(picture)
            .or_else(|| origin().and_then(|origin| beside(&origin)))
            .map_or_else(|| backfill::v2_of(self).into(), Cow::Owned)
    }
}
