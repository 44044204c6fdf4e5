-- Whose words a persona's line repeats, without any of them: a row for each message whose telling words stand in the line. The
-- message may expire long before the line; the row keeps who said it, and where, so that whoever is forgotten is found in it.
create table echoes (
    turn     integer not null references turns (id) on delete cascade,
    person   integer not null,          -- whose words they are
    message  integer not null,          -- in which they were said; 0 where that is not known
    scope    text    not null,          -- the memory in which they stood: a thread's persona also reads the channel above
    primary key (turn, message, person)
) strict, without rowid;
create index echoes_by_message on echoes (message);
create index echoes_by_person on echoes (person, scope);
create index echoes_by_scope on echoes (scope);

-- What stood in the prompts of older lines was noted nowhere. Each is taken to repeat what it answers; whether it also repeats
-- somebody else cannot be known any more. Such a line goes with its own person, or when its time is over.
insert into echoes (turn, person, message, scope)
    select id, person, reply_to, scope from turns
    where author_kind = 'persona' and person is not null and reply_to is not null;
