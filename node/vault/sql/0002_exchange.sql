-- What this site says to the consortium, until it stands in the exchange log; and how far that log was acted on.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    body BLOB NOT NULL, -- packed Body, without what rides along
    made_ms INTEGER NOT NULL,
    seq INTEGER -- the number that it was given in the log; NULL: none yet
) STRICT;

CREATE TABLE exchange (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    applied_index INTEGER NOT NULL -- entries of the exchange log below it were acted on
) STRICT;
INSERT INTO exchange VALUES (1, 0);
