-- Nobody plants words: who wrote a correction, few pins, and who speaks in a place.

-- Whoever put their own words in a fact's place; null where a model read it out of talk. Until now only the person whom
-- a fact is about could correct it.
alter table facts add column author integer;
update facts set author = about where origin = 'corrected';

-- A person keeps five pins in a place; of older ones the newest stay.
update facts set pinned = 0
where pinned = 1 and id not in (
    select id from (
        select id, row_number() over (partition by scope, about order by confirmed_at desc, id desc) as place
        from facts where pinned = 1 and superseded_by is null)
    where place <= 5);

-- Whether a person spoke through a proxy such as PluralKit: then the name is of that line alone, and not the account's.
alter table turns add column proxied integer not null default 0 check (proxied in (0, 1));

-- Who ever spoke in a place, and under which name last, a name of their own before a proxied one: two of one name are told
-- apart in every prompt.
create index turns_by_speaker on turns (scope, author_kind, author, proxied desc, number);
