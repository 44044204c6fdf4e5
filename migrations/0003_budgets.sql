-- Budgets that admins steer: channels with a limit of their own, a pause, shares, models and warnings.

-- Where a call was asked for, so that a channel's limit counts what the channel has used before it was set.
-- Calls from before this migration have no channel.
alter table holds add column channel integer;
create index holds_by_channel on holds (channel, opened_at) where channel is not null;

-- What a guild's admins have set beside its limits. Null is the operator's default, and all models, and no warnings.
create table guild_budgets (
    guild            integer primary key,
    paused_at        integer,                    -- since when the guild rests; null: it does not
    member_percent   integer check (member_percent between 1 and 100),
    allowed_models   text,                       -- a JSON list of [provider, model]
    warning_channel  integer
) strict;

-- Who shares a guild's budget: everybody whom a call was made for, and when that was last. It lags by up to an hour.
create table active_members (
    guild    integer not null,
    member   integer not null,
    last_at  integer not null,
    primary key (guild, member)
) strict, without rowid;
create index active_members_by_time on active_members (guild, last_at);
insert into active_members (guild, member, last_at)
    select guild, member, max(opened_at) from holds
    where guild is not null and purpose = 'reply' group by guild, member;

-- Warnings that were posted: once a window, unit and threshold.
create table budget_warnings (
    window   integer not null references windows (id),
    unit     text    not null check (unit in ('usd', 'tokens')),
    percent  integer not null,
    at       integer not null,
    primary key (window, unit, percent)
) strict, without rowid;

-- The history learns what else can be changed. SQLite cannot widen a check, so the table is made anew.
create table budget_changes_wider (
    id      integer primary key autoincrement,
    scope   text    not null,
    what    text    not null check (what in ('limit', 'zone', 'acknowledge', 'pause', 'member_percent', 'models',
                                             'warning_channel')),
    period  text    check (period in ('day', 'month')),
    unit    text    check (unit in ('usd', 'tokens')),
    before  text,                                -- null is "none"
    after   text,
    by      integer not null,
    at      integer not null
) strict;
insert into budget_changes_wider (id, scope, what, period, unit, before, after, by, at)
    select id, scope, what, period, unit, before, after, by, at from budget_changes;
drop table budget_changes;
alter table budget_changes_wider rename to budget_changes;
create index budget_changes_by_scope on budget_changes (scope, at);
