//! Vectors from an endpoint, through the ledger: turns are read as background work of their server, a question as a part
//! of its asker's reply. What the ledger refuses is not read, and memory is searched by words.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use ledger::{Ask, Ledger, Outcome, Purpose, Spender};
use memory::{Asker, EmbedFailed, Embedder, Occasion};
use provider::{EmbedRequest, Embedded, Embeddings, ProviderError};
use store::id::UserId;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::endpoints::Endpoints;
use crate::settle;
use crate::slots::{Address, Slots, Taken};

/// Turns that a server of one's own reads at once: few, so that little is lost where it gives way to a reply.
const AT_ONCE: usize = 8;

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
    slots: Slots,
}

/// Why there are no vectors.
enum Unread {
    /// A reply came at a server of one's own.
    GaveWay,
    Failed(EmbedFailed),
}

impl FromEndpoint {
    /// This endpoint, paid for by this ledger. Running calls are among `calls`, which a stop waits for; while it rests by
    /// `endpoints`, it is not asked; and while replies are made at the same server by `slots`, no turns are read.
    pub fn new(
        embeddings: Embeddings,
        ledger: Ledger,
        calls: TaskTracker,
        endpoints: Endpoints,
        slots: Slots,
    ) -> Self {
        let key = &embeddings.terms().key;
        Self {
            model: format!("{}/{}", key.provider, key.model),
            desk: Arc::new(Desk {
                embeddings,
                ledger,
                endpoints,
                slots,
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
        async move {
            let at = Address::of_vectors(&self.desk.embeddings);
            match (at, occasion) {
                (Some(at), Occasion::Turns { .. }) => self.in_quiet(&at, texts, occasion).await,
                // A question is a part of a reply, which waits for its vector a moment only: then the slot is needed for
                // the reply itself.
                (at @ Some(_), Occasion::Question(_)) => {
                    let _coming = self.desk.slots.expect(at);
                    let given_up = CancellationToken::new();
                    let _cut = given_up.clone().drop_guard();
                    let read = self.call(texts, occasion, given_up).await;
                    read.map_err(Unread::failed)
                }
                (None, _) => {
                    let read = self.call(texts, occasion, CancellationToken::new());
                    read.await.map_err(Unread::failed)
                }
            }
        }
        .boxed()
    }
}

impl FromEndpoint {
    /// In a task of its own: whoever waits may go, and the call is settled all the same. It is broken off only where it is
    /// given up.
    async fn call(
        &self,
        texts: Vec<String>,
        occasion: Occasion,
        given_up: CancellationToken,
    ) -> Result<Vec<Vec<f32>>, Unread> {
        let desk = Arc::clone(&self.desk);
        let call = self
            .calls
            .spawn(async move { desk.call(texts, occasion, &given_up).await });
        call.await
            .unwrap_or_else(|error| Err(EmbedFailed::Failed(error.to_string()).into()))
    }

    /// A few turns at a time, while no reply is there, and again what gave way to one.
    async fn in_quiet(
        &self,
        at: &Address,
        texts: Vec<String>,
        occasion: Occasion,
    ) -> Result<Vec<Vec<f32>>, EmbedFailed> {
        let slots = &self.desk.slots;
        let mut vectors = Vec::with_capacity(texts.len());
        while let Some(left) = texts.get(vectors.len()..).filter(|left| !left.is_empty()) {
            let quiet = slots.quiet(at).await;
            quiet.map_err(|Taken(_)| Unread::GaveWay.failed())?;
            let piece = (AT_ONCE >> slots.interruptions_at(at).min(3)).max(1);
            let piece = left.iter().take(piece).cloned().collect();
            match self.call(piece, occasion, CancellationToken::new()).await {
                Ok(read) if read.is_empty() => break,
                Ok(read) => vectors.extend(read),
                Err(Unread::GaveWay) => {}
                Err(Unread::Failed(failed)) => return Err(failed),
            }
        }
        Ok(vectors)
    }
}

impl From<EmbedFailed> for Unread {
    fn from(failed: EmbedFailed) -> Self {
        Self::Failed(failed)
    }
}

impl Unread {
    fn failed(self) -> EmbedFailed {
        match self {
            Self::GaveWay => EmbedFailed::Refused("a reply came first".to_owned()),
            Self::Failed(failed) => failed,
        }
    }
}

impl Desk {
    async fn call(
        &self,
        texts: Vec<String>,
        occasion: Occasion,
        given_up: &CancellationToken,
    ) -> Result<Vec<Vec<f32>>, Unread> {
        let turns = matches!(occasion, Occasion::Turns { .. });
        let (spender, ask) = match occasion {
            Occasion::Turns { guild, person } => (for_turns(guild, person), Purpose::Embedding),
            Occasion::Question(Some(asker)) => (for_question(&asker), Purpose::Recall),
            Occasion::Question(None) => {
                return Err(EmbedFailed::Refused(
                    "it is not known for whom the question is read".to_owned(),
                )
                .into());
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
        let at = turns.then(|| Address::of_vectors(&self.embeddings));
        let behind = self.slots.begin(at.flatten()).await;
        let behind = behind.map_err(|Taken(_)| Unread::GaveWay)?;
        let hold = self.ledger.hold(&spender, terms, ask).await;
        let hold = hold.map_err(|refusal| EmbedFailed::Refused(refusal.to_string()))?;
        let Embedded {
            hold,
            outcome,
            result,
        } = self
            .embeddings
            .embed_until(hold, &request, async {
                tokio::select! {
                    () = behind.called_back() => {}
                    () = given_up.cancelled() => {}
                }
            })
            .await;
        pass.ended_with(&result);
        let gave_way = result == Err(ProviderError::Stopped);
        match gave_way {
            true => drop(behind.gives_way(outcome != Outcome::NothingSent)),
            false => behind.ended(),
        }
        settle::hold(&self.ledger, hold, outcome).await;
        match gave_way {
            true => Err(Unread::GaveWay),
            false => result.map_err(|error| EmbedFailed::Failed(error.to_string()).into()),
        }
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
