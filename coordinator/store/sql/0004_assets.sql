-- Pictures that guidelines name, and who still wants which piece of them.
CREATE TABLE asset (
    sha256 BLOB PRIMARY KEY,
    bytes INTEGER NOT NULL, -- as the guideline says
    data BLOB -- NULL: the operator has not brought it yet
) STRICT;

CREATE TABLE wanted (
    site TEXT NOT NULL,
    sha256 BLOB NOT NULL REFERENCES asset,
    offset INTEGER NOT NULL,
    seq INTEGER, -- of the message that bore the piece; NULL: it is still to be sent
    PRIMARY KEY (site, sha256)
) STRICT;
CREATE INDEX wanted_not_yet ON wanted (site) WHERE seq IS NULL;
