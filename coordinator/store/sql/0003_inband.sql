-- What is carried besides documents in force: proposals to whoever may sign them, and decisions to the lead who asked for them.
CREATE TABLE carried (
    site TEXT NOT NULL,
    proposal BLOB NOT NULL, -- its hash
    seq INTEGER NOT NULL, -- of the message that bore it
    PRIMARY KEY (site, proposal)
) STRICT;

-- The lead's node is told each decision once, in the words of the site that made it.
ALTER TABLE reply ADD COLUMN lead TEXT; -- site that is told; NULL: nobody, or it is of before this table
ALTER TABLE reply ADD COLUMN original BLOB; -- the frame in which the site said it
ALTER TABLE reply ADD COLUMN told_seq INTEGER; -- of the message that told it; NULL: it is still to be told
CREATE INDEX reply_untold ON reply (lead, at_ms) WHERE told_seq IS NULL;
