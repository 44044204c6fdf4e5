//! Vectors from an endpoint, through the ledger: turns are read as background work of their server, a question as a part
//! of its asker's reply. What the ledger refuses is not read, and memory is searched by words.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use ledger::{Ask, Ledger, Purpose, Spender};
use memory::{Asker, EmbedFailed, Embedder, Occasion};
use provider::{EmbedRequest, Embedded, Embeddings};
use store::id::UserId;
use tokio_util::task::TaskTracker;

use crate::endpoints::Endpoints;
use crate::settle;

/// An endpoint as memory's embedder.
pub struct FromEndpoint {
    desk: Arc<Desk>,
    model: String,
    calls: TaskTracker,
}

struct Desk {
    embeddings: Embeddings,
    ledger: Ledger,
    endpoints: Endpoints,
}

impl FromEndpoint {
    /// This endpoint, paid for by this ledger. Running calls are among `calls`, which a stop waits for; while it rests by
    /// `endpoints`, it is not asked.
    pub fn new(
        embeddings: Embeddings,
        ledger: Ledger,
        calls: TaskTracker,
        endpoints: Endpoints,
    ) -> Self {
        let key = &embeddings.terms().key;
        Self {
            model: format!("{}/{}", key.provider, key.model),
            desk: Arc::new(Desk {
                embeddings,
                ledger,
                endpoints,
            }),
            calls,
        }
    }
}

impl Embedder for FromEndpoint {
    fn model(&self) -> &str {
        &self.model
    }

    fn embed(
        &self,
        texts: Vec<String>,
        occasion: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        let desk = Arc::clone(&self.desk);
        async move {
            // In a task of its own: whoever waits may give up, and the call is settled all the same.
            let call = self
                .calls
                .spawn(async move { desk.call(texts, occasion).await });
            call.await
                .unwrap_or_else(|error| Err(EmbedFailed::Failed(error.to_string())))
        }
        .boxed()
    }
}

impl Desk {
    async fn call(
        &self,
        texts: Vec<String>,
        occasion: Occasion,
    ) -> Result<Vec<Vec<f32>>, EmbedFailed> {
        let (spender, ask) = match occasion {
            Occasion::Turns { guild, person } => (for_turns(guild, person), Purpose::Embedding),
            Occasion::Question(Some(asker)) => (for_question(&asker), Purpose::Recall),
            Occasion::Question(None) => {
                return Err(EmbedFailed::Refused(
                    "it is not known for whom the question is read".to_owned(),
                ));
            }
        };
        let asker = match occasion {
            Occasion::Question(asker) => asker,
            Occasion::Turns { .. } => None,
        };
        let request = EmbedRequest { inputs: texts };
        let ask = Ask {
            input_bound: request.input_bound(),
            cap: 0,
            purpose: ask,
            turn: asker.and_then(|asker| asker.message),
            persona: asker.map(|asker| asker.persona),
        };
        let terms = self.embeddings.terms();
        // A question finds its answers by words meanwhile, so neither waits for anybody.
        let pass = self.endpoints.enter_behind(&terms.key).map_err(|_| {
            EmbedFailed::Refused("its endpoint failed, and is left alone for a while".to_owned())
        })?;
        let hold = self.ledger.hold(&spender, terms, ask).await;
        let hold = hold.map_err(|refusal| EmbedFailed::Refused(refusal.to_string()))?;
        let Embedded {
            hold,
            outcome,
            result,
        } = self.embeddings.embed(hold, &request).await;
        pass.ended_with(&result);
        settle::hold(&self.ledger, hold, outcome).await;
        result.map_err(|error| EmbedFailed::Failed(error.to_string()))
    }
}

/// A server pays for what is read for everybody there, a person for their direct messages. Where the person is not
/// known, the bot's own limits count.
fn for_turns(guild: Option<store::id::GuildId>, person: Option<UserId>) -> Spender {
    let operator = Spender::operator();
    Spender {
        guild,
        channel: None,
        member: person.unwrap_or(operator.member),
    }
}

fn for_question(asker: &Asker) -> Spender {
    Spender {
        guild: asker.guild,
        channel: asker.channel,
        member: asker.person,
    }
}
