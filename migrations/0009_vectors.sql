-- What a turn means, as a vector of an embedding model: whole numbers of one byte, and what they are to be multiplied by.
create table turn_vectors (
    turn    integer primary key references turns (id) on delete cascade,
    model   text    not null,
    scale   real    not null,
    vector  blob    not null
) strict;

-- Turns whose words no model has read yet. They wait here even while there is no model.
create table turns_unread (
    turn  integer primary key references turns (id) on delete cascade
) strict;
insert into turns_unread (turn) select id from turns;

create trigger a_new_turn_is_unread after insert on turns begin
    insert into turns_unread (turn) values (new.id);
end;
-- The vector of words that somebody took back goes at once.
create trigger an_edited_turn_is_unread after update of body on turns begin
    delete from turn_vectors where turn = new.id;
    insert or ignore into turns_unread (turn) values (new.id);
end;
