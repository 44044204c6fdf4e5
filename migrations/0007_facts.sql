-- Consolidation: what long talk comes to. A rolling summary and facts, in one persona's memory of one place.

-- How far a scope is consolidated, and its summary. `epoch` counts what was edited or forgotten: a consolidation that
-- began before such a change is thrown away, so that nothing comes back which somebody took out.
create table consolidations (
    scope      text    primary key,
    guild      integer,
    channel    integer not null,
    persona    integer not null,
    through    integer not null default 0,    -- number of the last turn that was read
    summary    text    not null default '',
    epoch      integer not null default 0,
    failures   integer not null default 0,    -- in a row, on the turns after `through`
    at         integer not null
) strict, without rowid;
create index consolidations_by_guild on consolidations (guild) where guild is not null;

-- One thing that is known of one person. A newer fact supersedes an older one; both stay.
create table facts (
    id             integer primary key autoincrement,
    scope          text    not null,
    guild          integer,
    channel        integer not null,
    persona        integer not null,
    about          integer not null,          -- the person
    about_name     text    not null,
    body           text    not null,
    origin         text    not null check (origin in ('extracted', 'corrected')),
    strength       integer not null default 1 check (strength >= 1),   -- how often it was said
    pinned         integer not null default 0 check (pinned in (0, 1)),
    learned_at     integer not null,
    confirmed_at   integer not null,          -- when it was last said
    superseded_by  integer references facts (id) on delete set null,
    superseded_at  integer
) strict;
create index facts_by_scope on facts (scope, about);
create index facts_by_person on facts (about);
create index facts_by_guild on facts (guild) where guild is not null;
create index facts_by_successor on facts (superseded_by) where superseded_by is not null;

-- The Discord messages in which it was said. They outlive the words of the messages, which a server keeps for a while only.
create table fact_sources (
    fact     integer not null references facts (id) on delete cascade,
    message  integer not null,
    primary key (fact, message)
) strict, without rowid;
create index fact_sources_by_message on fact_sources (message);

-- Whether facts about a person may be kept. A person without a row has not been asked: none are kept.
create table consents (
    user       integer primary key,
    facts      integer not null check (facts in (0, 1)),
    sensitive  integer not null default 0 check (sensitive in (0, 1)),
    at         integer not null
) strict;
