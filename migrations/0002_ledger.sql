-- The ledger: what may be spent, what is set aside, what was spent. Money is in pico-US-dollars, whole numbers only.

-- One start of the program. Holds carry its number, so a later start knows which holds a crash has left open.
create table ledger_runs (
    id          integer primary key autoincrement,
    started_at  integer not null
) strict;

-- One scope's day or month. `posted` is spent, `pending` is set aside for calls that run, both within `limit`:
-- the checks below hold whatever the code does.
--   set      the limit that was set; null is no limit
--   limit    the limit that holds: above what was set only where more was already spent when it was lowered
--   overrun  what a model took beyond the limit although it was not allowed to; not part of posted
create table windows (
    id              integer primary key autoincrement,
    scope           text    not null,   -- instance, guild:ID, member:GUILD:USER, user:ID
    period          text    not null check (period in ('day', 'month')),
    starts_at       integer not null,
    ends_at         integer not null,   -- the first moment that is no longer part of it
    usd_posted      integer not null default 0 check (usd_posted >= 0),
    usd_pending     integer not null default 0 check (usd_pending >= 0),
    usd_overrun     integer not null default 0 check (usd_overrun >= 0),
    usd_set         integer check (usd_set >= 0),
    usd_limit       integer,
    tokens_posted   integer not null default 0 check (tokens_posted >= 0),
    tokens_pending  integer not null default 0 check (tokens_pending >= 0),
    tokens_overrun  integer not null default 0 check (tokens_overrun >= 0),
    tokens_set      integer check (tokens_set >= 0),
    tokens_limit    integer,
    unique (scope, period, starts_at),
    check (starts_at < ends_at),
    check (usd_limit is null or usd_posted + usd_pending <= usd_limit),
    check (tokens_limit is null or tokens_posted + tokens_pending <= tokens_limit),
    check ((usd_set is null) = (usd_limit is null)),
    check ((tokens_set is null) = (tokens_limit is null)),
    check (usd_set is null or usd_set <= usd_limit),
    check (tokens_set is null or tokens_set <= tokens_limit)
) strict;

-- One call of a model: first what it may cost, then what it did cost.
create table holds (
    id           integer primary key,   -- given by the ledger, never reused
    run          integer not null references ledger_runs (id),
    state        text    not null default 'open' check (state in ('open', 'settled', 'posted_full', 'void')),
    guild        integer,               -- null in direct messages
    member       integer not null,
    turn         integer,               -- the Discord message that is answered
    persona      integer,
    provider     text    not null,
    model        text    not null,
    purpose      text    not null,
    input_bound  integer not null,
    cap          integer not null,
    held_usd     integer not null check (held_usd >= 0),
    held_tokens  integer not null check (held_tokens >= 0),
    usd          integer check (usd >= 0),       -- what was posted
    tokens       integer check (tokens >= 0),
    input        integer,                        -- what the provider reported, null where it did not
    cached_input integer,
    cache_write  integer,
    output       integer,
    reasoning    integer,
    opened_at    integer not null,
    closed_at    integer,
    check ((state = 'open') = (closed_at is null)),
    check ((state = 'open') = (usd is null)),
    check ((state = 'open') = (tokens is null))
) strict;
create index holds_open on holds (run) where state = 'open';
create index holds_by_time on holds (opened_at);
create index holds_by_guild on holds (guild, opened_at);

-- The windows that a hold counts in. Settling after midnight settles those that held it.
create table hold_windows (
    hold    integer not null references holds (id),
    window  integer not null references windows (id),
    primary key (hold, window)
) strict, without rowid;

-- Limits that somebody has set; elsewhere the configuration's stand.
create table limits (
    scope   text    not null,
    period  text    not null check (period in ('day', 'month')),
    unit    text    not null check (unit in ('usd', 'tokens')),
    amount  integer check (amount >= 0),         -- null is no limit
    primary key (scope, period, unit)
) strict, without rowid;

-- Every change that somebody made to a budget. Rows are only ever added.
create table budget_changes (
    id      integer primary key autoincrement,
    scope   text    not null,
    what    text    not null check (what in ('limit', 'zone', 'acknowledge')),
    period  text    check (period in ('day', 'month')),
    unit    text    check (unit in ('usd', 'tokens')),
    before  text,                                -- null is "none"
    after   text,
    by      integer not null,
    at      integer not null
) strict;
create index budget_changes_by_scope on budget_changes (scope, at);

-- Calls that used more than they were allowed to. The scope rests until somebody acknowledges it,
-- and the model is not asked on the same terms until somebody lifts the quarantine.
create table breaches (
    hold             integer primary key references holds (id),
    scope            text,                       -- null: it stayed within its hold, so only the model rests
    provider         text    not null,
    model            text    not null,
    terms            text    not null,
    at               integer not null,
    acknowledged_by  integer,
    acknowledged_at  integer,
    lifted_at        integer
) strict;
create index breaches_by_scope on breaches (scope) where acknowledged_at is null;
create index breaches_by_model on breaches (provider, model) where lifted_at is null;
