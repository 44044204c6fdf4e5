-- Prices that providers publish, drops that the operator accepted, caps that probes certified, and calls whose cost is
-- asked for afterwards. A price is JSON in pico-US-dollars per million tokens, as `store::prices::PriceRow` has it.

-- What a provider says that a model costs. `highest` counts, so a drop changes nothing until somebody accepts it.
create table published_prices (
    provider    text    not null,
    model       text    not null,
    latest      text    not null,   -- as it was published last
    highest     text    not null,   -- each part at its dearest since a drop was last accepted
    read_at     integer not null,
    changed_at  integer not null,
    primary key (provider, model)
) strict, without rowid;

-- Every drop that the operator accepted. It stands in for the stated price as long as that one stays what it was.
-- Rows are only ever added; the newest of a model counts.
create table accepted_prices (
    id        integer primary key autoincrement,
    provider  text    not null,
    model     text    not null,
    stated    text,                 -- null: the operator and the bundled table state none
    before    text    not null,
    after     text    not null,
    at        integer not null
) strict;
create index accepted_prices_by_model on accepted_prices (provider, model, id);

-- Models that were probed and honoured their cap, where they were probed.
create table certifications (
    provider  text    not null,
    model     text    not null,
    host      text    not null,
    dialect   text    not null,
    at        integer not null,
    primary key (provider, model, host, dialect)
) strict, without rowid;

-- The provider's own name of a call that was posted in full for want of a usage report.
alter table holds add column generation text;

-- Which of these calls are still to be asked about, and when.
create table lookups (
    hold     integer primary key references holds (id) on delete cascade,
    tries    integer not null default 0,
    next_at  integer not null
) strict;
create index lookups_by_time on lookups (next_at);
