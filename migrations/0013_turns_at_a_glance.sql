-- What recall wants to know of each turn that has a word of a question: its number and its length, kept together by scope.
-- Without it each of hundreds of hits costs a page of the table, and other channels' talk lies between them.
create index turns_at_a_glance on turns (scope, id, number, length(body));
