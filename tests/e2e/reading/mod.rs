//! What a message says, seen in what the model is asked: whichever way the message comes, and whatever is in it.

mod kinds;
mod names;
mod places;
mod rooms;
mod unread;

use serde_json::{Value, json};

use crate::world::World;

/// From now on people's messages come with these fields too.
fn garnish(world: &World, fields: Value) {
    world.sim.alter_events(move |name, told| {
        if name == "MESSAGE_CREATE" && told["author"]["bot"] != true {
            merge(told, &fields);
        }
        true
    });
}

/// Puts fields in; objects are merged.
fn merge(into: &mut Value, fields: &Value) {
    match fields {
        Value::Object(fields) if into.is_object() => {
            for (name, value) in fields {
                merge(&mut into[name], value);
            }
        }
        other => *into = other.clone(),
    }
}

/// An ornament that serenity 0.12.5 cannot parse.
fn ornament() -> Value {
    json!({"avatar_decoration_data": {
        "asset": "v2_a_624192b47596d66e5f15a6b0932afbd3", "sku_id": "1144058844004233369"
    }})
}
