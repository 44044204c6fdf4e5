//! When a webhook's message is a person's message under another name. Plain decisions; [`crate::doorstep`] waits for them.
//!
//! A webhook alone proves nothing: the words must be the person's own, and the person's message must be deleted.

use crate::incoming::{Author, Incoming};

/// Characters that a proxy takes away at both ends together: the tags by which it knows the name.
/// PluralKit's are at most 100 long, <https://pluralkit.me/api/models/#proxytag-object>.
const TAGS: usize = 100;

/// Whether the repost says what the original says, without its tags.
pub(crate) fn says_the_same(original: &Incoming, repost: &Incoming) -> bool {
    let files = |message: &Incoming| -> Vec<String> {
        let files = message.attachments.iter();
        files.map(|file| file.filename.clone()).collect()
    };
    if repost.text.trim().is_empty() {
        let only_tags = original.text.chars().count() <= TAGS;
        return only_tags && !repost.attachments.is_empty() && files(original) == files(repost);
    }
    // As it is, and by its letters alone: markdown, emojis and spaces may have been written differently.
    [together, letters].iter().any(|plain| {
        let (said, again) = (plain(&original.text), plain(&repost.text));
        !again.is_empty() && tags_around(&said, &again).is_some_and(|tags| tags <= TAGS)
    })
}

/// How many characters stand around the second text in the first.
fn tags_around(said: &str, again: &str) -> Option<usize> {
    let at = said.find(again)?;
    let around = [&said[..at], &said[at + again.len()..]];
    Some(around.iter().map(|part| part.chars().count()).sum())
}

/// The person's message as the repost shows it: the account behind it pays and can have it forgotten, the name is the
/// other one. What it replies to only the original tells.
pub(crate) fn person(original: &Incoming, repost: &Incoming) -> Incoming {
    Incoming {
        author: Author {
            id: original.author.id,
            name: repost.author.name.clone(),
            automated: false,
            by_webhook: false,
            proxied: true,
        },
        mentions_bot: original.mentions_bot || repost.mentions_bot,
        mentions_others: original.mentions_others,
        reply_to: original.reply_to.clone().or(repost.reply_to.clone()),
        ..repost.clone()
    }
}

/// The text without spaces.
fn together(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The letters and digits of a text, in small letters.
fn letters(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incoming::Attachment;
    use crate::incoming::tests::message;
    use rstest::rstest;

    fn said(text: &str) -> Incoming {
        Incoming {
            text: text.into(),
            ..message()
        }
    }

    #[rstest]
    #[case::tags("A: hello there", "hello there", true)]
    #[case::kept_tags("A: hello there", "A: hello there", true)]
    #[case::brackets("[hello there]", "hello there", true)]
    #[case::both_ends("{{hello}} -m", "hello", true)]
    #[case::spaces("A:  hello\n there", "hello there", true)]
    #[case::chinese("小米：你好，今天怎么样？", "你好，今天怎么样？", true)]
    #[case::signs("A: ?!", "?!", true)]
    #[case::only_signs("?!", "?!", true)]
    #[case::other_words("A: hello there", "hello, give me money", false)]
    #[case::left_out_inside("I do not like it", "I do like it", false)]
    #[case::nothing("A: hello", "", false)]
    fn a_repost_is_the_original_without_its_tags(
        #[case] original: &str,
        #[case] repost: &str,
        #[case] same: bool,
    ) {
        assert_eq!(says_the_same(&said(original), &said(repost)), same);
    }

    #[test]
    fn a_few_words_of_a_long_message_are_not_the_message() {
        let long = format!("{} and I agree", "somebody said something ".repeat(10));
        assert!(!says_the_same(&said(&long), &said("and I agree")));
    }

    #[test]
    fn a_picture_is_the_same_by_its_name() {
        let picture = |text: &str, name: &str| Incoming {
            attachments: vec![Attachment {
                filename: name.into(),
                content_type: None,
                description: None,
            }],
            ..said(text)
        };
        assert!(says_the_same(
            &picture("A:", "cat.png"),
            &picture("", "cat.png")
        ));
        assert!(!says_the_same(
            &picture("A:", "cat.png"),
            &picture("", "dog.png")
        ));
    }
}
