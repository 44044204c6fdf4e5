//! The floor that everything else stands on: what the house does whatever a model says.
//!
//! Pure code: no I/O, no clock, no store. A message goes through [`crisis`] before any model is asked
//! ([`card`] is the answer), a persona through [`age`], a prompt gets its [`frame`], and what a model writes
//! goes through [`clean`] and [`split`] before anyone sees it. [`identity`] and [`notice`] keep it honest
//! about being a machine.
//!
//! The texts in here are read by people, some of them on their worst day: short, kind, exact.

pub mod age;
pub mod card;
pub mod clean;
pub mod crisis;
mod fence;
pub mod frame;
pub mod identity;
pub mod language;
pub mod normalize;
pub mod notice;
mod pattern;
pub mod split;

/// Compiles every pattern now, some tens of milliseconds of work, so that nobody's first message waits for it.
///
/// To be called once at the start, off the asynchronous runtime. Without it everything works the same.
pub fn warm_up() {
    let word = "hello 你好";
    crisis::detect(word);
    identity::asks_if_human(word);
    identity::denies_being_ai(word, word);
    clean::Cleaner::default().partial(word);
}
