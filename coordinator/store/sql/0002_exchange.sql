-- What is exchanged with the sites: their documents in every version, what each of them was told and has said.
CREATE TABLE document_new (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('roster', 'policy', 'campaign', 'guideline')),
    version INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE, -- of the note text
    note BLOB NOT NULL, -- with signatures
    installed_ms INTEGER NOT NULL
) STRICT;
INSERT INTO document_new SELECT id, kind, version, hash, note, installed_ms FROM document;
DROP TABLE document;
ALTER TABLE document_new RENAME TO document;
-- There is one roster and one policy; campaigns and guidelines have versions each of their own.
CREATE UNIQUE INDEX document_governed ON document (kind, version) WHERE kind IN ('roster', 'policy');

-- Every document once for every site; in the order of id. Sent means: the log holds a message of this number.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES document (id),
    seq INTEGER, -- of the message that bears it; NULL: not sent
    acked_ms INTEGER,
    code TEXT, -- of the site's answer
    UNIQUE (site, document)
) STRICT;
CREATE INDEX outbox_unsent ON outbox (site, id) WHERE seq IS NULL;

-- Versions that governors are signing; gone when they take force.
CREATE TABLE proposal (
    hash BLOB PRIMARY KEY, -- of the note text
    kind TEXT NOT NULL CHECK (kind IN ('roster', 'policy')),
    version INTEGER NOT NULL,
    note BLOB NOT NULL, -- with the valid signatures so far
    changed_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    site TEXT PRIMARY KEY,
    applied_index INTEGER NOT NULL DEFAULT 0, -- entries of its log below this were acted on
    last_ms INTEGER NOT NULL DEFAULT 0, -- last message that was acted on
    status_ms INTEGER NOT NULL DEFAULT 0, -- of the figures below; 0: none yet
    software INTEGER NOT NULL DEFAULT 0,
    roster INTEGER NOT NULL DEFAULT 0,
    policy INTEGER NOT NULL DEFAULT 0,
    pending INTEGER NOT NULL DEFAULT 0, -- approvals that wait for its steward
    oldest_s INTEGER NOT NULL DEFAULT 0,
    disk TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE reply (
    site TEXT NOT NULL,
    document BLOB NOT NULL, -- its hash
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    roster INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (site, document)
) STRICT;
