-- How far each server was listened to: what is newer was written while the bot was away, also in channels where nobody has called it
-- yet. Of every message that is seen, whoever it was for, but noted twice a minute at most.
create table seen (
    guild   integer primary key,
    message integer not null
) strict;
