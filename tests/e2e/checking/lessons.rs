//! What a check learns of an endpoint is told, and kept for the bot.

use companion::lessons;
use familiar::config::Config;
use familiar::setup;
use model_sim::{Fault, Profile, Reply};
use provider::{Field, Lesson};

use super::{LOCAL, Operator, usual};

/// What is written down of what the endpoint takes, as the next run reads it.
async fn kept(operator: &Operator) -> Vec<Lesson> {
    let config = Config::load(&operator.file).unwrap();
    let house = setup::open_house_beside(&config).await.unwrap();
    let mut kept = house.model.provider.manners().lessons();
    kept.retain(|lesson| lesson.field != Field::Thoughts);
    house.ledger.close().await;
    house.store.close().await.unwrap();
    kept
}

/// Writes down what nobody has learned.
async fn believe(operator: &Operator, believed: &[Lesson]) {
    let config = Config::load(&operator.file).unwrap();
    let house = setup::open_house_beside(&config).await.unwrap();
    let rows = believed.iter();
    let rows = rows.map(|lesson| (lesson.field.as_str().to_owned(), lesson.value));
    let place = house.model.provider.place();
    let of = store::manners::Served {
        host: place.host,
        dialect: place.dialect,
        model: "sim-1".to_owned(),
    };
    let written = house
        .store
        .learn_manners(of, rows.collect(), house.clock.now());
    written.await.unwrap();
    lessons::recall(&house.store, &house.model, house.clock.now())
        .await
        .unwrap();
    assert_eq!(
        house.model.provider.manners().lessons().len(),
        believed.len()
    );
    house.ledger.close().await;
    house.store.close().await.unwrap();
}

fn no(field: Field) -> Lesson {
    Lesson { field, value: 0 }
}

#[tokio::test]
async fn what_an_endpoint_refuses_is_named_and_learned() {
    let operator = Operator::at(Profile::Gpt5, LOCAL).await;
    let first = operator.check(&[]).await;
    first
        .is_good(true)
        .says("note", "[model]: it refuses `stop`: stop is left out")
        .says(
            "note",
            "[model]: it refuses `temperature`: temperature is left out",
        )
        .says(
            "note",
            "[model]: it refuses `max_tokens`: the cap goes into max_completion_tokens",
        );
    let learned = [
        no(Field::Stop),
        no(Field::Temperature),
        no(Field::MaxTokens),
    ];
    assert_eq!(kept(&operator).await, learned);
    assert_eq!(operator.world.model.refusals().len(), 3);
    // The next check meets it as a stranger again.
    operator.check(&[]).await.is_good(true);
    assert_eq!(operator.world.model.refusals().len(), 6);
    assert_eq!(kept(&operator).await, learned);
}

#[tokio::test]
async fn after_an_update_of_the_endpoint_a_lesson_is_unlearned() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    let room = Lesson {
        field: Field::Room,
        value: 200,
    };
    believe(
        &operator,
        &[no(Field::Stop), no(Field::Schema), no(Field::System), room],
    )
    .await;
    let checked = operator.check(&[]).await;
    checked
        .is_good(true)
        .says(
            "note",
            "[model]: it takes stop by now, which it refused before",
        )
        .says("note", "[model]: it takes response_format by now")
        .omits("it refuses");
    assert_eq!(
        kept(&operator).await,
        [room],
        "a greeting shows little of thoughts"
    );
}

#[tokio::test]
async fn an_endpoint_that_is_down_keeps_what_was_learned() {
    let mut operator = Operator::at(Profile::Gpt5, LOCAL).await;
    operator.check(&[]).await.is_good(true);
    let learned = kept(&operator).await;
    assert_eq!(learned.len(), 3);
    operator
        .world
        .model
        .always(|_| Reply::fault(Fault::ServerError));
    operator.check(&[]).await.is_good(false);
    assert_eq!(kept(&operator).await, learned);
    // Its port is closed, and what is written down is for the same address.
    let url = operator.world.model.url();
    operator.world.model = model_sim::ModelSim::like(Profile::Gpt5).await;
    operator.write(&url, LOCAL);
    operator
        .check(&[])
        .await
        .is_good(false)
        .says("WRONG", "cannot be reached");
    assert_eq!(kept(&operator).await, learned);
}

#[tokio::test]
async fn what_only_a_reading_has_is_learned_by_a_reading() {
    let operator = Operator::at(Profile::Groq, LOCAL).await;
    operator.world.model.always(usual);
    operator
        .check(&[])
        .await
        .is_good(true)
        .says("ok", "it reads talk into notes")
        .says("note", "it refuses `response_format`");
    assert_eq!(kept(&operator).await, [no(Field::Schema)]);
}
