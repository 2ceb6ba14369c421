-- What is carried besides documents in force: proposals to whoever may sign them, and decisions to the lead who asked for them.
CREATE TABLE carried (
    site TEXT NOT NULL,
    proposal BLOB NOT NULL, -- its hash
    seq INTEGER NOT NULL, -- of the message that bore it
    PRIMARY KEY (site, proposal)
) STRICT;

-- The lead's node is told each decision of the table reply once, in the words of the site that made it.
CREATE TABLE told (
    site TEXT NOT NULL,
    document BLOB NOT NULL,
    lead TEXT NOT NULL, -- site that is told
    original BLOB NOT NULL, -- the frame in which the site said it
    seq INTEGER, -- of the message that told it; NULL: it is still to be told
    PRIMARY KEY (site, document)
) STRICT;
CREATE INDEX told_not_yet ON told (lead) WHERE seq IS NULL;
