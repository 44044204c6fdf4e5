//! `/users/@me`: the bot's own account.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use twilight_model::user::{CurrentUser, User};

use crate::Hub;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new().route("/users/@me", get(current_user))
}

async fn current_user(State(hub): State<Arc<Hub>>) -> Json<CurrentUser> {
    Json(as_current(&hub.world().bot.user))
}

/// The bot's account as it sees itself.
#[must_use]
pub fn as_current(user: &User) -> CurrentUser {
    CurrentUser {
        accent_color: None,
        avatar: user.avatar,
        banner: None,
        bot: user.bot,
        discriminator: user.discriminator,
        email: None,
        flags: user.public_flags,
        global_name: user.global_name.clone(),
        id: user.id,
        locale: Some("en-US".to_owned()),
        mfa_enabled: true,
        name: user.name.clone(),
        premium_type: None,
        public_flags: user.public_flags,
        verified: Some(true),
    }
}
