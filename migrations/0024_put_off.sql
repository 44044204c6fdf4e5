-- A consolidation whose endpoint failed waits for a while that grows with each failure in a row, over a restart too. Its
-- turns are not passed over for that: they are not what failed.
alter table consolidations add column put_off integer not null default 0;
alter table consolidations add column not_before integer;
