-- Reports: why a reply is as it is. One row a reply that is remembered, and it goes with it. No word of anybody is in
-- it: memories, facts and lore are named by their ids, so that what is forgotten or edited is so in the report as well.
create table reports (
    turn             integer primary key references turns (id) on delete cascade,   -- the persona's line
    hold             integer not null,          -- the call that made it; the ledger has model, cap and cost
    persona_version  integer not null,          -- whose lorebook it was
    usual_cap        integer not null,          -- the cap that the model has where nothing is short
    step             integer not null,          -- how often the request was made smaller before it fitted the budget
    cheaper          integer not null check (cheaper in (0, 1)),
    lean             integer not null check (lean in (0, 1)),
    brief            integer not null check (brief in (0, 1)),
    window_first     integer,                   -- numbers of the turns that went along word for word
    window_last      integer,
    sections         text    not null           -- JSON, as `store::reports::Section` has it
) strict;
