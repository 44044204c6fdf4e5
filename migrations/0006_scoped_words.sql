-- Every word of the index now carries its scope: in scope 17, "rain" is the word "17xrain". A query can then only reach
-- its own scope's words, and costs what that scope has, not what the whole store has.
-- ("x" and digits are consonants to the stemmer, so a word keeps its stem.)
create table scopes (
    number  integer primary key autoincrement,
    scope   text    not null unique
) strict;
insert into scopes (scope) select scope from turn_numbers;

create table words_before as select rowid as turn, scope, words from turns_index;
drop table turns_index;
create virtual table turns_index using fts5 (words, tokenize = 'porter unicode61');
insert into turns_index (turns_index, rank) values ('secure-delete', 1);
insert into turns_index (rowid, words)
    select words_before.turn,
           scopes.number || 'x' || replace(words_before.words, ' ', ' ' || scopes.number || 'x')
    from words_before join scopes on scopes.scope = words_before.scope;
drop table words_before;
