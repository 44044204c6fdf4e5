//! `/applications/@me` and its older twin: what the developer portal knows of the application.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use twilight_model::id::Id;
use twilight_model::oauth::{
    Application, ApplicationIntegrationMap, ApplicationIntegrationTypeConfig,
};
use twilight_model::user::User;

use crate::Hub;
use crate::state::World;
use crate::state::account::new_user;

/// A key of the right form; nobody signs anything here.
const VERIFY_KEY: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/applications/@me", get(show))
        .route("/oauth2/applications/@me", get(show))
}

async fn show(State(hub): State<Arc<Hub>>) -> Json<Value> {
    Json(describe(&hub.world()))
}

fn describe(world: &World) -> Value {
    let bot = &world.bot;
    let guilds = world
        .guilds
        .values()
        .filter(|guild| guild.members.contains_key(&bot.user.id))
        .count();
    let install = || ApplicationIntegrationTypeConfig {
        oauth2_install_params: None,
    };
    let application = Application {
        approximate_guild_count: Some(guilds as u64),
        approximate_user_install_count: Some(world.user_installs.len() as u64),
        bot: Some(bot.user.clone()),
        bot_public: true,
        bot_require_code_grant: false,
        cover_image: None,
        custom_install_url: None,
        description: String::new(),
        flags: Some(bot.flags),
        guild: None,
        guild_id: None,
        icon: None,
        id: bot.application_id,
        install_params: None,
        integration_types_config: Some(ApplicationIntegrationMap {
            guild: Some(install()),
            user: bot.user_installable.then(install),
        }),
        interactions_endpoint_url: None,
        name: bot.user.name.clone(),
        owner: Some(owner(world)),
        primary_sku_id: None,
        privacy_policy_url: None,
        redirect_uris: Some(Vec::new()),
        role_connections_verification_url: None,
        rpc_origins: Vec::new(),
        slug: None,
        tags: None,
        team: None,
        terms_of_service_url: None,
        verify_key: VERIFY_KEY.to_owned(),
    };
    let mut json = json!(application);
    // Left out by twilight, sent by Discord and read by clients of others.
    json["summary"] = json!("");
    json["interactions_endpoint_url"] = Value::Null;
    json["role_connections_verification_url"] = Value::Null;
    json["type"] = Value::Null;
    json["flags_new"] = json!(bot.flags.bits().to_string());
    json["approximate_user_authorization_count"] = json!(0);
    json["explicit_content_filter"] = json!(0);
    json["eligible_oauth2_scopes"] = json!([]);
    json
}

/// Who runs the bot: an account that was there just before the bot's, and does nothing else.
fn owner(world: &World) -> User {
    let before = Id::new_checked(world.bot.user.id.get() - 1);
    new_user(before.unwrap_or(world.bot.user.id), "operator", false)
}
