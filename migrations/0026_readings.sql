-- What was said is read twice, with a question each: for facts and for the summary. Each has its own progress, so that what
-- one came to is kept when the other fails, and neither is asked again for the other's sake.
create table readings (
    scope       text    not null references consolidations (scope) on delete cascade,
    kind        text    not null check (kind in ('facts', 'summary')),
    through     integer not null default 0,    -- number of the last turn that was read
    failures    integer not null default 0,    -- in a row, on the turns after `through`
    put_off     integer not null default 0,    -- in a row, since it last came to something
    not_before  integer,
    primary key (scope, kind)
) strict, without rowid;
create index readings_put_off on readings (not_before) where not_before is not null;
insert into readings (scope, kind, through, failures, put_off, not_before)
    select scope, 'facts', through, failures, put_off, not_before from consolidations
    union all
    select scope, 'summary', through, failures, put_off, not_before from consolidations;
alter table consolidations drop column through;
alter table consolidations drop column failures;
alter table consolidations drop column put_off;
alter table consolidations drop column not_before;
