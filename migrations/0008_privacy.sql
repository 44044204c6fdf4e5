-- How long words are kept, who left, and who wants nothing kept.

-- Days for which a server keeps messages word for word; null is the operator's default, 0 is for ever.
alter table guild_settings add column retention_days integer check (retention_days >= 0);

-- Servers that the bot was removed from: what it knows of them goes within a day, unless it comes back.
create table departures (
    guild  integer primary key,
    at     integer not null
) strict;

-- People whose words are not kept in a place while they say so.
create table memory_pauses (
    user     integer not null,
    guild    integer not null,      -- 0 in direct messages
    channel  integer not null,
    at       integer not null,
    primary key (user, guild, channel)
) strict, without rowid;
