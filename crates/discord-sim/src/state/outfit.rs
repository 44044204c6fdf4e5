//! What people wear: avatar decorations, server tags, nameplates. Kept as JSON, because twilight's types cannot hold what
//! Discord sends: the asset of a newer decoration is `v2_a_…`, and no 32 hexadecimal digits.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use super::World;

/// What somebody wears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outfit {
    /// A decoration whose asset is a hash as it always was (the example in Discord's "Users Resource").
    Decoration,
    /// A newer decoration, whose asset is no such hash: serenity 0.12.5 cannot read an account that wears it.
    NewDecoration,
    /// A server tag with its badge: `primary_guild`, and `clan`, as clients still get it.
    ServerTag,
    /// A nameplate behind the name.
    Nameplate,
}

impl Outfit {
    fn fields(self) -> Vec<(&'static str, Value)> {
        let decoration = |asset: &str| json!({"asset": asset, "sku_id": "1144058844004233369", "expires_at": null});
        let tag = json!({
            "identity_guild_id": "1234647491267808778",
            "identity_enabled": true,
            "tag": "DISC",
            "badge": "7d1734ae5a615e82bc7a4033b98fade8",
        });
        let nameplate = json!({
            "sku_id": "2247558840304243311",
            "asset": "nameplates/nameplates/twilight/",
            "label": "",
            "palette": "cobalt",
        });
        match self {
            Self::Decoration => vec![(
                "avatar_decoration_data",
                decoration("a_fed43ab12698df65902ba06727e20c0e"),
            )],
            Self::NewDecoration => vec![(
                "avatar_decoration_data",
                decoration("v2_a_624192b47596d66e5f15a6b0932afbd3"),
            )],
            Self::ServerTag => vec![("primary_guild", tag.clone()), ("clan", tag)],
            Self::Nameplate => vec![("collectibles", json!({ "nameplate": nameplate }))],
        }
    }
}

/// Who wears what.
#[derive(Clone, Debug, Default)]
pub struct Wardrobe {
    /// Whether every second person who registers wears [`Outfit::NewDecoration`] and a server tag.
    pub festive: bool,
    registered: usize,
    worn: HashMap<Id<UserMarker>, Map<String, Value>>,
}

impl Wardrobe {
    /// Somebody puts something on.
    pub fn put_on(&mut self, user: Id<UserMarker>, outfit: Outfit) {
        let worn = self.worn.entry(user).or_default();
        for (field, value) in outfit.fields() {
            worn.insert(field.to_owned(), value);
        }
    }

    /// Somebody takes everything off.
    pub fn take_off(&mut self, user: Id<UserMarker>) {
        self.worn.remove(&user);
    }

    fn register(&mut self, user: Id<UserMarker>) {
        self.registered += 1;
        if self.festive && self.registered.is_multiple_of(2) {
            self.put_on(user, Outfit::NewDecoration);
            self.put_on(user, Outfit::ServerTag);
        }
    }

    /// Dresses every account in what is about to be sent, at every depth.
    pub fn dress(&self, value: &mut Value) {
        if self.worn.is_empty() {
            return;
        }
        match value {
            Value::Array(list) => list.iter_mut().for_each(|value| self.dress(value)),
            Value::Object(object) => {
                object.values_mut().for_each(|value| self.dress(value));
                if !(object.contains_key("username") && object.contains_key("discriminator")) {
                    return;
                }
                let id = object["id"].as_str().and_then(|id| id.parse().ok());
                if let Some(worn) = id.and_then(|id| self.worn.get(&id)) {
                    object.extend(worn.clone());
                }
            }
            _ => {}
        }
    }
}

impl World {
    /// A person registers, and may be dressed for it.
    pub(super) fn register(&mut self, user: Id<UserMarker>) {
        self.wardrobe.register(user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_dressed_wherever_they_stand() {
        let mut wardrobe = Wardrobe::default();
        wardrobe.put_on(Id::new(7), Outfit::NewDecoration);
        let user = json!({"id": "7", "username": "ada", "discriminator": "0"});
        let mut event = json!({"author": user, "mentions": [user], "id": "7"});
        wardrobe.dress(&mut event);
        for path in ["/author", "/mentions/0"] {
            let asset = event.pointer(&format!("{path}/avatar_decoration_data/asset"));
            assert!(asset.unwrap().as_str().unwrap().starts_with("v2_a_"));
        }
        assert!(event.get("avatar_decoration_data").is_none());
    }
}
