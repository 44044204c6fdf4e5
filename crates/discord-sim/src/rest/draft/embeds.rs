//! The limits of embeds.

use twilight_model::channel::message::Embed;
use twilight_validate::embed::{EMBED_TOTAL_LENGTH, EmbedValidationErrorType as Wrong};
use twilight_validate::message::EMBED_COUNT_LIMIT;

use crate::rest::error::{ApiError, ApiResult};

/// Checks all embeds of a message.
pub fn check(embeds: &[Embed]) -> ApiResult<()> {
    if embeds.len() > EMBED_COUNT_LIMIT {
        return Err(too_long(&["embeds"], EMBED_COUNT_LIMIT));
    }
    for (index, embed) in embeds.iter().enumerate() {
        check_one(index, embed)?;
    }
    let total: usize = embeds.iter().map(twilight_validate::embed::chars).sum();
    if total > EMBED_TOTAL_LENGTH {
        return Err(oversized());
    }
    Ok(())
}

fn check_one(index: usize, embed: &Embed) -> ApiResult<()> {
    let at = index.to_string();
    for (number, field) in embed.fields.iter().enumerate() {
        for (key, text) in [("name", &field.name), ("value", &field.value)] {
            if text.trim().is_empty() {
                return Err(ApiError::invalid_field(
                    &["embeds", &at, "fields", &number.to_string(), key],
                    "BASE_TYPE_REQUIRED",
                    "This field is required",
                ));
            }
        }
    }
    let Err(error) = twilight_validate::embed::embed(embed) else {
        return Ok(());
    };
    use twilight_validate::embed as limits;
    let field = |key: &str, most: usize, long: &dyn Fn(usize) -> bool| {
        let number = (0..embed.fields.len())
            .find(|number| long(*number))
            .unwrap_or(0);
        too_long(&["embeds", &at, "fields", &number.to_string(), key], most)
    };
    Err(match error.kind() {
        Wrong::TitleTooLarge { .. } => too_long(&["embeds", &at, "title"], limits::TITLE_LENGTH),
        Wrong::DescriptionTooLarge { .. } => {
            too_long(&["embeds", &at, "description"], limits::DESCRIPTION_LENGTH)
        }
        Wrong::AuthorNameTooLarge { .. } => too_long(
            &["embeds", &at, "author", "name"],
            limits::AUTHOR_NAME_LENGTH,
        ),
        Wrong::FooterTextTooLarge { .. } => too_long(
            &["embeds", &at, "footer", "text"],
            limits::FOOTER_TEXT_LENGTH,
        ),
        Wrong::TooManyFields { .. } => too_long(&["embeds", &at, "fields"], limits::FIELD_COUNT),
        Wrong::FieldNameTooLarge { .. } => field("name", limits::FIELD_NAME_LENGTH, &|number| {
            embed.fields[number].name.chars().count() > limits::FIELD_NAME_LENGTH
        }),
        Wrong::FieldValueTooLarge { .. } => field("value", limits::FIELD_VALUE_LENGTH, &|number| {
            embed.fields[number].value.chars().count() > limits::FIELD_VALUE_LENGTH
        }),
        Wrong::ColorNotRgb { .. } => ApiError::invalid_field(
            &["embeds", &at, "color"],
            "NUMBER_TYPE_MAX",
            "int value should be less than or equal to 16777215.",
        ),
        _ => oversized(),
    })
}

fn too_long(path: &[&str], most: usize) -> ApiError {
    ApiError::invalid_field(
        path,
        "BASE_TYPE_MAX_LENGTH",
        format!("Must be {most} or fewer in length."),
    )
}

fn oversized() -> ApiError {
    ApiError::invalid_field(
        &["embeds"],
        "MAX_EMBED_SIZE_EXCEEDED",
        "Embed size exceeds maximum size of 6000",
    )
}
