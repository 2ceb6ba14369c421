-- Rosters and policies that are signed in band, and what the other sites decided about documents that are led here.
CREATE TABLE governed (
    document INTEGER PRIMARY KEY REFERENCES document,
    proposed INTEGER NOT NULL DEFAULT 0, -- it came to be signed, and stands in the inbox
    in_force_ms INTEGER -- since when; NULL: it is not
) STRICT;
INSERT INTO governed (document, in_force_ms)
    SELECT id, received_ms FROM document WHERE kind IN ('roster', 'policy') AND state = 'approved';

-- The newest decision of each site, proven by the frame in which it said so.
CREATE TABLE reply (
    document INTEGER NOT NULL REFERENCES document,
    site TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    roster INTEGER NOT NULL, -- version under which it was decided
    until_ms INTEGER NOT NULL,
    seq INTEGER NOT NULL, -- of that frame: an older one changes nothing
    at_ms INTEGER NOT NULL, -- when it was learnt here
    frame BLOB NOT NULL,
    PRIMARY KEY (document, site)
) STRICT, WITHOUT ROWID;
