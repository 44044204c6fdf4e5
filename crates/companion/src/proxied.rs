//! When a webhook's message is a person's message under another name. Plain decisions; [`crate::doorstep`] waits for them.
//!
//! A webhook alone proves nothing: the words must be the person's own, and the person's message must be deleted. Where it
//! was written and deleted while the bot was away, nobody knows whose the repost is: it is a webhook's, as any other.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use store::claims::OpenClaim;
use store::id::UserId;

use crate::incoming::{Author, Incoming};
use crate::sketch;

/// How long after the original a repost may come.
pub(crate) const LATEST: Duration = Duration::from_secs(15);

/// Characters that a proxy takes away at both ends together: the tags by which it knows the name.
/// PluralKit's are at most 100 long, <https://pluralkit.me/api/models/#proxytag-object>.
pub(crate) const TAGS: usize = 100;

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
    is_all_of(original, repost)
        || repost
            .unframed
            .as_deref()
            .is_some_and(|own| stands_in(own, &original.text))
}

/// Whether all that the repost says is the original's. What a webhook quotes is not: it may be anybody's.
fn is_all_of(original: &Incoming, repost: &Incoming) -> bool {
    match &repost.unframed {
        None => stands_in(&repost.text, &original.text),
        Some(_) => is_within(&repost.text, &original.text, together),
    }
}

/// Whether this is the text, without its tags: as it is, or by its letters alone, for markdown, emojis and spaces may have been
/// written differently.
fn stands_in(again: &str, said: &str) -> bool {
    is_within(again, said, together) || is_within(again, said, letters)
}

fn is_within(again: &str, said: &str, plain: fn(&str) -> String) -> bool {
    let (said, again) = (plain(said), plain(again));
    !again.is_empty() && tags_around(&said, &again).is_some_and(|tags| tags <= TAGS)
}

/// Whether a repost follows its original this soon, as Discord has the times of both.
pub(crate) fn follows(original: DateTime<Utc>, repost: DateTime<Utc>) -> bool {
    let after = repost - original;
    after >= TimeDelta::zero() && after.to_std().is_ok_and(|after| after <= LATEST)
}

/// Whether a webhook's message is the repost of one that an earlier start had claimed and that is deleted since. Of its
/// words there is only what the claim keeps.
pub fn is_repost_of(gone: &OpenClaim, message: &Incoming) -> bool {
    message.author.by_webhook
        && message.channel == gone.channel
        && follows(gone.message.written_at(), message.id.written_at())
        // Nobody speaks for somebody who was forgotten.
        && gone.author.get() != 0
        && (gone.sketch).is_some_and(|said| {
            let own = message.unframed.as_ref().unwrap_or(&message.text);
            sketch::says_the_same(gone.message, said, own)
        })
}

/// The message of a webhook as this person's, who was found behind it before a kill: what it replied to nobody knows any
/// more, but it was for us.
pub fn behind(account: UserId, repost: Incoming) -> Incoming {
    let own = repost.unframed.clone().filter(|own| !own.is_empty());
    Incoming {
        author: person_behind(account, &repost),
        mentions_bot: true,
        text: own.unwrap_or_else(|| repost.text.clone()),
        ..repost
    }
}

fn person_behind(account: UserId, repost: &Incoming) -> Author {
    Author {
        id: account,
        name: repost.author.name.clone(),
        automated: false,
        by_webhook: false,
        proxied: true,
    }
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
    // What a proxy wrote around them is not their words.
    let own = match is_all_of(original, repost) {
        true => None,
        false => repost.unframed.clone().filter(|own| !own.is_empty()),
    };
    Incoming {
        author: person_behind(original.author.id, repost),
        text: own.unwrap_or_else(|| repost.text.clone()),
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
pub(crate) fn letters(text: &str) -> String {
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

    fn framed(text: &str, own: &str) -> Incoming {
        Incoming {
            unframed: Some(own.into()),
            ..said(text)
        }
    }

    #[test]
    fn what_a_proxy_writes_around_the_words_is_left_out() {
        let original = said("a: hello QUILL");
        for text in [
            "-# ↪ [bob](https://a.example): what do you think\n@F hello QUILL",
            "> what?\n@bob\n@F hello QUILL",
        ] {
            let repost = framed(text, "hello QUILL");
            assert!(says_the_same(&original, &repost), "{text}");
            assert_eq!(person(&original, &repost).text, "hello QUILL");
        }
        let own_quote = framed("> you said no\nwhy?", "why?");
        let original = said("a: > you said no\nwhy?");
        assert!(says_the_same(&original, &own_quote));
        assert_eq!(person(&original, &own_quote).text, own_quote.text);
    }

    #[test]
    fn a_webhook_that_only_quotes_is_a_stranger() {
        let original = said("a: hello QUILL");
        assert!(!says_the_same(&original, &framed("> hello QUILL", "")));
        assert!(!says_the_same(
            &original,
            &framed("> hello QUILL\nwas deleted", "was deleted")
        ));
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
