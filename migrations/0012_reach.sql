-- How far a memory reaches beyond its own channel, where people say so; and whose messages those are that are not kept.

-- Whether personas in a server's threads also read what the channel above remembers. They never write there.
alter table guild_settings add column threads_read_parent integer not null default 0
    check (threads_read_parent in (0, 1));

-- People who let a persona know, in all of a server, what it has learned of them in one of its open channels.
create table profiles (
    guild    integer not null,
    persona  integer not null references personas (id) on delete cascade,
    user     integer not null,
    at       integer not null,
    primary key (guild, persona, user)
) strict, without rowid;
create index profiles_by_user on profiles (user);
create index profiles_by_persona on profiles (persona);
create index facts_by_profile on facts (guild, persona, about) where guild is not null;

-- Messages of personas whose words are not kept, because whoever they answer has paused memory: who said them, and no
-- word of what was said. A reply to one still finds its persona.
create table unkept_messages (
    message  integer primary key,
    guild    integer,
    channel  integer not null,
    persona  integer not null,
    at       integer not null
) strict;
create index unkept_messages_by_channel on unkept_messages (channel);
create index unkept_messages_by_time on unkept_messages (at);
create index unkept_messages_by_guild on unkept_messages (guild) where guild is not null;
