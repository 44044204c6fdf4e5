-- What a model's endpoint was learned to take otherwise than most: one row for each field. Endpoints change, so that a row is believed
-- for some weeks only.
create table manners (
    host text not null,
    dialect text not null,
    model text not null,
    field text not null,
    -- How much of it is taken (nothing at 0), or needed.
    value integer not null,
    learned_at integer not null,
    primary key (host, dialect, model, field)
) strict, without rowid;
