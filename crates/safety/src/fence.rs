//! Code fences as Discord reads them: three backticks anywhere, an optional language tag, up to the next three.

use std::ops::Range;

/// What opens and closes a fence.
pub(crate) const MARK: &str = "```";

/// The longest language tag that is taken for one.
const LONGEST_TAG: usize = 24;

/// One fence of a text; positions are byte offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fence {
    /// Where the opening backticks begin.
    pub start: usize,
    /// The language tag, possibly empty.
    pub tag: Range<usize>,
    /// The code, without the line break behind the tag.
    pub body: Range<usize>,
    /// Where the closing backticks end; none if the fence is still open at the end of the text.
    pub end: Option<usize>,
}

impl Fence {
    /// Whether the byte at `at` belongs to this fence, its backticks included.
    pub fn covers(&self, at: usize) -> bool {
        self.start <= at && self.end.is_none_or(|end| at < end)
    }
}

/// The fences of `text`, in order.
pub(crate) fn fences(text: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find(MARK) {
        let start = from + found;
        let tag = tag(text, start + MARK.len());
        let body_start = if text[tag.end..].starts_with('\n') && !tag.is_empty() {
            tag.end + 1
        } else {
            tag.end
        };
        let close = text[body_start..].find(MARK).map(|at| body_start + at);
        let end = close.map(|at| at + MARK.len());
        fences.push(Fence {
            start,
            tag,
            body: body_start..close.unwrap_or(text.len()),
            end,
        });
        match end {
            Some(end) => from = end,
            None => break,
        }
    }
    fences
}

/// A tag is a tag only when nothing else stands in its line.
fn tag(text: &str, start: usize) -> Range<usize> {
    let rest = &text[start..];
    let length = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"_+-.#".contains(b))
        .count();
    let is_tag = length <= LONGEST_TAG && rest[length..].starts_with('\n');
    if is_tag {
        start..start + length
    } else {
        start..start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_has_a_tag_a_body_and_an_end() {
        let text = "a ```rust\nfn main() {}\n``` b ```x``` c ```py\nopen";
        let all = fences(text);
        assert_eq!(all.len(), 3);
        assert_eq!(&text[all[0].tag.clone()], "rust");
        assert_eq!(&text[all[0].body.clone()], "fn main() {}\n");
        assert_eq!(&text[all[1].body.clone()], "x");
        assert_eq!((&text[all[2].body.clone()], all[2].end), ("open", None));
        assert!(all[0].covers(3) && !all[0].covers(0) && all[2].covers(text.len() - 1));
    }
}
