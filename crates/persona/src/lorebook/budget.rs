//! Leaves lore out when there is more of it than tokens for it.

use super::Fired;

/// Removes the entry that matters least until the rest fits: first those that ask for it (`@@ignore_on_max_context`), then by
/// priority, constant ones last, and of equals the one that stands later in the book.
pub(super) fn trim(fired: &mut Vec<Fired<'_>>, budget: usize) {
    let mut total: usize = fired.iter().map(|fired| fired.tokens).sum();
    if total <= budget {
        return;
    }
    fired.sort_by_key(|fired| {
        let entry = fired.entry;
        let gives_way = entry.decorators().ignore_on_max_context;
        (
            !gives_way,
            entry.is_constant(),
            entry.priority(),
            entry.insertion_order(),
            std::cmp::Reverse(entry.index()),
        )
    });
    let surplus = fired
        .iter()
        .take_while(|fired| {
            let too_much = total > budget;
            total -= if too_much { fired.tokens } else { 0 };
            too_much
        })
        .count();
    fired.drain(..surplus);
}
