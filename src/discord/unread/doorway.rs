//! The commands' framework, with a second way in: serenity alone hands events to it, and only those that it could parse.

use std::sync::{Arc, OnceLock};

use serenity::all::{Client, Context, Framework, FullEvent};
use serenity::async_trait;

/// Where the framework is found once the client is built.
pub type Opened = Arc<OnceLock<Arc<dyn Framework>>>;

/// Hands the framework over to serenity and to whoever has the other end.
pub struct Doorway<F> {
    framework: Option<F>,
    opened: Opened,
}

impl<F: Framework + 'static> Doorway<F> {
    /// The framework, and where it will be found.
    pub fn new(framework: F) -> (Self, Opened) {
        let opened = Opened::default();
        let doorway = Self {
            framework: Some(framework),
            opened: Arc::clone(&opened),
        };
        (doorway, opened)
    }
}

#[async_trait]
impl<F: Framework + 'static> Framework for Doorway<F> {
    async fn init(&mut self, client: &Client) {
        if let Some(mut framework) = self.framework.take() {
            framework.init(client).await;
            self.opened.get_or_init(|| Arc::new(framework));
        }
    }

    async fn dispatch(&self, ctx: Context, event: FullEvent) {
        if let Some(framework) = self.opened.get() {
            framework.dispatch(ctx, event).await;
        }
    }
}
