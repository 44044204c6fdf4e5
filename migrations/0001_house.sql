-- The house: what was said, who says it, who has chosen whom. Money is in 0002.
-- Discord's ids are stored with the bits of an unsigned number; instants are milliseconds since 1970, in UTC.

-- Intake: a message is answered once. The primary key is the promise.
create table claims (
    message     integer primary key,
    channel     integer not null,
    guild       integer,
    author      integer not null,
    state       text    not null default 'claimed' check (state in ('claimed', 'answered', 'declined')),
    claimed_at  integer not null,
    settled_at  integer
) strict;
create index claims_by_time on claims (claimed_at);
create index claims_open on claims (claimed_at) where state = 'claimed';

create table claim_replies (
    message  integer not null references claims (message) on delete cascade,
    position integer not null,
    reply    integer not null,
    primary key (message, position)
) strict, without rowid;

-- The newest message that was seen in a channel: where a backfill after a gap begins. It outlives the claims.
create table watermarks (
    channel integer primary key,
    guild   integer,
    message integer not null
) strict;

-- Personas: who can speak.
create table personas (
    id              integer primary key autoincrement,
    owner_kind      text    not null check (owner_kind in ('instance', 'guild', 'user')),
    owner           integer not null,          -- 0 for the instance
    slug            text    not null,
    name            text    not null,
    latest_version  integer not null,
    created_at      integer not null,
    unique (owner_kind, owner, slug)
) strict;

create table persona_versions (
    persona     integer not null references personas (id) on delete cascade,
    version     integer not null,
    card        blob    not null,              -- the card's JSON, byte for byte as it came
    avatar      blob,                          -- a square PNG
    hash        text    not null,              -- SHA-256 of card and avatar
    created_at  integer not null,
    created_by  integer,                       -- null: it came with Familiar
    primary key (persona, version)
) strict;

-- Who has adopted whom. The version is pinned: an edited card speaks only where somebody said yes to it.
create table roster (
    place_kind  text    not null check (place_kind in ('guild', 'user')),
    place       integer not null,
    persona     integer not null references personas (id) on delete cascade,
    version     integer not null,
    adopted_by  integer not null,
    adopted_at  integer not null,
    primary key (place_kind, place, persona),
    foreign key (persona, version) references persona_versions (persona, version)
) strict, without rowid;
create index roster_by_persona on roster (persona);

-- Who speaks where.
create table choices (
    kind       text    not null check (kind in ('me', 'channel', 'server')),
    guild      integer not null,               -- 0 in direct messages
    target     integer not null,               -- user, channel or server
    persona    integer not null references personas (id) on delete cascade,
    chosen_by  integer not null,
    chosen_at  integer not null,
    primary key (kind, guild, target)
) strict, without rowid;
create index choices_by_persona on choices (persona);

-- Settings.
create table guild_settings (
    guild      integer primary key,
    chat_mode  text check (chat_mode in ('mention', 'active', 'off')),
    language   text,
    time_zone  text
) strict;

create table channel_settings (
    channel    integer primary key,
    guild      integer,
    chat_mode  text check (chat_mode in ('mention', 'active', 'off'))
) strict;

-- A person is told once a day and place that they talk with an AI.
create table ai_notices (
    user   integer not null,
    place  integer not null,
    day    text    not null,
    primary key (user, place, day)
) strict, without rowid;

-- Avatars live as the application's emojis, uploaded once.
create table avatar_emojis (
    hash         text    primary key,
    emoji        integer not null,
    name         text    not null,
    uploaded_at  integer not null
) strict;

-- Memory: one row a message, word for word, in one persona's memory of one place.
create table turns (
    id           integer primary key autoincrement,
    scope        text    not null,             -- the scope as one word, also in the index
    guild        integer,
    channel      integer not null,
    persona      integer not null,
    number       integer not null,             -- counts within the scope, never reused
    author_kind  text    not null check (author_kind in ('person', 'persona')),
    author       integer not null,             -- user id or persona id
    author_name  text    not null,
    kind         text    not null check (kind in ('chat', 'greeting')),
    body         text    not null,
    at           integer not null,
    reply_to     integer,                      -- the Discord message that this one replies to
    answers      integer,                      -- for a persona's line: the turn that it answers
    unique (scope, number)
) strict;
create index turns_by_author on turns (author, author_kind);
create index turns_by_channel on turns (channel, author_kind);
create index turns_by_guild on turns (guild) where guild is not null;
create index turns_by_time on turns (at);
create index turns_by_answered on turns (answers) where answers is not null;

-- The numbers that a scope has given out, so that a deleted turn's number is not given again.
create table turn_numbers (
    scope  text    primary key,
    last   integer not null
) strict, without rowid;

-- Which Discord messages show a turn. A long reply takes several; two personas may remember the same message.
create table turn_messages (
    message   integer not null,
    turn      integer not null references turns (id) on delete cascade,
    position  integer not null,
    primary key (message, turn)
) strict, without rowid;
create index turn_messages_by_turn on turn_messages (turn);

-- The scope is a word of the index, so that a query never touches another scope's turns.
-- It keeps its own copy of the text because what is indexed (speaker, date, CJK as pairs) is not what was said.
create virtual table turns_index using fts5 (scope, words, tokenize = 'porter unicode61');
-- Deleted words leave the index at once instead of at the next merge.
insert into turns_index (turns_index, rank) values ('secure-delete', 1);
