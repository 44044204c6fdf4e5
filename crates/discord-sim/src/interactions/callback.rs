//! `POST /interactions/{id}/{token}/callback`: the first answer, which has to come within three seconds.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::application::interaction::InteractionType as Kind;
use twilight_model::channel::message::{Component, MessageFlags};
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType as Type,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{InteractionMarker, MessageMarker};
use twilight_validate::component::{ACTION_ROW_COMPONENT_COUNT, COMPONENT_CUSTOM_ID_LENGTH};

use crate::Hub;
use crate::rest::body::Incoming;
use crate::rest::draft;
use crate::rest::error::{ApiError, ApiResult};
use crate::rest::path::InQuery;
use crate::rest::truth;
use crate::state::interaction::FIRST_ANSWER_MS;
use crate::state::observed::{Answer, Observed};
use crate::state::{Draft, InteractionState, World};

/// The longest title of a form.
const MODAL_TITLE_LENGTH: usize = 45;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new().route("/interactions/{id}/{token}/callback", post(answer))
}

#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default, deserialize_with = "truth::read")]
    with_response: Option<bool>,
}

async fn answer(
    State(hub): State<Arc<Hub>>,
    Path((id, token)): Path<(Id<InteractionMarker>, String)>,
    InQuery(wish): InQuery<Wish>,
    incoming: Incoming,
) -> ApiResult<Response> {
    let response: InteractionResponse = incoming.parse()?;
    let content = Incoming {
        json: match &incoming.json["data"] {
            Value::Null => json!({}),
            data => data.clone(),
        },
        files: incoming.files.clone(),
    };
    let mut world = hub.world();
    let state = pending(&world, id, &token)?;
    let answer = act(&mut world, &state, response, &content)?;
    remember(&mut world, id, &answer);
    if wish.with_response != Some(true) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Json(describe(&world, &state, &answer)).into_response())
}

/// The interaction, if it still waits for its first answer.
fn pending(world: &World, id: Id<InteractionMarker>, token: &str) -> ApiResult<InteractionState> {
    let state = world
        .interactions
        .get(&id)
        .filter(|state| state.token == token)
        .ok_or_else(ApiError::unknown_interaction)?;
    if state.answer.is_some() {
        return Err(ApiError::already_acknowledged());
    }
    if world.now_ms() - state.created_ms > FIRST_ANSWER_MS {
        return Err(ApiError::unknown_interaction());
    }
    Ok(state.clone())
}

fn act(
    world: &mut World,
    state: &InteractionState,
    response: InteractionResponse,
    content: &Incoming,
) -> ApiResult<Answer> {
    let fits = match response.kind {
        Type::ChannelMessageWithSource | Type::DeferredChannelMessageWithSource => {
            state.kind != Kind::ApplicationCommandAutocomplete
        }
        Type::UpdateMessage | Type::DeferredUpdateMessage => state.source.is_some(),
        Type::ApplicationCommandAutocompleteResult => {
            state.kind == Kind::ApplicationCommandAutocomplete
        }
        Type::Modal => matches!(
            state.kind,
            Kind::ApplicationCommand | Kind::MessageComponent
        ),
        _ => false,
    };
    if !fits {
        return Err(ApiError::invalid_field(
            &["type"],
            "INTERACTION_TYPE_INVALID",
            "This type of answer does not fit this interaction.",
        ));
    }
    let data = response.data.unwrap_or_default();
    match response.kind {
        Type::ChannelMessageWithSource => {
            let draft = draft::parse(content)?;
            if draft.is_empty() {
                return Err(ApiError::empty_message());
            }
            screen(world, state, draft.flags, &draft.content)?;
            Ok(Answer::Message(post_answer(world, state, draft)?))
        }
        Type::DeferredChannelMessageWithSource => {
            let flags = data.flags.unwrap_or(MessageFlags::empty()) | MessageFlags::LOADING;
            let draft = Draft {
                flags: Some(flags),
                ..Draft::default()
            };
            Ok(Answer::Deferred(post_answer(world, state, draft)?))
        }
        Type::UpdateMessage => {
            let source = state.source.ok_or_else(ApiError::unknown_message)?;
            let change = draft::parse_change(content)?;
            if let Some(content) = &change.content {
                screen(world, state, None, content)?;
            }
            world.revise(state.channel, source, change)?;
            Ok(Answer::Updated(source))
        }
        Type::DeferredUpdateMessage => Ok(Answer::DeferredUpdate),
        Type::Modal => check_form(data),
        _ => check_choices(data),
    }
}

/// Holds an answer that all can see to the rules of the place; an ephemeral one is read by one person alone.
pub(super) fn screen(
    world: &World,
    state: &InteractionState,
    flags: Option<MessageFlags>,
    content: &str,
) -> ApiResult<()> {
    if flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL)) {
        return Ok(());
    }
    world.screen(state.channel, world.bot_id(), content)
}

