//! The limits of buttons, menus and the other components of a message.

use std::collections::HashSet;

use serde_json::{Value, json};
use twilight_model::channel::message::Component;
use twilight_validate::message::MessageValidationErrorType as Wrong;

use crate::rest::error::{ApiError, ApiResult};

/// Checks the components of a message; `is_v2` is the flag `IS_COMPONENTS_V2`.
pub fn check(components: &[Component], is_v2: bool) -> ApiResult<()> {
    let mut ids = HashSet::new();
    for (index, component) in components.iter().enumerate() {
        check_ids(
            component,
            &mut vec!["components".to_owned(), index.to_string()],
            &mut ids,
        )?;
    }
    let Err(error) = twilight_validate::message::components(components, is_v2) else {
        return Ok(());
    };
    Err(match error.kind() {
        Wrong::ComponentCount { .. } => ApiError::invalid_field(
            &["components"],
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 5 in length.",
        ),
        Wrong::ComponentInvalid { idx, .. } => ApiError::invalid_field(
            &["components", &idx.to_string()],
            "COMPONENT_LAYOUT_INVALID",
            error.to_string(),
        ),
        _ => ApiError::invalid_field(
            &["components"],
            "COMPONENT_LAYOUT_INVALID",
            error.to_string(),
        ),
    })
}

/// Numbers the components that have no `id`, in the order in which they stand, and lets a menu take one value unless it
/// says otherwise: what Discord fills in.
pub fn fill_in(list: &mut Value, last: &mut i32) {
    for component in list.as_array_mut().into_iter().flatten() {
        if !component.is_object() {
            continue;
        }
        *last += 1;
        if component["id"].is_null() {
            component["id"] = json!(*last);
        }
        let is_menu = matches!(component["type"].as_u64(), Some(3 | 5..=8));
        for bound in ["min_values", "max_values"] {
            if is_menu && component[bound].is_null() {
                component[bound] = json!(1);
            }
        }
        if let Some(inner) = component.get_mut("components") {
            fill_in(inner, last);
        }
        if let Some(accessory) = component.get_mut("accessory").filter(|it| it.is_object()) {
            *last += 1;
            accessory["id"] = json!(*last);
        }
    }
}

/// Whether one of these only exists with the flag.
#[must_use]
pub fn are_v2(components: &[Component]) -> bool {
    components
        .iter()
        .any(|component| !matches!(component, Component::ActionRow(_)))
}

/// Every `custom_id` in a message is another one, and none is empty.
fn check_ids(
    component: &Component,
    path: &mut Vec<String>,
    seen: &mut HashSet<String>,
) -> ApiResult<()> {
    let (id, inner): (Option<&str>, &[Component]) = match component {
        Component::ActionRow(row) => (None, &row.components),
        Component::Container(container) => (None, &container.components),
        Component::Button(button) => (button.custom_id.as_deref(), &[]),
        Component::SelectMenu(menu) => (Some(menu.custom_id.as_str()), &[]),
        _ => (None, &[]),
    };
    let refused = match id {
        Some("") => Some((
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 100 in length.",
        )),
        Some(id) if !seen.insert(id.to_owned()) => Some((
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        )),
        _ => None,
    };
    if let Some((code, message)) = refused {
        path.push("custom_id".to_owned());
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        return Err(ApiError::invalid_field(&path, code, message));
    }
    let depth = path.len();
    for (index, component) in inner.iter().enumerate() {
        path.extend(["components".to_owned(), index.to_string()]);
        check_ids(component, path, seen)?;
        path.truncate(depth);
    }
    Ok(())
}
