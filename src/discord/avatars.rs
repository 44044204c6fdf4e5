//! The personas' faces: each is uploaded once as an emoji of the application, whose address on Discord's CDN is public.
//! So a bot at home needs no public web server. A face that cannot be uploaded is no reason to stay silent.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use companion::speaker::Voice;
use serde::Deserialize;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ApplicationId, EmojiId};
use tokio::sync::OnceCell;
use tokio::time::Instant;
use tracing::{debug, info};

use super::face;
use super::kept::{Answer, Kept};
use super::rest::{Call, Refused, Rest};
use super::signature::fingerprint;

/// The most emojis that an application can own.
/// <https://discord.com/developers/docs/resources/emoji#application-owned-emoji>
const EMOJIS_MAX: usize = 2_000;
/// The largest image of an emoji.
/// <https://discord.com/developers/docs/resources/emoji#create-application-emoji>
const IMAGE_MAX: usize = 256 * 1024;
/// The longest name of an emoji.
const NAME_MAX: usize = 32;
/// The first bytes of every PNG.
const PNG: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// How long a face that was refused is not offered again.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(600);

/// The faces that Discord has, by the emoji's name.
pub struct Avatars {
    rest: Rest,
    /// What the application owned when it was first asked.
    uploaded: OnceCell<HashMap<String, EmojiId>>,
    faces: Kept<String, Option<EmojiId>>,
}

impl Avatars {
    /// Asks nothing yet.
    pub fn new(rest: Rest) -> Self {
        Self {
            rest,
            uploaded: OnceCell::new(),
            faces: Kept::new(),
        }
    }

    /// The public address of a persona's face. Uploads it where Discord does not have it yet.
    pub async fn address(&self, voice: &Voice) -> Option<String> {
        let image = voice
            .avatar
            .as_ref()
            .filter(|image| image.starts_with(&PNG))?;
        let us = self.rest.application()?;
        let name = emoji_name(&voice.slug, image);
        match self.faces.get(&name, || self.face(us, &name, image)).await {
            Ok(id) => id.map(address),
            Err(refused) => {
                debug!(name, %refused, "no avatar for now");
                None
            }
        }
    }

    async fn face(
        &self,
        us: ApplicationId,
        name: &str,
        image: &Arc<[u8]>,
    ) -> Result<Answer<Option<EmojiId>>, Refused> {
        let uploaded = self.uploaded.get_or_try_init(|| self.list(us)).await?;
        if let Some(id) = uploaded.get(name) {
            return Ok(Answer {
                value: Some(*id),
                until: None,
            });
        }
        let Some(image) = fitting(name, image).await else {
            return Ok(Answer {
                value: None,
                until: None,
            });
        };
        let upload = if uploaded.len() >= EMOJIS_MAX {
            Err(Refused::Answered {
                status: 400,
                code: 30008,
                message: "all emojis are taken".into(),
            })
        } else {
            self.upload(us, name, &image).await
        };
        match upload {
            Ok(id) => Ok(Answer {
                value: Some(id),
                until: None,
            }),
            Err(refused) if refused.is_passing() => Err(refused),
            Err(refused) => {
                // A name is taken only once: another process, or an upload that we did not wait for, may have been there.
                if let Some(id) = self.list(us).await?.get(name) {
                    return Ok(Answer {
                        value: Some(*id),
                        until: None,
                    });
                }
                info!(name, %refused, "Discord did not take this avatar; the persona speaks without one");
                Ok(Answer {
                    value: None,
                    until: Some(Instant::now() + TRY_AGAIN_AFTER),
                })
            }
        }
    }

    async fn list(&self, us: ApplicationId) -> Result<HashMap<String, EmojiId>, Refused> {
        #[derive(Deserialize)]
        struct List {
            items: Vec<Emoji>,
        }
        let route = Route::Emojis { application_id: us };
        let list: List = self.rest.fetch(Call::new(LightMethod::Get, route)).await?;
        Ok(list
            .items
            .into_iter()
            .map(|emoji| (emoji.name, emoji.id))
            .collect())
    }

    async fn upload(
        &self,
        us: ApplicationId,
        name: &str,
        image: &[u8],
    ) -> Result<EmojiId, Refused> {
        let image = format!("data:image/png;base64,{}", STANDARD.encode(image));
        let call = Call::new(LightMethod::Post, Route::Emojis { application_id: us })
            .json(&serde_json::json!({ "name": name, "image": image }))?;
        let emoji: Emoji = self.rest.fetch(call).await?;
        Ok(emoji.id)
    }
}

/// The picture as Discord takes it: as it is, or made small if its file is too large. It is named by what it was, so that
/// this is done once for all time.
async fn fitting(name: &str, image: &Arc<[u8]>) -> Option<Arc<[u8]>> {
    if image.len() <= IMAGE_MAX {
        return Some(Arc::clone(image));
    }
    let large = Arc::clone(image);
    match tokio::task::spawn_blocking(move || face::small(&large)).await {
        Ok(Ok(small)) => Some(small.into()),
        Ok(Err(error)) => {
            info!(name, %error, "this avatar cannot be made small enough for Discord; the persona speaks without one");
            None
        }
        Err(error) => {
            info!(name, %error, "this avatar could not be made small; the persona speaks without one");
            None
        }
    }
}

#[derive(Deserialize)]
struct Emoji {
    id: EmojiId,
    name: String,
}

/// The emoji's name: `p_`, the persona's short name as far as it fits, and what tells one image from another.
fn emoji_name(slug: &str, image: &[u8]) -> String {
    let ending = format!("_{:08x}", fingerprint(image));
    let room = NAME_MAX - "p_".len() - ending.len();
    let slug: String = slug
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .take(room)
        .collect();
    format!("p_{slug}{ending}")
}

/// Where Discord's CDN shows an emoji.
fn address(id: EmojiId) -> String {
    format!("https://cdn.discordapp.com/emojis/{id}.png?size=128")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_and_tells_images_apart() {
        let long = emoji_name("Капитан-of-the-long-and-winding-name", b"face");
        assert!(long.chars().count() <= NAME_MAX, "{long}");
        assert!(
            long.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'),
            "{long}"
        );
        assert_ne!(emoji_name("mia", b"face"), emoji_name("mia", b"other face"));
        assert_eq!(emoji_name("mia", b"face"), emoji_name("mia", b"face"));
    }

    #[test]
    fn the_address_needs_no_server_of_ours() {
        assert_eq!(
            address(EmojiId::new(5)),
            "https://cdn.discordapp.com/emojis/5.png?size=128"
        );
    }
}
