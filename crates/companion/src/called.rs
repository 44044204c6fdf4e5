//! What everybody is called in a reply's prompt, and in what is said of them: see [`memory::names`].

use memory::names::{Name, Names, heard};
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
    let told = facts.map(|fact| (fact.about, Name::told(fact)));
    let spoke = spoke.iter().map(heard);
    let author = &reply.message.author;
    let people = told.chain(spoke).chain([(author.id, author.called())]);
    let account = speaker.account();
    let persona = [reply.persona.card.called(), reply.persona.name.as_str()];
    Ok(Names::new(
        people,
        persona.into_iter().chain(account.as_deref()),
    ))
}
