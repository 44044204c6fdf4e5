-- While a person's message waits for its answer, its claim keeps a sketch of its letters: too little to read them, enough to know a
-- proxy's repost of them where a kill came between the repost and the deletion of the original. Gone when the claim is closed.
alter table claims add column letters integer;
alter table claims add column grams integer;
