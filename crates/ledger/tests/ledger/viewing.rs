//! What `/budget show` is given.

use chrono::TimeDelta;
use ledger::{Ask, ModelKey, Outcome, Period, PicoUsd, Scope, Spender};
use store::id::PersonaId;

use crate::house::{House, ann, ask, at, bob, guild, terms, used};

#[tokio::test]
async fn a_view_before_the_first_call_shows_empty_windows_with_their_limits() {
    let house = House::guild_day(100).await;
    let view = house.ledger.view(&ann()).await.unwrap();
    assert_eq!(view.windows.len(), 6);
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!(
        (today.tokens.posted, today.tokens.limit, today.tokens.left()),
        (0, Some(100), Some(100))
    );
    assert_eq!(
        (today.starts_at, today.resets_at),
        (at("2026-05-15T00:00:00Z"), at("2026-05-16T00:00:00Z"))
    );
    assert!(view.replies.is_empty() && view.by_persona.is_empty() && view.by_member.is_empty());
}

#[tokio::test]
async fn the_last_replies_are_listed_with_their_cost_the_newest_first() {
    let house = House::unlimited().await;
    for amount in 1..=12u64 {
        house.clock.advance(TimeDelta::minutes(1));
        house.spend(ann(), amount * 2).await;
    }
    house.clock.advance(TimeDelta::minutes(1));
    let cut = house.hold(bob(), 100).await.unwrap();
    house.ledger.settle(cut, Outcome::Unknown).await.unwrap();
    let voided = house.hold(bob(), 100).await.unwrap();
    house
        .ledger
        .settle(voided, Outcome::NothingSent)
        .await
        .unwrap();
    let broken = house.hold(bob(), 100).await.unwrap();
    house
        .ledger
        .settle(broken, Outcome::Rejected { status: 500 })
        .await
        .unwrap();
    let replies = house.ledger.view(&bob()).await.unwrap().replies;
    assert_eq!(replies.len(), 10);
    let prompt = &replies[0];
    assert_eq!(
        (prompt.prompt_alone, prompt.input, prompt.tokens, prompt.usd),
        (true, None, 50, PicoUsd(50))
    );
    let replies = &replies[1..];
    let first = &replies[0];
    assert!(!first.prompt_alone);
    assert_eq!(
        (
            first.member,
            first.input,
            first.output,
            first.tokens,
            first.usd
        ),
        (11.into(), None, None, 100, PicoUsd(100))
    );
    let second = &replies[1];
    assert_eq!(
        (second.member, second.input, second.output, second.tokens),
        (10.into(), Some(12), Some(12), 24)
    );
    assert_eq!(second.persona, Some(PersonaId(7)));
    assert_eq!(
        second.model,
        ModelKey {
            provider: "maker".into(),
            model: "parrot".into()
        }
    );
    assert_eq!(second.at, at("2026-05-15T12:12:00Z"));
}

#[tokio::test]
async fn spend_is_summed_by_persona_and_by_member_for_the_day_and_the_month() {
    let house = House::unlimited().await;
    let by = |persona| Ask {
        persona: Some(PersonaId(persona)),
        ..ask(100)
    };
    house.clock.set(at("2026-05-14T12:00:00Z"));
    for (spender, persona, amount) in [(ann(), 1, 10), (bob(), 2, 50)] {
        let hold = house
            .ledger
            .hold(&spender, &terms(), by(persona))
            .await
            .unwrap();
        house.ledger.settle(hold, used(amount)).await.unwrap();
    }
    house.clock.set(at("2026-05-15T12:00:00Z"));
    let hold = house.ledger.hold(&ann(), &terms(), by(1)).await.unwrap();
    house.ledger.settle(hold, used(20)).await.unwrap();
    let view = house.ledger.view(&ann()).await.unwrap();
    let personas: Vec<_> = view
        .by_persona
        .iter()
        .map(|p| (p.persona, p.day.tokens, p.month.tokens, p.month.calls))
        .collect();
    assert_eq!(
        personas,
        [
            (Some(PersonaId(2)), 0, 50, 1),
            (Some(PersonaId(1)), 20, 30, 2)
        ]
    );
    let members: Vec<_> = view
        .by_member
        .iter()
        .map(|m| (m.member, m.day.usd, m.month.usd))
        .collect();
    assert_eq!(
        members,
        [
            (11.into(), PicoUsd(0), PicoUsd(50)),
            (10.into(), PicoUsd(20), PicoUsd(30))
        ]
    );
}

#[tokio::test]
async fn neither_another_server_nor_somebody_elses_direct_messages_are_seen() {
    let house = House::unlimited().await;
    house.spend(ann(), 10).await;
    house
        .spend(
            Spender {
                guild: None,
                channel: None,
                member: 10.into(),
            },
            20,
        )
        .await;
    let other_guild = house
        .ledger
        .view(&Spender {
            guild: Some(2.into()),
            channel: None,
            member: 10.into(),
        })
        .await
        .unwrap();
    assert!(other_guild.replies.is_empty() && other_guild.by_member.is_empty());
    let other_person = house
        .ledger
        .view(&Spender {
            guild: None,
            channel: None,
            member: 11.into(),
        })
        .await
        .unwrap();
    assert!(other_person.replies.is_empty() && other_person.by_persona.is_empty());
    let own = house
        .ledger
        .view(&Spender {
            guild: None,
            channel: None,
            member: 10.into(),
        })
        .await
        .unwrap();
    assert_eq!(
        own.replies.iter().map(|r| r.tokens).collect::<Vec<_>>(),
        [20]
    );
    assert_eq!(own.windows[0].scope, Scope::Instance);
    assert_eq!(own.windows[0].tokens.posted, 30);
}
