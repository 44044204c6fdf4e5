//! Sensitive categories: health, finances, sexuality, religion, politics. Facts of these kinds are not kept unless the
//! person asks for it. The lists err on the side of not keeping.

use super::support::{Words, contains_any};

#[rustfmt::skip]
const WORDS: &[&str] = &[
    // health
    "illness", "sick", "disease", "cancer", "diabetes", "diabetic", "depression", "depressed", "anxiety", "adhd", "autism",
    "autistic", "bipolar", "hiv", "aids", "pregnant", "pregnancy", "abortion", "miscarriage", "therapy", "therapist",
    "psychiatrist", "medication", "medicine", "pills", "diagnosis", "diagnosed", "disorder", "surgery", "hospital",
    "disabled", "disability", "wheelchair", "epilepsy", "asthma", "allergic", "allergy", "addiction", "addicted", "alcoholic",
    "rehab", "overweight", "weight", "insomnia", "migraine", "doctor", "suicidal", "suicide", "self-harm",
    // finances
    "salary", "income", "earns", "debt", "debts", "loan", "mortgage", "bankrupt", "bankruptcy", "savings", "bank", "credit",
    "poor", "rich", "wealthy", "rent", "unemployed", "benefits", "invested", "investments", "tax", "taxes",
    // sexuality
    "gay", "lesbian", "bisexual", "straight", "queer", "asexual", "transgender", "trans", "nonbinary", "sex", "sexual",
    "sexuality", "virgin", "fetish", "kink", "porn",
    // religion
    "christian", "catholic", "protestant", "muslim", "islam", "jewish", "judaism", "hindu", "buddhist", "atheist", "church",
    "mosque", "synagogue", "temple", "god", "bible", "quran", "koran", "prays", "pray", "religion", "religious", "faith", "ramadan",
    // politics
    "democrat", "republican", "liberal", "conservative", "socialist", "communist", "anarchist", "fascist", "voted", "votes",
    "vote", "election", "political", "politics", "party", "union", "protest", "activist", "feminist",
];

#[rustfmt::skip]
const CHINESE: &[&str] = &[
    "病", "癌", "抑郁", "焦虑", "自闭", "怀孕", "流产", "堕胎", "治疗", "心理医生", "药", "手术", "住院", "医院", "残疾", "过敏", "上瘾", "成瘾", "失眠",
    "体重", "自杀", "自残", "工资", "薪水", "收入", "欠债", "债务", "贷款", "房贷", "破产", "存款", "银行", "失业", "税", "同性恋", "双性恋", "跨性别",
    "异性恋", "性取向", "性生活", "基督", "天主教", "穆斯林", "伊斯兰", "佛教", "道教", "信教", "宗教", "教堂", "清真寺", "无神论", "政治", "投票", "选举",
    "党", "抗议", "示威",
];

/// Whether a sentence tells something of a sensitive category.
pub fn is_sensitive(text: &str) -> bool {
    contains_any(text, CHINESE) || Words::all(text).any(|word| WORDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_category_is_seen_in_both_languages() {
        for text in [
            "Ada has diabetes.",
            "Ada earns 40,000 a year, her salary is small.",
            "Ada is bisexual.",
            "Ada is a Muslim.",
            "Ada voted for the greens.",
            "小明有抑郁症。",
            "小明的工资不高。",
            "小明是同性恋。",
            "小明是基督徒。",
            "小明去年投票了。",
        ] {
            assert!(is_sensitive(text), "{text}");
        }
    }

    #[test]
    fn everyday_things_are_not_sensitive() {
        for text in [
            "Ada lives in Lisbon.",
            "Ada has a cat named Miso.",
            "Ada plays the cello on Sundays.",
            "小明喜欢爬山。",
        ] {
            assert!(!is_sensitive(text), "{text}");
        }
    }
}
