//! The world as Discord tells it: updates that are no edits, kinds of channels, departures, time-outs, servers at the
//! gateway. What each test claims is said in Discord's documentation at the place that the code under test names.

mod channels;
mod control;
mod guild_create;
mod members;
mod threads;
mod unedited;
