-- Alters: an account that speaks through a proxy such as PluralKit has a name a line.

-- Under which of its names a fact's person said it: an alter's stays with the fact, an account's own is the latest.
alter table facts add column proxied integer not null default 0 check (proxied in (0, 1));

-- The names of a place's alters, so that each is told apart from everybody else there.
create index turns_by_alter on turns (scope, author, author_name, proxied) where proxied = 1;
