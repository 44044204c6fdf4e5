//! Chinese, character by character: what tells nothing is left out, what is written for the same is made the same, numbers
//! are digits.

use super::super::words::is_ideograph;

/// What tells nothing about a fact.
const EMPTY: &str = "用的了是在有我你他她它们这那个只条名位和与跟也都很就还又把被给让对从到于吧呢啊吗嘛呀哦着过地得之其一最能可以及等家说叫里上去来种来要将为所且而但因此如次真挺太咱俺自己共啦哈嗯哎诶哟唉嘿呵只份起些该每养比较常时先您妳咋嘞哩喔噢耶哇";
/// What is written for what; the longer first.
#[rustfmt::skip]
const SAME: &[(&str, &str)] = &[
    ("最喜欢", "爱"), ("特别喜欢", "爱"), ("喜欢", "爱"), ("热爱", "爱"), ("喜爱", "爱"), ("偏爱", "爱"), ("爱好", "爱"), ("爱上", "爱"), ("迷上", "爱"), ("搬到", "住"), ("搬去", "住"), ("搬家到", "住"), ("居住", "住"), ("住在", "住"), ("定居", "住"), ("住进", "住"),
    ("工作", "班"), ("上班", "班"), ("任职", "班"), ("就职", "班"), ("当差", "班"), ("职业", "班"), ("读书", "学"), ("学习", "学"), ("念书", "学"), ("在读", "学"), ("专业", "学"), ("读", "学"), ("名为", ""), ("名叫", ""), ("名字", ""), ("取名", ""), ("起名", ""), ("打算", ""),
    ("计划", ""), ("准备", ""), ("想要", ""), ("希望", ""), ("想", ""), ("将要", ""), ("害怕", "怕"), ("讨厌", "爱"), ("妈妈", "妈"), ("爸爸", "爸"), ("母亲", "妈"), ("父亲", "爸"), ("老妈", "妈"), ("老爸", "爸"), ("爸妈", "父母"), ("还在", "续"), ("仍在", "续"), ("仍然", "续"), ("一直在", "续"), ("正在", ""), ("贼", ""), ("特别", ""), ("非常", ""), ("超级", ""), ("今儿", "今天"), ("昨儿", "昨天"), ("明儿", "明天"), ("昨日", "昨天"), ("闺女", "女儿"), ("丈母娘", "岳母"), ("目前", ""), ("现在", ""), ("如今", ""), ("已经", ""),
    ("每天", "天天"), ("星期", "周"), ("礼拜", "周"), ("周日", "周天"), ("晚上", "晚"), ("早上", "早"), ("早晨", "早"), ("今晚", "晚"), ("岁数", "岁"), ("年龄", "岁"), ("今年", "今年"), ("姐姐", "姐"), ("妹妹", "妹"), ("哥哥", "哥"), ("弟弟", "弟"), ("爷爷", "爷"), ("奶奶", "奶"), ("外婆", "姥"), ("姥姥", "姥"), ("外公", "姥爷"),
    ("妻子", "老婆"), ("太太", "老婆"), ("媳妇", "老婆"), ("丈夫", "老公"), ("先生", "老公"), ("孩子", "娃"), ("小孩", "娃"), ("猫咪", "猫"), ("小猫", "猫"), ("狗狗", "狗"), ("小狗", "狗"), ("自行车", "单车"), ("电影", "片"), ("影片", "片"), ("手机", "手机"), ("没有", ""), ("不是", ""), ("不会", ""), ("不能", ""),
    ("买了", "买"), ("购买", "买"), ("入手", "买"), ("饮", "喝"), ("担任", ""), ("从事", ""), ("来自", "来"), ("老家", "来"), ("家乡", "来"), ("故乡", "来"), ("出生", "生"), ("生日", "生"), ("人", ""), ("小时", "钟头"), ("分钟", "分"),
];
/// Negations that are none.
#[rustfmt::skip]
const NO_DENIALS: &[&str] = &[
    "特别", "别人", "区别", "分别", "级别", "别墅", "告别", "不错", "不过", "不但", "不仅", "不好意思", "不得了", "差不多", "对不起", "没想到", "不管", "了不起", "不少", "不久", "不断", "不然", "忍不住", "要不是", "无论", "无锡", "没事", "没错", "没问题", "不料", "不只", "不光", "不同", "舍不得", "不知不觉", "无线", "不愧", "好不容易", "别的", "怪不得", "不得不", "是不是", "有没有",
    "要不要", "能不能", "不就", "不止",
];
const DENIALS: &[&str] = &[
    "不", "没", "别", "无", "讨厌", "未", "戒", "从不", "非", "莫",
];
const SIGNS: &[(char, u32)] = &[
    ('零', 0),
    ('〇', 0),
    ('一', 1),
    ('二', 2),
    ('两', 2),
    ('俩', 2),
    ('三', 3),
    ('仨', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
];

/// What is counted by, after a number.
const MEASURES: &str = "台头件套张双杯辆间支样本份次盘架颗棵匹株栋根顶瓶盒袋碗锅桶壶幅副";

/// Whether things are counted by it.
pub(super) fn is_measure(c: char) -> bool {
    MEASURES.contains(c)
}

/// The characters of a text that tell something, and its numbers.
pub(super) fn signs(text: &str) -> Vec<String> {
    let plain = in_plain(text);
    let mut signs = vec![];
    let mut number = String::new();
    for c in plain.chars().chain([' ']) {
        if SIGNS.iter().any(|(sign, _)| *sign == c) || matches!(c, '十' | '百' | '千' | '万') {
            number.push(c);
            continue;
        }
        if !number.is_empty() {
            signs.extend(value(&number));
            number.clear();
            if MEASURES.contains(c) {
                continue;
            }
        }
        if is_ideograph(c)
            && !EMPTY.contains(c)
            && !DENIALS
                .iter()
                .any(|denial| denial.starts_with(c) && denial.chars().count() == 1)
        {
            signs.push(c.to_string());
        }
    }
    signs
}

/// The number in digits; a lone one says only that there is something.
fn value(number: &str) -> Option<String> {
    // Of tens of thousands, below them, and the digits that were read last.
    let (mut high, mut low, mut part) = (0_u64, 0_u64, 0_u64);
    for c in number.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            '万' => {
                (high, low, part) = ((low + part).max(1) * 10_000, 0, 0);
                continue;
            }
            _ => {
                let digit = SIGNS.iter().find(|(sign, _)| *sign == c);
                part = part * 10 + digit.map_or(0, |(_, n)| u64::from(*n));
                continue;
            }
        };
        low += part.max(1) * unit;
        part = 0;
    }
    let value = high + low + part;
    (value != 1).then(|| value.to_string())
}

