-- The coordinator's store: documents that sites have signed, in every version that was in force.
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('roster', 'policy')),
    version INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE, -- of the note text
    note BLOB NOT NULL, -- with signatures
    installed_ms INTEGER NOT NULL,
    UNIQUE (kind, version)
) STRICT;
