//! The picture's words and figures, and that its font can write them.

use chrono::NaiveDate;
use ledger::{GuildBudget, PersonaTotal, PicoUsd, Stance};

use super::*;
use crate::budget::chart;

fn view(personas: &[(i64, Spend)]) -> BudgetView {
    BudgetView {
        windows: vec![],
        replies: vec![],
        by_persona: personas
            .iter()
            .map(|(id, month)| PersonaTotal {
                persona: Some(PersonaId(*id)),
                day: Spend::default(),
                month: *month,
            })
            .collect(),
        by_member: vec![],
        by_purpose: vec![],
        by_model: vec![],
        shares: vec![],
        stance: Stance::Full,
        settings: GuildBudget::default(),
        member_percent: 15,
    }
}

fn spend(tokens: i64, usd: i64) -> Spend {
    Spend {
        calls: 1,
        tokens,
        usd: PicoUsd(usd),
    }
}

fn days(of: &[(i64, i64)]) -> Vec<DaySpend> {
    of.iter()
        .enumerate()
        .map(|(at, (tokens, usd))| DaySpend {
            date: NaiveDate::from_ymd_opt(2026, 11, at as u32 + 1).unwrap(),
            calls: 1,
            usd: PicoUsd(*usd),
            tokens: *tokens,
            usd_limit: None,
            tokens_limit: None,
        })
        .collect()
}

#[test]
fn the_description_tells_the_figures_and_the_newest_come_first() {
    let dollar = 1_000_000_000_000;
    let names = HashMap::from([(PersonaId(1), "Orla".to_owned())]);
    let shown = picture(
        Locale::English,
        &view(&[(1, spend(900, 3 * dollar))]),
        &days(&[(500, dollar), (0, 0), (400, 2 * dollar)]),
        &names,
    );
    assert_eq!(
        shown.description,
        "A chart of what the last 3 days cost. Today: $2.00 of no limit. By persona this month: Orla $3.00. Earlier: 11-01 $1.00."
    );
}

#[test]
fn tokens_are_drawn_where_nothing_costs_money() {
    let shown = picture(
        Locale::English,
        &view(&[]),
        &days(&[(500, 0), (40_000, 0)]),
        &HashMap::new(),
    );
    assert_eq!(shown.chart.days[1].spent, 40_000);
    assert_eq!((shown.chart.write)(40_000), "40k");
}

#[test]
fn a_description_is_never_longer_than_discord_takes() {
    let many: Vec<_> = (0..6).map(|id| (id, spend(1, 123_456_789_123))).collect();
    let names = (0..6)
        .map(|id| (PersonaId(id), "词".repeat(80)))
        .collect::<HashMap<_, _>>();
    let spent: Vec<_> = (0..30).map(|day| (1, 1_234_567_891_234 + day)).collect();
    for locale in [Locale::English, Locale::Chinese] {
        let shown = picture(locale, &view(&many), &days(&spent), &names);
        assert!(shown.description.chars().count() <= 1024);
    }
}

#[test]
fn the_font_has_every_letter_of_the_pictures_own_words() {
    for locale in [Locale::English, Locale::Chinese] {
        for (tokens, usd) in [(7, 0), (7, 7)] {
            let Picture { chart, .. } =
                picture(locale, &view(&[]), &days(&[(tokens, usd)]), &HashMap::new());
            let nobody = say!(locale, "nobody");
            for words in [
                &chart.days_title,
                &chart.personas_title,
                &chart.today,
                &chart.limit,
                &chart.limit_above,
                &chart.nothing,
                &nobody,
            ] {
                assert!(chart::can_write(words), "{words}");
            }
        }
    }
    assert!(chart::can_write("周孃"), "a bundled persona's name");
}
