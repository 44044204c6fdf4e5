-- How old the database is, counted in durable groups of writes. The machine keeps the count beside the file, and knows
-- by it a database that is older than what it has seen.
create table database_age (
    only    integer primary key check (only = 1),
    name    text    not null,           -- which database this is; a copy has the same
    writes  integer not null
) strict;
insert into database_age (only, name, writes) values (1, lower(hex(randomblob(16))), 0);

-- Times that the database was found to be a restored backup: what was spent since it was made is not known,
-- so nothing more is spent until somebody says that they have seen it.
create table restores (
    id               integer primary key autoincrement,
    found            integer not null,  -- the count that the database had
    seen             integer,           -- the count that the machine had seen; null: it had never seen this database
    found_at         integer,           -- null until the ledger opens it, which has a clock
    acknowledged_by  integer,
    acknowledged_at  integer
) strict;
create index restores_open on restores (id) where acknowledged_at is null;

-- Servers whose admin has opened theirs again, although the operator has not yet opened all.
create table restore_openings (
    restore  integer not null references restores (id),
    guild    integer not null,
    by       integer not null,
    at       integer not null,
    primary key (restore, guild)
) strict, without rowid;
