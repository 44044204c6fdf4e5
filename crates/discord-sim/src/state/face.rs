//! Faces: what is behind the hash that an account or a webhook's message shows as its avatar.

use twilight_model::user::User;
use twilight_model::util::ImageHash;

use super::World;
use crate::rest::picture;

/// Where a face comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Face {
    /// It was uploaded.
    Picture(Vec<u8>),
    /// A webhook's message named its address (`avatar_url`).
    Address(String),
}

impl World {
    /// Keeps a face and returns the hash under which it is told.
    pub fn keep_face(&mut self, face: Face) -> ImageHash {
        let hash = match &face {
            Face::Picture(bytes) => picture::hash(bytes),
            Face::Address(address) => picture::hash(address.as_bytes()),
        };
        self.faces.insert(hash, face);
        hash
    }

    /// The face of an account, or of a message's author.
    #[must_use]
    pub fn face_of(&self, user: &User) -> Option<&Face> {
        self.faces.get(&user.avatar?)
    }
}
