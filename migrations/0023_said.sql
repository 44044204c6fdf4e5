-- A person's own words in a fact's place count for others' prompts only once that person has said them in the talk.
alter table facts add column said integer not null default 1 check (said in (0, 1));
update facts set said = 0 where origin = 'corrected';
