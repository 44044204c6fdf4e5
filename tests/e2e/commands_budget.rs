//! `/budget`: what replies cost, what they may cost, and who decided so.

mod history;
mod pause;
mod set;
mod show;
mod warnings;

use discord_sim::actor::Person;
use ledger::{Period, Scope, Unit};

use crate::world::World;

/// Lets this person's client speak Chinese.
fn speak_chinese(world: &World, who: &Person) {
    let mut state = world.sim.hub().world();
    state.users.get_mut(&who.id).unwrap().locale = Some("zh-CN".into());
}

/// Sets the server's limit of tokens for a day, past the command.
async fn limit_tokens(world: &World, tokens: i64) {
    let scope = Scope::Guild(world.guild.id.get().into());
    let by = world.guild.owner.id.get().into();
    let ledger = &world.companion().house().ledger;
    ledger
        .set_limit(scope, Period::Day, Unit::Tokens, Some(tokens), by)
        .await
        .unwrap();
}

/// The server's posted tokens of the day.
async fn spent(world: &World) -> i64 {
    let view = world.budget(&world.ada).await;
    let of_server =
        |w: &&ledger::WindowView| matches!(w.scope, Scope::Guild(_)) && w.period == Period::Day;
    view.windows.iter().find(of_server).unwrap().tokens.posted
}

/// What a member reads who may not steer, and what anybody reads in direct messages.
async fn is_refused(world: &World, line: &str, options: &[(&str, &str)]) {
    let answer = world
        .command(&world.ada, &world.channel, line, options)
        .await;
    let text = answer.text();
    assert!(
        text.starts_with("You need the permission “Manage Server”"),
        "{text}"
    );
    assert!(answer.is_ephemeral());
    let dm = world.ada.dm_channel().unwrap();
    let answer = world.command(&world.ada, &dm, line, options).await;
    assert!(
        answer.text().contains("only in a server"),
        "{}",
        answer.text()
    );
}
