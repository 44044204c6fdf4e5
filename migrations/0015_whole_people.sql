-- Whole people: each line knows whose talk it is, each summary what it has read, and what was forgotten stays so.

-- Whose talk a turn is: who said it, or for a persona's line whom it answers. The question of an answer may be gone long
-- before the answer, and the answer repeats it. Old answers find their person by their question, their call or their claim.
alter table turns add column person integer;
update turns set person = author where author_kind = 'person';
update turns set person = asked.author from turns asked
    where turns.author_kind = 'persona' and asked.id = turns.answers and asked.author_kind = 'person';
update turns set person = h.member from reports r join holds h on h.id = r.hold
    where turns.person is null and turns.author_kind = 'persona' and r.turn = turns.id;
update turns set person = h.member from (select turn, min(member) as member from holds where turn is not null group by turn) h
    where turns.person is null and turns.author_kind = 'persona' and h.turn = turns.reply_to;
update turns set person = c.author from claims c
    where turns.person is null and turns.author_kind = 'persona' and c.message = turns.reply_to;
drop index turns_by_author;
create index turns_by_person on turns (person, guild, at);
create index turns_by_question on turns (reply_to) where author_kind = 'persona' and reply_to is not null;
-- What is older than a server keeps it is found server by server, without a look at what it keeps.
drop index turns_by_guild;
drop index turns_by_time;
create index turns_by_place on turns (guild, at);

-- How many bytes of a person's talk a server keeps. No server has the number 0: these are direct messages.
create table kept_words (
    person  integer not null,
    guild   integer not null,
    bytes   integer not null,
    primary key (person, guild)
) strict, without rowid;
insert into kept_words (person, guild, bytes)
    select person, coalesce(guild, 0), sum(octet_length(body)) from turns where person is not null group by 1, 2;
create trigger kept_words_grow after insert on turns when new.person is not null begin
    insert into kept_words (person, guild, bytes) values (new.person, coalesce(new.guild, 0), octet_length(new.body))
        on conflict (person, guild) do update set bytes = bytes + excluded.bytes;
end;
create trigger kept_words_change after update of body on turns when new.person is not null begin
    update kept_words set bytes = bytes + octet_length(new.body) - octet_length(old.body)
        where person = new.person and guild = coalesce(new.guild, 0);
end;
create trigger kept_words_shrink after delete on turns when old.person is not null begin
    update kept_words set bytes = bytes - octet_length(old.body)
        where person = old.person and guild = coalesce(old.guild, 0);
    delete from kept_words where person = old.person and guild = coalesce(old.guild, 0) and bytes <= 0;
end;

-- The rolling summaries, each with all that it has read, also through the summaries that it was carried on from. Of the
-- summaries from before nobody knows what they have read: they are written anew from what is still kept.
update consolidations set epoch = epoch + 1,
    through = min(through, max(0, coalesce((select last from turn_numbers n where n.scope = consolidations.scope), 0) - 120))
    where summary <> '';
alter table consolidations drop column summary;
create table summaries (
    id      integer primary key,
    scope   text    not null unique references consolidations (scope) on delete cascade,
    body    text    not null,
    oldest  integer not null,           -- when the oldest words that it has read were said
    at      integer not null
) strict;
create index summaries_by_oldest on summaries (oldest);
create table summary_readings (
    summary  integer not null references summaries (id) on delete cascade,
    message  integer not null,
    person   integer,                   -- whose talk it was
    primary key (summary, message)
) strict, without rowid;
create index summary_readings_by_message on summary_readings (message);
create index summary_readings_by_person on summary_readings (person) where person is not null;

-- Who was forgotten, and which channels and servers are gone, a week long: work that is under way keeps nothing of them. A
-- person's messages are refused that are older than `before`; ids of Discord's grow with time.
create table forgotten (
    kind    text    not null check (kind in ('person', 'channel', 'guild')),
    id      integer not null,
    before  integer not null,
    primary key (kind, id)
) strict, without rowid;

-- Below which channel a thread lies: Discord says of a channel's end, not of the end of its threads.
create table threads (
    thread  integer primary key,
    parent  integer not null,
    guild   integer
) strict;
create index threads_by_parent on threads (parent);
