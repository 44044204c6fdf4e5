//! Character by character: compatibility forms, invisible characters, marks, look-alike letters, simplified Chinese.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

use crate::language::is_han;

/// What of `text` the eye can see, in lower case and plain letters.
pub(super) fn visible(text: &str) -> String {
    let shown = text
        .nfkd()
        .filter(|&c| !is_invisible(c) && !is_combining_mark(c));
    shown
        .flat_map(char::to_lowercase)
        .map(|c| {
            if c.is_ascii() || is_han(c) {
                c
            } else {
                look_alike(c)
            }
        })
        .collect()
}

/// Closes up Chinese: only Han characters and letters stay, `|` parts clauses, traditional becomes simplified.
pub(super) fn han(visible: &str) -> String {
    let kept = visible.chars().filter_map(|c| match c {
        '，' | ',' | '。' | '！' | '!' | '？' | '?' | '；' | ';' | '\n' => Some('|'),
        _ if is_han(c) => Some(SIMPLIFIED.get(&c).copied().unwrap_or(c)),
        _ if c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    });
    kept.collect()
}

/// The Latin letter that a letter of another alphabet looks like; itself if it looks like none.
///
/// [`skeleton`] is Unicode's own table (UTS 39); it leaves out letters that only look alike at a glance, and a
/// glance is what matters here, so [`AT_A_GLANCE`] comes first.
pub(crate) fn look_alike(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    if let Some(&latin) = AT_A_GLANCE_MAP.get(&c) {
        return latin;
    }
    if let Some(letter) = boxed_letter(c) {
        return letter;
    }
    let mut buffer = [0u8; 4];
    let mut letters = skeleton(c.encode_utf8(&mut buffer)).filter(|&c| !is_combining_mark(c));
    match (letters.next(), letters.next()) {
        (Some(one), None) if one.is_ascii_graphic() => one.to_ascii_lowercase(),
        _ => c,
    }
}

/// Letters in dark circles, dark squares and flags have no compatibility form.
fn boxed_letter(c: char) -> Option<char> {
    let index = match c {
        '\u{1f150}'..='\u{1f169}' => u32::from(c) - 0x1f150,
        '\u{1f170}'..='\u{1f189}' => u32::from(c) - 0x1f170,
        '\u{1f1e6}'..='\u{1f1ff}' => u32::from(c) - 0x1f1e6,
        _ => return None,
    };
    char::from_u32(u32::from('a') + index)
}

/// Whether a character takes no room: control, format and filler characters, and variation selectors.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Lower-case letters that pass for a Latin one at a glance and that Unicode's table does not fold to it.
const AT_A_GLANCE: &[(char, &str)] = &[
    ('a', "αаᴀɑ"),
    ('b', "βвʙьъ"),
    ('c', "сᴄϲς"),
    ('d', "ԁᴅđ"),
    ('e', "еєεᴇǝэ"),
    ('f', "ꜰƒ"),
    ('g', "ɢɡց"),
    ('h', "һнʜħ"),
    ('i', "іıɪιɩ"),
    ('j', "јᴊ"),
    ('k', "кκᴋĸ"),
    ('l', "ʟłⅼ"),
    ('m', "мᴍ"),
    ('n', "пηɴи"),
    ('o', "оοᴏøσө"),
    ('p', "рρᴘ"),
    ('r', "гʀя"),
    ('s', "ѕꜱ"),
    ('t', "тτᴛŧ"),
    ('u', "υᴜцμ"),
    ('v', "νѵᴠ"),
    ('w', "ԝωᴡшщ"),
    ('x', "хχ"),
    ('y', "уүʏγ"),
    ('z', "ᴢʐ"),
];

static AT_A_GLANCE_MAP: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    AT_A_GLANCE
        .iter()
        .flat_map(|&(latin, like)| like.chars().map(move |c| (c, latin)))
        .collect()
});

/// Traditional characters and their simplified forms, for those that the patterns use, and two that stand in for 死.
const TRADITIONAL: &str = "殺杀輕轻結结這这個个沒没義义無无戀恋離离開开樓楼燒烧遺遗書书寫写殘残傷伤體体著着會会還还麼么嗎吗藥药\
厭厌飲饮進进礙碍絕绝瀉泻減减嘔呕摳抠對对難难過过覺觉來来頭头牆墙煙烟燙烫劃划擔担憂忧說说們们媽妈為为誰谁讓让應应該该願愿\
夠够脫脱見见後后話话負负壓压樣样種种辦办勸劝準准備备計计飯饭東东餓饿點点總总經经將将尋寻給给斷断歲岁妳你橋桥軌轨臺台門门\
間间處处貪贪瘋疯氣气熱热凍冻嚇吓煩烦愛爱癢痒醜丑帥帅鹹咸餵喂慘惨吞吞壺壶價价機机減减賣卖記记迴回環环鎖锁黨党號号線线\
動动躍跃戲戏劇剧電电説说關关係系壞坏讀读學学師师舍舍親亲爺爷奶奶嬰婴兒儿兩两幾几顆颗錠锭亖死屍尸歿死纔才衝冲視视認认識识\
痠酸悶闷擠挤嫌嫌羨羡慕慕趕赶臉脸腳脚脹胀塊块錢钱車车馬马窗窗歡欢樂乐獄狱輩辈條条聽听謝谢憶忆";

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut characters = TRADITIONAL.chars();
    std::iter::from_fn(|| Some((characters.next()?, characters.next()?))).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_traditional_characters_is_made_of_pairs() {
        assert_eq!(TRADITIONAL.chars().count() % 2, 0);
        assert!(TRADITIONAL.chars().all(is_han));
        // A pair out of step would turn a simplified character into a traditional one.
        assert_eq!(SIMPLIFIED.get(&'殺'), Some(&'杀'));
        assert_eq!(SIMPLIFIED.get(&'憶'), Some(&'忆'));
        assert!(
            SIMPLIFIED
                .values()
                .all(|s| SIMPLIFIED.get(s).is_none_or(|again| again == s))
        );
    }
}
