-- Messages have versions. What is known of a message that is not remembered yet: that it was edited, and when, or that it was
-- deleted. No words: the newest stay in memory until they are kept. Dropped after a day, when no such message waits any more.
create table message_versions (
    message    integer primary key,
    edited_at  integer,
    deleted    integer not null default 0 check (deleted in (0, 1))
) strict;

-- The version whose words are kept: when it was edited; null is as it was first written, or kept before versions were known.
alter table turns add column edited_at integer;
-- The same of a message that a fact was read out of, for when its words are kept no longer.
alter table fact_sources add column edited_at integer;
