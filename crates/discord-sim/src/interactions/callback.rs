//! `POST /interactions/{id}/{token}/callback`: the first answer.

use std::sync::Arc;

use axum::Router;

use crate::Hub;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
}