/// Posts a message of an interaction: as the bot, through the application's own webhook.
pub(super) fn post_answer(
    world: &mut World,
    state: &InteractionState,
    draft: Draft,
) -> ApiResult<Id<MessageMarker>> {
    // In a thread that is archived and locked, no answer is taken (discord/discord-api-docs#5517).
    let bot = world.bot_id();
    world.open_for_writing(state.channel, bot)?;
    let application = world.bot.application_id;
    let author = crate::state::message::Author {
        user: world.bot.user.clone(),
        webhook: Some(application.cast()),
        application: Some(application),
    };
    let flags = draft.flags.unwrap_or(MessageFlags::empty());
    let only_for = flags
        .contains(MessageFlags::EPHEMERAL)
        .then_some(state.user);
    let metadata = Box::new(state.metadata.clone());
    let stored = world.post_as(state.channel, author, draft, only_for, |message| {
        message.interaction_metadata = Some(metadata);
    })?;
    Ok(stored.message.id)
}

/// A form: a title, an id, and one to five rows.
fn check_form(data: InteractionResponseData) -> ApiResult<Answer> {
    let (Some(custom_id), Some(title), Some(components)) =
        (data.custom_id, data.title, data.components)
    else {
        return Err(ApiError::invalid_field(
            &["data"],
            "BASE_TYPE_REQUIRED",
            "A form needs custom_id, title and components.",
        ));
    };
    let sizes = [
        ("title", title.chars().count(), MODAL_TITLE_LENGTH),
        (
            "custom_id",
            custom_id.chars().count(),
            COMPONENT_CUSTOM_ID_LENGTH,
        ),
        ("components", components.len(), ACTION_ROW_COMPONENT_COUNT),
    ];
    for (field, size, most) in sizes {
        if size == 0 || size > most {
            return Err(ApiError::invalid_field(
                &["data", field],
                "BASE_TYPE_BAD_LENGTH",
                format!("Must be between 1 and {most} in length."),
            ));
        }
    }
    for (index, component) in components.iter().enumerate() {
        let checked = match component {
            Component::ActionRow(row) => row.components.iter().try_for_each(|inner| match inner {
                Component::TextInput(input) => {
                    twilight_validate::component::text_input(input, true)
                }
                other => twilight_validate::component::component_v1(other),
            }),
            other => twilight_validate::component::component_v2(other),
        };
        checked.map_err(|error| {
            ApiError::invalid_field(
                &["data", "components", &index.to_string()],
                "COMPONENT_LAYOUT_INVALID",
                error.to_string(),
            )
        })?;
    }
    Ok(Answer::Modal {
        custom_id,
        title,
        components,
    })
}

fn check_choices(data: InteractionResponseData) -> ApiResult<Answer> {
    let choices = data.choices.unwrap_or_default();
    if choices.len() > twilight_validate::command::CHOICES_LIMIT {
        return Err(ApiError::invalid_field(
            &["data", "choices"],
            "BASE_TYPE_MAX_LENGTH",
            "Must be 25 or fewer in length.",
        ));
    }
    for (index, choice) in choices.iter().enumerate() {
        twilight_validate::command::choice(choice).map_err(|error| {
            ApiError::invalid_field(
                &["data", "choices", &index.to_string()],
                "BASE_TYPE_BAD_LENGTH",
                error.to_string(),
            )
        })?;
    }
    Ok(Answer::Choices(choices))
}

fn remember(world: &mut World, id: Id<InteractionMarker>, answer: &Answer) {
    let source = world.interactions.get(&id).and_then(|state| state.source);
    let (original, thinking) = match answer {
        Answer::Message(message) | Answer::Updated(message) => (Some(*message), false),
        Answer::Deferred(message) => (Some(*message), true),
        Answer::DeferredUpdate => (source, false),
        Answer::Choices(_) | Answer::Modal { .. } => (None, false),
    };
    let ephemeral = original.is_some_and(|message| {
        let channel = world.interactions.get(&id).map(|state| state.channel);
        channel
            .and_then(|channel| world.channels.get(&channel)?.messages.get(&message))
            .is_some_and(|stored| stored.only_for.is_some())
    });
    if let Some(state) = world.interactions.get_mut(&id) {
        state.answer = Some(answer.clone());
        state.original = original;
        state.thinking = thinking;
        state.ephemeral = ephemeral;
        state.messages.extend(original);
    }
    world.tell(Observed::InteractionAnswered {
        interaction: id,
        answer: answer.clone(),
    });
}

/// What `?with_response=true` returns.
fn describe(world: &World, state: &InteractionState, answer: &Answer) -> Value {
    let (kind, message) = match answer {
        Answer::Message(message) => (4, Some(*message)),
        Answer::Deferred(message) => (5, Some(*message)),
        Answer::DeferredUpdate => (6, state.source),
        Answer::Updated(message) => (7, Some(*message)),
        Answer::Choices(_) => (8, None),
        Answer::Modal { .. } => (9, None),
    };
    let stored = message.and_then(|id| world.channels.get(&state.channel)?.messages.get(&id));
    let mut body = json!({
        "interaction": { "id": state.id, "type": state.kind },
        "resource": { "type": kind },
    });
    if let Some(stored) = stored {
        body["interaction"]["response_message_id"] = json!(stored.message.id);
        body["interaction"]["response_message_loading"] = json!(kind == 5);
        body["interaction"]["response_message_ephemeral"] = json!(stored.only_for.is_some());
        if matches!(kind, 4 | 7) {
            body["resource"]["message"] = world.message_json(stored);
        }
    }
    body
}
