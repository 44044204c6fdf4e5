//! The small web server that Prometheus asks.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::Figures;

/// Why the figures cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// The address is taken, or not this machine's.
    #[error(
        "metrics.listen in the configuration is {address}, and I cannot listen there: {source}. Choose another port, or leave the key out for no figures."
    )]
    Address {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

/// An address that is taken for the figures, before there are any.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes the address.
    pub async fn bind(address: SocketAddr) -> Result<Self, MetricsError> {
        let wrong = |source| MetricsError::Address { address, source };
        let listener = TcpListener::bind(address).await.map_err(wrong)?;
        let address = listener.local_addr().map_err(wrong)?;
        Ok(Self { listener, address })
    }

    /// Where it listens; a port of 0 has become a real one.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until the handle is aborted.
    pub fn serve(self, figures: Figures) -> JoinHandle<()> {
        let router = Router::new()
            .route("/metrics", get(scrape))
            .with_state(Arc::new(figures));
        tracing::info!("figures for Prometheus at http://{}/metrics", self.address);
        tokio::spawn(async move {
            if let Err(error) = axum::serve(self.listener, router).await {
                tracing::error!(%error, "figures are not served any more");
            }
        })
    }
}

async fn scrape(State(figures): State<Arc<Figures>>) -> Response {
    match figures.text().await {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::warn!(%error, "figures cannot be told");
            (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response()
        }
    }
}
