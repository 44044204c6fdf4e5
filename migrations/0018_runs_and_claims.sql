-- Which start of the bot has a message in hand (a number of ledger_runs; 0 is none), and how often it was taken up: a start takes up what
-- a dead one left, once, and what has brought several starts down is left alone.
alter table claims add column run integer not null default 0;
alter table claims add column attempts integer not null default 1;

-- After a gap each server looks after its own channels.
create index watermarks_by_guild on watermarks (guild, message);

-- So that what a server left open is found among all that was answered for days.
create index claims_open_by_guild on claims (guild, message) where state = 'claimed';
