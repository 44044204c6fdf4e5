//! A person presses a button or picks from a menu.

use twilight_model::application::interaction::application_command::CommandOptionValue;
use twilight_model::application::interaction::message_component::MessageComponentInteractionData;
use twilight_model::application::interaction::{InteractionData, InteractionType};
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{SelectMenu, SelectMenuType};
use twilight_model::id::Id;
use twilight_model::id::marker::{
    ChannelMarker, GenericMarker, InteractionMarker, MessageMarker, UserMarker,
};

use super::command::Installed;
use super::envelope::{Invocation, nothing_resolved};
use super::refusal::Refusal;
use crate::state::World;

/// A component that can be used, found in a message or a form.
pub fn find<'a>(components: &'a [Component], custom_id: &str) -> Option<&'a Component> {
    components.iter().find_map(|component| match component {
        Component::Button(button) if button.custom_id.as_deref() == Some(custom_id) => {
            Some(component)
        }
        Component::SelectMenu(menu) if menu.custom_id == custom_id => Some(component),
        Component::TextInput(input) if input.custom_id == custom_id => Some(component),
        Component::ActionRow(row) => find(&row.components, custom_id),
        Component::Container(container) => find(&container.components, custom_id),
        Component::Section(section) => find(std::slice::from_ref(&section.accessory), custom_id)
            .or_else(|| find(&section.components, custom_id)),
        Component::Label(label) => find(std::slice::from_ref(&label.component), custom_id),
        _ => None,
    })
}

impl World {
    /// A button (no values) or a menu (the values picked; of people, roles and channels their ids).
    pub fn use_component(
        &mut self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        custom_id: &str,
        values: &[String],
    ) -> Result<Id<InteractionMarker>, Refusal> {
        if self.permissions(user, channel).is_empty() {
            return Err(Refusal::NoAccess);
        }
        let stored = self
            .channels
            .get(&channel)
            .and_then(|state| state.messages.get(&message))
            .filter(|stored| stored.only_for.is_none_or(|only| only == user))
            .ok_or(Refusal::NoMessage)?;
        let component = find(&stored.message.components, custom_id)
            .ok_or_else(|| Refusal::NoComponent(custom_id.to_owned()))?
            .clone();
        let disabled = match &component {
            Component::Button(button) => button.disabled,
            Component::SelectMenu(menu) => menu.disabled,
            _ => false,
        };
        if disabled {
            return Err(Refusal::Disabled(custom_id.to_owned()));
        }
        let mut resolved = nothing_resolved();
        match &component {
            Component::SelectMenu(menu) => {
                check_values(menu, values)?;
                for value in values {
                    if let Some(value) = entity(menu.kind, value)? {
                        self.resolve(&value, channel, &mut resolved);
                    }
                }
            }
            Component::Button(_) if values.is_empty() => {}
            _ => return Err(Refusal::NoComponent(custom_id.to_owned())),
        }
        let data = MessageComponentInteractionData {
            custom_id: custom_id.to_owned(),
            component_type: component.kind(),
            resolved: (resolved != nothing_resolved()).then_some(resolved),
            values: values.to_vec(),
        };
        let mut invocation = Invocation::new(
            user,
            channel,
            InteractionType::MessageComponent,
            InteractionData::MessageComponent(Box::new(data)),
        );
        invocation.source = Some(message);
        let installed = self.installed_at(user, channel);
        self.invoke(invocation, installed)
    }

    /// Through which installations a component of the application works here.
    pub(crate) fn installed_at(
        &self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
    ) -> Installed {
        let bot = self.bot_id();
        let in_guild = match self.guild_of(channel) {
            Some(guild) => self
                .guilds
                .get(&guild)
                .is_some_and(|state| state.members.contains_key(&bot)),
            None => true,
        };
        Installed {
            in_guild,
            by_user: self.user_installs.contains(&user),
        }
    }
}

fn check_values(menu: &SelectMenu, values: &[String]) -> Result<(), Refusal> {
    let least = usize::from(menu.min_values.unwrap_or(1));
    let most = usize::from(menu.max_values.unwrap_or(1));
    if values.len() < least || values.len() > most {
        return Err(Refusal::OutOfRange(menu.custom_id.clone()));
    }
    if menu.kind != SelectMenuType::Text {
        return Ok(());
    }
    let options = menu.options.as_deref().unwrap_or_default();
    match values
        .iter()
        .find(|value| !options.iter().any(|option| &option.value == *value))
    {
        Some(value) => Err(Refusal::NotAChoice {
            option: menu.custom_id.clone(),
            value: value.clone(),
        }),
        None => Ok(()),
    }
}

/// The person, role or channel that a menu's value means; `None` for text menus.
fn entity(kind: SelectMenuType, value: &str) -> Result<Option<CommandOptionValue>, Refusal> {
    if kind == SelectMenuType::Text {
        return Ok(None);
    }
    let id: Id<GenericMarker> = value.parse().map_err(|_| Refusal::NotAChoice {
        option: "the menu".to_owned(),
        value: value.to_owned(),
    })?;
    Ok(Some(match kind {
        SelectMenuType::User => CommandOptionValue::User(id.cast()),
        SelectMenuType::Role => CommandOptionValue::Role(id.cast()),
        SelectMenuType::Channel => CommandOptionValue::Channel(id.cast()),
        _ => CommandOptionValue::Mentionable(id),
    }))
}
