//! A person fills in a form (a modal) and sends it.

use twilight_model::application::interaction::modal::{
    ModalInteractionActionRow, ModalInteractionComponent, ModalInteractionData,
    ModalInteractionLabel, ModalInteractionStringSelect, ModalInteractionTextDisplay,
    ModalInteractionTextInput,
};
use twilight_model::application::interaction::{InteractionData, InteractionType};
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::TextInput;
use twilight_model::id::Id;
use twilight_model::id::marker::InteractionMarker;

use super::component::find;
use super::envelope::Invocation;
use super::refusal::Refusal;
use crate::state::World;
use crate::state::observed::Answer;

impl World {
    /// Sends the form that the bot opened in answer to `opened_by`. Fields that are not given keep their preset text.
    pub fn submit_form(
        &mut self,
        opened_by: Id<InteractionMarker>,
        fields: &[(String, String)],
    ) -> Result<Id<InteractionMarker>, Refusal> {
        let opener = self.interactions.get(&opened_by).ok_or(Refusal::NoForm)?;
        let Some(Answer::Modal {
            custom_id,
            components,
            ..
        }) = opener.answer.clone()
        else {
            return Err(Refusal::NoForm);
        };
        let (user, channel) = (opener.user, opener.channel);
        let source = opener.source;
        let metadata = opener.metadata.clone();
        let installed = opener.installed;
        if let Some((unknown, _)) = fields
            .iter()
            .find(|(name, _)| find(&components, name).is_none())
        {
            return Err(Refusal::BadField(unknown.clone()));
        }
        let mut next_id = 0;
        let data = ModalInteractionData {
            components: fill_all(&components, fields, &mut next_id)?,
            custom_id,
            resolved: None,
        };
        let mut invocation = Invocation::new(
            user,
            channel,
            InteractionType::ModalSubmit,
            InteractionData::ModalSubmit(Box::new(data)),
        );
        invocation.source = source;
        invocation.triggered_by = Some(metadata);
        self.invoke(invocation, installed)
    }
}

fn fill_all(
    components: &[Component],
    fields: &[(String, String)],
    next_id: &mut i32,
) -> Result<Vec<ModalInteractionComponent>, Refusal> {
    components
        .iter()
        .map(|component| fill(component, fields, next_id))
        .collect()
}

fn fill(
    component: &Component,
    fields: &[(String, String)],
    next_id: &mut i32,
) -> Result<ModalInteractionComponent, Refusal> {
    *next_id += 1;
    let id = *next_id;
    let given = |name: &str| {
        fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.clone())
    };
    Ok(match component {
        Component::ActionRow(row) => {
            ModalInteractionComponent::ActionRow(ModalInteractionActionRow {
                id,
                components: fill_all(&row.components, fields, next_id)?,
            })
        }
        Component::Label(label) => ModalInteractionComponent::Label(ModalInteractionLabel {
            id,
            component: Box::new(fill(&label.component, fields, next_id)?),
        }),
        Component::TextInput(input) => {
            let value = given(&input.custom_id)
                .or_else(|| input.value.clone())
                .unwrap_or_default();
            check_text(input, &value)?;
            ModalInteractionComponent::TextInput(ModalInteractionTextInput {
                custom_id: input.custom_id.clone(),
                id,
                value,
            })
        }
        Component::SelectMenu(menu) => {
            let values: Vec<String> = given(&menu.custom_id).into_iter().collect();
            let required = menu.required.unwrap_or(true);
            let options = menu.options.as_deref().unwrap_or_default();
            let known = values
                .iter()
                .all(|value| options.iter().any(|option| &option.value == value));
            if (required && values.is_empty()) || !known {
                return Err(Refusal::BadField(menu.custom_id.clone()));
            }
            ModalInteractionComponent::StringSelect(ModalInteractionStringSelect {
                id,
                custom_id: menu.custom_id.clone(),
                values,
            })
        }
        Component::TextDisplay(_) => {
            ModalInteractionComponent::TextDisplay(ModalInteractionTextDisplay { id })
        }
        other => ModalInteractionComponent::Unknown(u8::from(other.kind())),
    })
}

fn check_text(input: &TextInput, value: &str) -> Result<(), Refusal> {
    let length = value.chars().count();
    let required = input.required.unwrap_or(true);
    let least = usize::from(input.min_length.unwrap_or(0));
    let most = usize::from(input.max_length.unwrap_or(4_000));
    let missing = required && length == 0;
    let short = length > 0 && length < least;
    if missing || short || length > most {
        return Err(Refusal::BadField(input.custom_id.clone()));
    }
    Ok(())
}
