//! The gentlest means: ornaments, pictures and numbers that serenity cannot keep are brought into its bounds.

use serde_json::{Value, json};

/// Ornaments of people and servers: nothing here depends on them, and serenity expects of them what Discord does not keep.
const ORNAMENTS: [&str; 7] = [
    "avatar_decoration",
    "avatar_decoration_data",
    "clan",
    "collectibles",
    "display_name_styles",
    "nameplate",
    "primary_guild",
];
/// Pictures, which serenity expects as 32 hexadecimal digits.
const PICTURES: [&str; 8] = [
    "avatar",
    "banner",
    "cover_image",
    "discovery_splash",
    "icon",
    "guild_avatar",
    "image",
    "splash",
];
/// Numbers that serenity keeps in 32 bits.
const SMALL_NUMBERS: [&str; 6] = [
    "attachment_size_limit",
    "flags",
    "height",
    "public_flags",
    "size",
    "width",
];

/// Takes ornaments away, and brings numbers and pictures into serenity's bounds.
pub(super) fn soften(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(soften),
        Value::Object(fields) => {
            for ornament in ORNAMENTS {
                fields.shift_remove(ornament);
            }
            for (name, value) in fields.iter_mut() {
                if PICTURES.contains(&name.as_str()) && !is_picture(value) {
                    *value = Value::Null;
                } else if SMALL_NUMBERS.contains(&name.as_str()) {
                    shrink(name, value);
                } else {
                    soften(value);
                }
            }
        }
        _ => {}
    }
}

fn is_picture(value: &Value) -> bool {
    let Some(hash) = value.as_str() else {
        // An embed's image, say.
        return !value.is_string();
    };
    let digits = hash.strip_prefix("a_").unwrap_or(hash);
    digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Of flags the low bits are kept, of a size its order.
fn shrink(name: &str, value: &mut Value) {
    let most = u64::from(u32::MAX);
    let Some(number) = value.as_u64().filter(|number| *number > most) else {
        return;
    };
    *value = match name.ends_with("flags") {
        true => json!(number & most),
        false => json!(most),
    };
}
