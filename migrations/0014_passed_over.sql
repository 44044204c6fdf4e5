-- A person had a fact forgotten that was read out of this turn: it is not read again, neither for facts nor for the summary, though
-- its words are still there for recall. So are the answers to it, which may repeat the fact.
alter table turns add column passed_over integer not null default 0 check (passed_over in (0, 1));
