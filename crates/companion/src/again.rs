//! The second try. An endpoint that refuses a field of a request did not run the model: the hold is given back, and the
//! same message is asked again at once, without the field, under a new hold. The person sees one reply.

use provider::{Field, ProviderError};

use crate::companion::Shared;
use crate::hold::{self, NoHold, Reserved};
use crate::recall::Past;
use crate::reply::Reply;
use crate::settle;
use crate::speak::{self, Manners, Streamed};
use crate::speaker::Utterance;
use crate::typing::Typing;

/// Each field can be refused once.
pub(crate) const MOST_TRIES: usize = Field::ALL.len();

/// Whether the same request may be made again at once.
pub(crate) fn is_worth_asking_again<T>(result: &Result<T, ProviderError>) -> bool {
    matches!(result, Err(ProviderError::FieldRefused { .. }))
}

/// What was said in the end, and the reservation without its generation.
pub(crate) struct Spoken {
    pub(crate) streamed: Streamed,
    pub(crate) read_in_part: Option<usize>,
    pub(crate) own: String,
    pub(crate) report: store::reports::NewReport,
}

/// Streams what is reserved into an utterance, and asks again as long as that shows nothing but a refused field.
pub(crate) async fn speak(
    shared: &Shared,
    (reply, past): (&Reply<'_>, &Past),
    mut reserved: Reserved,
    utterance: &mut dyn Utterance,
    manners: &Manners<'_>,
    before: &str,
    typing: Typing,
) -> Result<Spoken, NoHold> {
    let house = &*shared.house;
    let mut typing = Some(typing);
    let mut tries = 0;
    loop {
        let Reserved {
            generation,
            read_in_part,
            own,
            report,
            rung,
            mut pass,
            coming,
        } = reserved;
        let said = speak::speak(
            generation,
            utterance,
            manners,
            before,
            (&mut typing, &mut pass),
            &shared.cut,
        );
        let streamed = said.await;
        pass.ended(&streamed.finished.result);
        if let Some(coming) = coming {
            coming.made();
        }
        tries += 1;
        let again = streamed.text.is_empty()
            && is_worth_asking_again(&streamed.finished.result)
            && tries <= MOST_TRIES
            && !shared.cut.is_cancelled();
        if !again {
            let shrunk = &report.shrunk;
            house.counts.held(rung, shrunk.step == 0 && !shrunk.brief);
            return Ok(Spoken {
                streamed,
                read_in_part,
                own,
                report,
            });
        }
        settle::settle(house, streamed.finished).await;
        reserved = hold::hold(house, reply, past).await?;
    }
}
