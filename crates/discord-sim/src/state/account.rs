//! Accounts: the bot's, people's, and the face a webhook puts on.

use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, UserMarker};
use twilight_model::oauth::ApplicationFlags;
use twilight_model::user::{User, UserFlags};

use super::World;

/// The application and its bot user.
#[derive(Clone)]
pub struct BotAccount {
    /// The application's id; like at Discord for new applications, it equals the bot user's.
    pub application_id: Id<ApplicationMarker>,
    /// The bot user.
    pub user: User,
    /// What it must present in `Authorization: Bot …`.
    pub token: String,
    /// The switches of the developer portal.
    pub flags: ApplicationFlags,
    /// Whether people may install it for themselves.
    pub user_installable: bool,
}

impl std::fmt::Debug for BotAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BotAccount")
            .field("application_id", &self.application_id)
            .field("user", &self.user.name)
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}

/// An account with nothing but a name.
#[must_use]
pub fn new_user(id: Id<UserMarker>, name: &str, bot: bool) -> User {
    User {
        accent_color: None,
        avatar: None,
        avatar_decoration: None,
        avatar_decoration_data: None,
        banner: None,
        bot,
        discriminator: 0,
        email: None,
        flags: None,
        global_name: (!bot).then(|| name.to_owned()),
        id,
        locale: None,
        mfa_enabled: None,
        name: name.to_owned(),
        premium_type: None,
        primary_guild: None,
        public_flags: Some(UserFlags::empty()),
        system: None,
        verified: None,
    }
}

impl World {
    /// A person joins Discord.
    pub fn add_user(&mut self, name: &str) -> User {
        let user = new_user(self.next_id(), name, false);
        self.users.insert(user.id, user.clone());
        self.register(user.id);
        user
    }

    /// Somebody chooses a display name; the servers they are in are told of it.
    pub fn set_display_name(&mut self, id: Id<UserMarker>, name: Option<&str>) {
        let Some(user) = self.users.get_mut(&id) else {
            return;
        };
        user.global_name = name.map(str::to_owned);
        let user = user.clone();
        let homes: Vec<_> = self
            .guilds
            .iter()
            .filter(|(_, state)| state.members.contains_key(&id))
            .map(|(guild, _)| *guild)
            .collect();
        for guild in homes {
            self.update_member(guild, id, |member| member.user = user.clone());
        }
    }

    /// The bot's user id.
    #[must_use]
    pub fn bot_id(&self) -> Id<UserMarker> {
        self.bot.user.id
    }
}
