//! Events that are altered on their way to the bot: what Discord sends and no person here can make, such as an ornament of
//! next year.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// What is done to an event's name and payload; `false` loses it.
type Alter = dyn Fn(&str, &mut Value) -> bool + Send + Sync;

/// Alters events.
#[derive(Clone)]
pub struct Alteration(Arc<Alter>);

impl Alteration {
    /// Does this to every event.
    pub fn new(alter: impl Fn(&str, &mut Value) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(alter))
    }

    /// The payload as it is sent; `None` where it is lost.
    #[must_use]
    pub fn apply(&self, name: &str, payload: &Value) -> Option<Value> {
        let mut altered = payload.clone();
        (self.0)(name, &mut altered).then_some(altered)
    }
}

impl fmt::Debug for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Alteration")
    }
}
