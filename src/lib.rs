//! Familiar: the bot.
