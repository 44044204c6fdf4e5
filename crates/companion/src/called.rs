//! What everybody is called in a reply's prompt, and in what is said of them: see [`memory::names`].

use memory::names::Names;
use memory::{Known, ScopeId};
use store::StoreError;

use crate::house::House;
use crate::reply::Reply;
use crate::speaker::Speaker;

/// Names for all who may come up in a reply: who ever spoke here or in the channel above, whom a fact is about, and who
/// writes now. They depend on the place and not on the message, so that nobody is called otherwise from one to the next.
pub(crate) async fn names(
    house: &House,
    speaker: &dyn Speaker,
    reply: &Reply<'_>,
    parent: Option<&ScopeId>,
    known: &[Known],
) -> Result<Names, StoreError> {
    let mut spoke = match parent {
        Some(parent) => house.store.speakers(parent).await?,
        None => vec![],
    };
    spoke.extend(house.store.speakers(&reply.scope()).await?);
    let facts = known.iter().flat_map(|known| &known.facts);
    let told = facts.map(|fact| (fact.about, fact.about_name.as_str()));
    let spoke = spoke.iter().map(|(user, name)| (*user, name.as_str()));
    let author = &reply.message.author;
    // A proxy's name is of one message, and not the account's.
    let writes = (!author.proxied).then_some((author.id, author.name.as_str()));
    let people = told.chain(spoke).chain(writes);
    let account = speaker.account();
    let persona = [reply.persona.card.called(), reply.persona.name.as_str()];
    Ok(Names::new(
        people,
        persona.into_iter().chain(account.as_deref()),
    ))
}