fn in_plain(text: &str) -> String {
    let mut plain = text.to_owned();
    for (word, instead) in SAME {
        plain = plain.replace(word, instead);
    }
    plain
}

/// Whether a clause denies.
pub(super) fn denies(text: &str) -> bool {
    let mut plain = text.to_owned();
    for word in NO_DENIALS {
        plain = plain.replace(word, "");
    }
    let count = DENIALS
        .iter()
        .filter(|denial| plain.contains(**denial))
        .count();
    count > 0 && !plain.contains("不讨厌")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits() {
        for (text, number) in [
            ("三", "3"),
            ("十二", "12"),
            ("二十", "20"),
            ("二十三", "23"),
            ("一百零五", "105"),
            ("三百二十", "320"),
            ("两千", "2000"),
            ("一万", "10000"),
            ("二零一九", "2019"),
        ] {
            assert_eq!(value(text).as_deref(), Some(number), "{text}");
        }
        assert_eq!(value("一"), None);
    }

    #[test]
    fn a_word_that_only_looks_like_a_denial_is_none() {
        for text in ["我特别喜欢猫", "这家店不错", "别人送的", "不过我住北京"]
        {
            assert!(!denies(text), "{text}");
        }
        for text in ["我不喜欢猫", "没去过", "我讨厌香菜", "从来没有"] {
            assert!(denies(text), "{text}");
        }
    }
}
